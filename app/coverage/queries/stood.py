"""Reads how posts stood as the ledger held it over recorded time, for who tells since when something was known."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.models import Standing
from app.coverage.turning import Stood
from app.coverage.versions import recorded


def stood(session: Session, ids: Collection[int], known_at: datetime | None) -> dict[tuple[int, int], list[Stood]]:
    """Give every span that was ever held of some assignments, up to an instant, by (plan, assignment)."""
    row = Standing
    query = select(
        row.plan_id, row.assignment_id, row.from_on, row.until_on, row.covered, row.recorded_at, row.superseded_at
    ).where(row.assignment_id.in_(ids), recorded(row.recorded_at, known_at))
    found: dict[tuple[int, int], list[Stood]] = {}
    for plan, assignment, from_on, until_on, covered, at, superseded_at in session.execute(query):
        gone = superseded_at if known_at is None or (superseded_at and superseded_at <= known_at) else None
        found.setdefault((plan, assignment), []).append(Stood(from_on, until_on, covered, at, gone))
    return found
