"""Enters exams that have been sat, many people at once: the same papers, answers and grades as question by question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.assessment import evidence, queries
from app.assessment.answers import kept
from app.assessment.balance import rank
from app.assessment.grading import Result, grade
from app.assessment.models import Attempt, AttemptAnswer
from app.assessment.papers import Question, draw
from app.catalogue.answers import plain
from app.catalogue.queries import CourseVersionRow

SECONDS_PER_QUESTION = 31
Stored = list[Any] | str
"""The JSON form of an answer."""


@dataclass(frozen=True)
class Sat:
    """Somebody sat a version's final paper, drawn by `seed`, and answered `wrong` of its questions wrongly."""

    person_id: int
    version: CourseVersionRow
    seed: str
    opened_at: datetime
    wrong: int


@dataclass(frozen=True)
class Marked:
    """What came of it."""

    attempt_id: int
    paper: str
    submitted_at: datetime
    score: float
    passed: bool


def sit_many(session: Session, sittings: Sequence[Sat], recorded_at: datetime) -> list[Marked]:
    """Enter exams with their answers; gives the results in the same order."""
    if not sittings:
        return []
    papers = [draw(sat.version.course, queries.final_paper(sat.version.course), sat.seed) for sat in sittings]
    chosen = [_answers(questions, sat) for questions, sat in zip(papers, sittings, strict=True)]
    attempts = [
        _attempt(sat, questions, answers, recorded_at)
        for sat, questions, answers in zip(sittings, papers, chosen, strict=True)
    ]
    ids = list(session.scalars(insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), attempts))
    session.execute(
        insert(AttemptAnswer),
        [
            _answer(attempt_id, sat, position, picked)
            for attempt_id, sat, answers in zip(ids, sittings, chosen, strict=True)
            for position, picked in answers.items()
        ],
    )
    return [
        Marked(attempt_id, row["paper"], row["submitted_at"], row["score"], row["outcome"] == "passed")
        for attempt_id, row in zip(ids, attempts, strict=True)
    ]


def _answers(questions: Sequence[Question], sat: Sat) -> dict[int, Stored]:
    """Answer all, and so many wrongly as they were: rather the difficult ones, and now one, now another."""

    def slips(position: int) -> float:
        item = questions[position].item
        chance = int.from_bytes(rank(sat.seed, "slip", item.id)[:4]) / (1 << 32)
        return float(chance ** (1 / item.difficulty))

    wrong = set(sorted(range(len(questions)), key=slips, reverse=True)[: sat.wrong])
    return {
        position: wrong_answer(question) if position in wrong else right_answer(question)
        for position, question in enumerate(questions)
    }


def right_answer(question: Question) -> Stored:
    """Give the right answer to a question, in its stored form."""
    item = question.item
    if item.kind == "case":
        return [list(part.right) for part in question.parts]
    if item.kind == "fill":
        return item.accept[0]
    return list(question.right) if item.value is None else plain(item.value)


def wrong_answer(question: Question) -> Stored:
    """Answer wrongly as people do: one of several right options is forgotten, or a neighbour of the right one taken."""
    right = question.right
    if question.item.kind in {"order", "match"}:
        return [*right[1:], right[0]]
    if question.item.kind in {"fill", "numeric", "case"}:
        return []
    return list(right[:-1]) if len(right) > 1 else [(right[0] + 1) % len(question.options)]


def _attempt(
    sat: Sat, questions: Sequence[Question], answers: dict[int, Stored], recorded_at: datetime
) -> dict[str, Any]:
    paper = queries.final_paper(sat.version.course)
    result: Result = grade(questions, {place: kept(one) for place, one in answers.items()}, paper.pass_mark)
    return {
        "person_id": sat.person_id,
        "recorded_person_id": sat.person_id,
        "course_code": sat.version.course_code,
        "course_version_id": sat.version.id,
        "paper": paper.code,
        "seed": sat.seed,
        "questions": [evidence.drawn(question) for question in questions],
        "opened_at": sat.opened_at,
        "deadline_at": sat.opened_at + timedelta(minutes=paper.minutes),
        "submitted_at": _saved_at(sat, len(questions)),
        "score": result.score,
        "outcome": "passed" if result.passed else "failed",
        "recorded_at": recorded_at,
    }


def _answer(attempt_id: int, sat: Sat, position: int, chosen: Stored) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "position": position,
        "chosen": chosen,
        "flagged": False,
        "sequence": 1,
        "saved_at": _saved_at(sat, position + 1),
    }


def _saved_at(sat: Sat, answered: int) -> datetime:
    return sat.opened_at + timedelta(seconds=SECONDS_PER_QUESTION * answered)
