"""What an attempt leaves as evidence: its paper as it was drawn, the answers as they were saved, its adjustments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.assessment.answers import Chosen, kept
from app.assessment.grading import Adjustment
from app.assessment.models import Attempt, AttemptAdjustment, AttemptAnswer
from app.assessment.papers import PartQuestion, Question
from app.catalogue import queries as catalogue
from app.catalogue.item import PART_KINDS, Item
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Paper
from app.kit.batches import batched
from app.ops.prepared import run


@dataclass(frozen=True)
class Worth:
    """What an attempt has been worth since its last adjustment."""

    score: float
    outcome: str


@dataclass(frozen=True)
class SavedAnswer:
    """The answer to one question as last saved; `chosen` in its JSON form."""

    position: int
    chosen: list[Any] | str
    flagged: bool
    sequence: int
    saved_at: datetime


def questions_of(row: Attempt, version: CourseVersionRow) -> tuple[Question, ...]:
    """Rebuild the drawn paper of an attempt."""
    items = {item.id: item for item in version.course.items}
    return tuple(question_of(items[body["item"]], body) for body in row.questions)


def question_of(item: Item, drawn: Mapping[str, Any]) -> Question:
    """Rebuild a question from its item and its JSON form."""
    orders = zip(item.parts, drawn.get("parts", ()), strict=True)
    return Question(item, tuple(drawn["options"]), tuple(PartQuestion(part, tuple(order)) for part, order in orders))


def drawn(question: Question) -> dict[str, Any]:
    """Give the JSON form of a question; of a choice it is as short as it always was."""
    body: dict[str, Any] = {"item": question.item.id, "options": list(question.options)}
    if question.item.kind not in PART_KINDS:
        body["kind"] = question.item.kind
    if question.parts:
        body["parts"] = [list(part.options) for part in question.parts]
    return body


def paper_of(row: Attempt, version: CourseVersionRow) -> Paper:
    """Find the blueprint of an attempt."""
    return next(paper for paper in version.course.papers if paper.code == row.paper)


def saved_answers(session: Session, attempt_id: int) -> dict[int, SavedAnswer]:
    """Give what was saved, by position."""
    return {row.position: SavedAnswer(*row) for row in run(session, SAVED, {"attempt_id": attempt_id})}


SAVED = select(
    AttemptAnswer.position,
    AttemptAnswer.chosen,
    AttemptAnswer.flagged,
    AttemptAnswer.sequence,
    AttemptAnswer.saved_at,
).where(AttemptAnswer.attempt_id == bindparam("attempt_id"))


def chosen_of(session: Session, attempt_id: int) -> dict[int, Chosen]:
    """Give the saved answers, by position."""
    return {position: kept(answer.chosen) for position, answer in saved_answers(session, attempt_id).items()}


def adjusted(session: Session, attempt_ids: Sequence[int]) -> dict[int, Worth]:
    """Give what adjusted attempts are worth now, by attempt."""
    found: dict[int, Worth] = {}
    for batch in batched(attempt_ids):
        row = AttemptAdjustment
        wanted = select(row.attempt_id, row.score, row.outcome).where(row.attempt_id.in_(batch)).order_by(row.id)
        found |= {id: Worth(score, outcome) for id, score, outcome in session.execute(wanted)}
    return found


def adjustments_of(session: Session, attempt_id: int) -> tuple[Adjustment, ...]:
    """Give an attempt's adjustments as grading takes them, oldest first."""
    row = AttemptAdjustment
    wanted = select(row.position, row.item, row.course_version_id).where(row.attempt_id == attempt_id)
    return tuple(
        Adjustment(position, _item_of(session, version_id, item) if version_id else None)
        for position, item, version_id in session.execute(wanted.order_by(row.id))
    )


def _item_of(session: Session, version_id: int, item: str) -> Item:
    return next(one for one in catalogue.version(session, version_id).course.items if one.id == item)
