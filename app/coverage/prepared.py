"""The parameters of statements that are made once (app.ops.prepared).

Whoever posts asks the same dozen questions every time. They are kept (`functools.cache`), with `IDS` for the keys asked
for and `KNOWN_AT` for an instant, and run past the mapper.
"""

from typing import Any

from sqlalchemy import BindParameter, bindparam

from app.ops.db import Instant
from app.ops.prepared import Values, run

__all__ = ["IDS", "KNOWN_AT", "MANY", "Values", "asked", "run"]

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
"""The keys of an IN, whatever their type."""
KNOWN_AT = bindparam("known_at", type_=Instant())
MANY = 2000
"""How many keys one statement is asked for, where there may be any number."""


def asked(ids: object, known_at: object = None) -> dict[str, Any]:
    """Give the values of a statement about these keys, as known at an instant where it asks for one."""
    return {"ids": ids} if known_at is None else {"ids": ids, "known_at": known_at}
