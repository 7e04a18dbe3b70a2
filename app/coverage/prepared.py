"""Runs statements that are made once: to make one anew takes several times as long as SQLite takes to answer it.

Whoever posts asks the same dozen questions every time. They are kept (`functools.cache`), with `IDS` for the keys asked
for and `KNOWN_AT` for an instant, and run past the mapper.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, CursorResult, bindparam
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

from app.ops.db import Instant

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
"""The keys of an IN, whatever their type."""
KNOWN_AT = bindparam("known_at", type_=Instant())
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
"""Those of one row, or of many for a statement that writes."""


def run(session: Session, statement: Executable, values: Values = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement with values, with what is waiting in the session written first."""
    session.flush()
    return session.connection().execute(statement, values)


def asked(ids: object, known_at: object = None) -> dict[str, Any]:
    """Give the values of a statement about these keys, as known at an instant where it asks for one."""
    return {"ids": ids} if known_at is None else {"ids": ids, "known_at": known_at}
