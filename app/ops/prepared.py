"""Runs statements that are made once: to make one anew takes several times as long as SQLite takes to answer it.

What every request or posting asks is kept as a constant, with `bindparam` for what it asks about, and run past the
mapper.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
"""Those of one row, or of many for a statement that writes."""


def run(session: Session, statement: Executable, values: Values = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement with values, with what is waiting in the session written first."""
    session.flush()
    return session.connection().execute(statement, values)
