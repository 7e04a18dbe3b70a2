"""Scheduled work: fold what is pending, roll the figures of enterprises to today, fill projections that are lacking."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage import ahead, enterprise_figures, projections, rollups
from app.coverage.locks import lock_postings
from app.coverage.models import EnterpriseEntry
from app.coverage.projection_models import FigureSlot


def pending(session: Session) -> bool:
    """Say whether anything waits to be folded."""
    return any(session.scalar(select(table.id).limit(1)) is not None for table, _ in projections.PENDING)


def fold(session: Session) -> None:
    """Add to the rollups what postings left pending (PostgreSQL)."""
    projections.fold(session)


def roll(session: Session, today: date) -> bool:
    """Bring the figures of enterprises to today, and sum up the months that have ended; True when something was due."""
    lock_postings(session)
    ended = ahead.extend(session)
    return enterprise_figures.roll(session, today) or ended


def lacking(session: Session) -> bool:
    """Say whether the ledger has no projections yet, as after a migration."""
    if session.scalar(select(FigureSlot.slot).limit(1)) is not None:
        return False
    return session.scalar(select(EnterpriseEntry.id).limit(1)) is not None


def rebuild(session: Session, today: date) -> None:
    """Drop all projections and make them from the ledger."""
    lock_postings(session)
    rollups.rebuild(session)
    enterprise_figures.rebuild(session, today)
