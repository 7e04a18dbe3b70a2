"""Which rows were known at an instant: the conditions on tables that are valid in recorded time."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.coverage.models import EnterpriseStanding, Standing, Waiver
from app.organisations.models import EnterpriseFact, PostAssignmentVersion

Versioned = type[EnterpriseFact | PostAssignmentVersion | Waiver | Standing | EnterpriseStanding]
"""Tables whose rows are valid in recorded time."""
Known = datetime | BindParameter[datetime] | None
"""An instant, or a parameter that stands for one; None: now."""


def visible(table: Versioned, known_at: Known) -> ColumnElement[bool]:
    """Give the condition that a version is what was known at an instant (None: now)."""
    if known_at is None:
        return table.superseded_at.is_(None)
    later = or_(table.superseded_at.is_(None), table.superseded_at > known_at)
    return and_(table.recorded_at <= known_at, later)


def recorded(column: InstrumentedAttribute[Any], known_at: Known) -> ColumnElement[bool]:
    """Give the condition that an append-only row had been recorded by an instant (None: now)."""
    return true() if known_at is None else column <= known_at
