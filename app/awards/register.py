"""Reads awards in bulk by what an imported record is known by: person, course, day of completion and mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.awards.models import Award, Revocation
from app.kit.batches import batched

Key: TypeAlias = tuple[int, str, date, str]
"""Person, course, completed_on, mode."""


_COLUMNS = (
    Award.person_id,
    Award.course_code,
    Award.completed_on,
    Award.mode,
    Award.valid_until,
    Award.score,
    Award.hours,
    Award.provider,
    Award.reference,
    exists().where(Revocation.award_id == Award.id).label("revoked"),
)


@dataclass(frozen=True)
class Recorded:
    """The details of an award that a repeated record may or may not agree with."""

    valid_until: date | None
    score: float | None
    hours: float | None
    provider: str
    reference: str
    revoked: bool


def recorded(session: Session, person_ids: Iterable[int]) -> dict[Key, list[Recorded]]:
    """Give the awards of some people by key, revoked ones too; several where a revoked one was recorded anew."""
    found: dict[Key, list[Recorded]] = {}
    for batch in batched(sorted(set(person_ids))):
        for row in session.execute(select(*_COLUMNS).where(Award.person_id.in_(batch)).order_by(Award.id)):
            details = Recorded(row.valid_until, row.score, row.hours, row.provider, row.reference, row.revoked)
            found.setdefault((row.person_id, row.course_code, row.completed_on, row.mode), []).append(details)
    return found
