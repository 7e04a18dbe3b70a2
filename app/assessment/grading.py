"""Grades an attempt: what each question earns, the score out of 100, whether it passes. Pure.

A choice is right when exactly its right options are chosen, an order or a match when every place is right: all or
nothing. Each part of a case is worth the same share of its question, and each question 100 / total points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.assessment.answers import Choice, Chosen
from app.assessment.papers import PartQuestion, Question
from app.catalogue.answers import written_right
from app.catalogue.item import WRITTEN, Item

RIGHT, WRONG = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class Result:
    """What an attempt is worth: `earned` question by question, from 0 to 1; `score` cut off to one decimal."""

    earned: tuple[Fraction, ...]
    score: float
    passed: bool

    @property
    def right(self) -> tuple[bool, ...]:
        """Say of each question whether it is wholly right."""
        return tuple(share == RIGHT for share in self.earned)


@dataclass(frozen=True)
class Adjustment:
    """A question is also graded by the item as it was corrected; None: the item was bad, and everybody has it right."""

    position: int
    item: Item | None


def grade(questions: Sequence[Question], chosen: Mapping[int, Chosen | Sequence[int]], pass_mark: int) -> Result:
    """Grade the answers (see answers.Chosen) by position; an absent answer is wrong."""
    return score(questions, chosen, pass_mark, ())


def score(
    questions: Sequence[Question],
    chosen: Mapping[int, Chosen | Sequence[int]],
    pass_mark: int,
    adjustments: Iterable[Adjustment],
) -> Result:
    """Grade an attempt with its adjustments: a question earns what the kindest of its keys gives it.

    So no adjustment takes anything away, and their order does not matter.
    """
    shares = [earned(question, chosen.get(place, ())) for place, question in enumerate(questions)]
    for one in adjustments:
        question = corrected(questions[one.position], one.item) if one.item else None
        share = earned(question, chosen.get(one.position, ())) if question else RIGHT
        shares[one.position] = max(shares[one.position], share)
    total, count = sum(shares, WRONG), len(questions)
    return Result(tuple(shares), int(total * 1000 / count) / 10, total * 100 >= pass_mark * count)


def earned(question: Question, chosen: Chosen | Sequence[int]) -> Fraction:
    """Give the share of a question's points that an answer earns."""
    item = question.item
    if not chosen:
        return WRONG
    if item.kind in WRITTEN:
        return _share(isinstance(chosen, str) and written_right(item, chosen))
    if item.kind == "case":
        parts = zip(question.parts, chosen, strict=False)
        return Fraction(sum(part_right(part, tuple(one)) for part, one in parts), len(question.parts))  # type: ignore[arg-type]  # a case's answer is a choice a part
    if item.kind in {"order", "match"}:
        return _share(tuple(chosen) == question.right)
    return _share(set(chosen) == set(question.right))


def part_right(question: PartQuestion, chosen: Choice) -> bool:
    """Say whether exactly the right options of a case's part are chosen."""
    return bool(chosen) and set(chosen) == set(question.right)


def _share(right: bool) -> Fraction:  # noqa: FBT001 - that is what it turns
    return RIGHT if right else WRONG


def corrected(question: Question, item: Item) -> Question:
    """Give a question as it was shown, with the key of its corrected item. ValueError when the options are others."""
    shown, parts = question.item, question.parts
    if item.kind != shown.kind or len(item.parts) != len(parts):
        raise ValueError("the corrected item is of another kind")
    if item.lefts != shown.lefts:
        raise ValueError("the corrected item matches other things")
    return Question(
        item,
        _moved(shown.options, question.options, item.options),
        tuple(
            PartQuestion(part, _moved(old.part.options, old.options, part.options))
            for old, part in zip(parts, item.parts, strict=True)
        ),
    )


def _moved(before: tuple[str, ...], shown: tuple[int, ...], after: tuple[str, ...]) -> tuple[int, ...]:
    """Find the options as shown among those of the corrected item."""
    if sorted(before) != sorted(after):
        raise ValueError("the corrected item has other options")
    return tuple(after.index(before[index]) for index in shown)
