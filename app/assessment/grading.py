"""Grades an attempt: which questions are right, the score out of 100, whether it passes. Pure.

A question is right when exactly its right options are chosen (a multiple choice is all or nothing); every question
is worth 100 / total points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.assessment.papers import Question


@dataclass(frozen=True)
class Result:
    """What an attempt is worth: `right` question by question; `score` to one decimal, cut off, never rounded up."""

    right: tuple[bool, ...]
    score: float
    passed: bool


def grade(questions: Sequence[Question], chosen: Mapping[int, Sequence[int]], pass_mark: int) -> Result:
    """Grade the chosen positions (0-based, in the order shown) of each question; an absent answer is wrong."""
    right = tuple(
        bool(chosen.get(place)) and set(chosen[place]) == set(question.right)
        for place, question in enumerate(questions)
    )
    count, total = sum(right), len(questions)
    return Result(right, count * 1000 // total / 10, count * 100 >= pass_mark * total)
