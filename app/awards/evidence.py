"""Reads of what an award rests on: its attempt, what was recorded of the learning, and from when evidence counts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.awards.models import Award
from app.awards.queries import EXAM
from app.kit.errors import not_found


@dataclass(frozen=True)
class Evidence:
    """An award as recorded. `since`: what was learned up to then was used up by an earlier one of the same course.

    `body` is what was written down when it was made; `attempt_id` None: it was earned in a session or imported.
    """

    id: int
    number: str
    person_id: int
    course_code: str
    version_id: int
    completed_on: date
    score: float | None
    attempt_id: int | None
    recorded_at: datetime
    since: datetime | None
    origin: str
    mode: str
    provider: str
    reference: str
    body: dict[str, Any] = field(repr=False)

    def credited_ms(self, module: str) -> int | None:
        """Give the credit that was written down for a module; None when nothing was."""
        told = (one for one in self.body.get("modules", ()) if one["module"] == module)
        return next((int(one["credited_ms"]) for one in told), None)


def evidence(session: Session, award_id: int) -> Evidence:
    """Give what an award rests on; Problem 404 when there is none. Who may see it is asked before."""
    row = session.get(Award, award_id)
    if row is None:
        raise not_found()
    earlier = select(func.max(Award.recorded_at, type_=Award.recorded_at.type)).where(
        Award.recorded_person_id == row.recorded_person_id,
        Award.course_code == row.course_code,
        Award.origin == EXAM,
        Award.recorded_at < row.recorded_at,
    )
    return Evidence(
        row.id,
        row.number,
        row.person_id,
        row.course_code,
        row.course_version_id,
        row.completed_on,
        row.score,
        row.attempt_id,
        row.recorded_at,
        session.scalar(earlier),
        row.origin,
        row.mode,
        row.provider,
        row.reference,
        row.evidence,
    )


def find(session: Session, name: str) -> int:
    """Give the id of an award by its number, or by its id as digits; Problem 404."""
    known = session.scalar(select(Award.id).where(Award.number == name.strip().upper()))
    if known is None and name.isascii() and name.isdigit():
        known = session.scalar(select(Award.id).where(Award.id == int(name)))
    if known is None:
        raise not_found()
    return known
