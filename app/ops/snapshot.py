"""A read transaction of one snapshot on PostgreSQL, and the gate that it passes first.

A table that is put in another's place while a snapshot lasts looks empty to it: what filled the new one is younger. So
readers hold the table GATE from before their snapshot (LOCK takes none) until they end, and whoever swaps tables first
gets the gate alone. On a replica the same holds for what it replays.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

GATE: Final = "standing"
BEGUN: Final = (
    text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"),
    text(f"LOCK TABLE {GATE} IN ACCESS SHARE MODE"),
)


def begin_snapshot(session: Session) -> None:
    """Begin a session's read transaction: all its queries see what was there when the gate was passed."""
    for statement in BEGUN:
        session.execute(statement)
