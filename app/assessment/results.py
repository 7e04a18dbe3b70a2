"""Reads of exam results for others than the candidate: no questions, no answers. Ids come from scoped reads."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.evidence import adjusted
from app.assessment.models import Attempt
from app.assessment.queries import AttemptRow, attempt_row
from app.kit.batches import batched
from app.kit.dates import end_of


def closed(session: Session, person_id: int) -> tuple[AttemptRow, ...]:
    """List somebody's handed-in attempts at any course, oldest first."""
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.submitted_at, Attempt.id)
    ).all()
    worth = adjusted(session, [row.id for row in rows])
    return tuple(attempt_row(row, worth.get(row.id)) for row in rows)


def last_failed(session: Session, person_ids: Iterable[int], on: date) -> dict[tuple[int, str], float | None]:
    """Give the score of the last attempt that each of some people failed in each course, up to a day."""
    found: dict[tuple[int, str], float | None] = {}
    for batch in batched(sorted(set(person_ids))):
        rows = session.execute(
            select(Attempt.person_id, Attempt.course_code, Attempt.score)
            .where(Attempt.person_id.in_(batch), Attempt.outcome == "failed", Attempt.submitted_at <= end_of(on))
            .order_by(Attempt.submitted_at, Attempt.id)
        )
        found.update({(person_id, course): score for person_id, course, score in rows})
    return found
