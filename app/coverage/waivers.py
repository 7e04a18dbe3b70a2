"""Waivers of an assignment: whose they are, and what becomes of them when assignments are united."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.models import Waiver
from app.kit.errors import not_found


def assignment_of(session: Session, waiver_id: int) -> int:
    """Give the assignment that a waiver in force is for; Problem 404 when there is none."""
    found = session.scalar(select(Waiver.assignment_id).where(Waiver.id == waiver_id, Waiver.superseded_at.is_(None)))
    if found is None:
        raise not_found()
    return found


def carry(session: Session, voided_id: int, kept_id: int, recorded_at: datetime) -> None:
    """Let the waivers of an assignment that was united into another apply to that one."""
    waivers = select(Waiver).where(Waiver.assignment_id == voided_id, Waiver.superseded_at.is_(None))
    for waiver in session.scalars(waivers).all():
        waiver.superseded_at = recorded_at
        kept = {name: getattr(waiver, name) for name in ("plan_id", "from_on", "until_on", "reason", "actor")}
        session.add(Waiver(**kept, assignment_id=kept_id, recorded_at=recorded_at))
    session.flush()
