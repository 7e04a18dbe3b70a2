"""How much a question touches: rows of scans on PostgreSQL, steps of the virtual machine on SQLite.

PostgreSQL: every statement that the question asked is asked again with EXPLAIN (ANALYZE), and what its scans read -
rows given, and rows looked at and left - is added up. SQLite tells no rows; its progress handler counts instructions,
of which a row read and summed takes ten to thirty.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from app.ops.db import Database, Session

EVERY = 100
"""Instructions between two calls of the progress handler."""
UNIT = {True: "VM steps", False: "rows"}


@dataclass
class Touched:
    """What was touched: `count` in the database's unit, and each statement with its milliseconds."""

    count: int = 0
    statements: list[tuple[float, str, Any]] = field(default_factory=list)


@contextmanager
def watched(database: Database, session: Session) -> Iterator[Touched]:
    """Count what the statements of a read session touch within the context."""
    found = Touched()
    with _recorded(database, found):
        if database.is_sqlite:
            with _stepping(session, found):
                yield found
        else:
            yield found
    if not database.is_sqlite:
        found.count = sum(_rows(session, text, values) for _, text, values in found.statements)


@contextmanager
def _recorded(database: Database, found: Touched) -> Iterator[None]:
    begun = 0.0

    def before(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def after(_c: object, _k: object, statement: str, values: object, *_: object) -> None:
        if statement.lstrip("( ").startswith(("SELECT", "WITH")):
            found.statements.append(((time.perf_counter() - begun) * 1000, statement, values))

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", before)
        event.remove(database.engine, "after_cursor_execute", after)


@contextmanager
def _stepping(session: Session, found: Touched) -> Iterator[None]:
    connection: Any = session.connection().connection.driver_connection

    def step() -> int:
        found.count += EVERY
        return 0

    connection.set_progress_handler(step, EVERY)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def way(database: Database, session: Session, statement: str, values: Any) -> list[str]:
    """Tell how the database goes about a statement."""
    told = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF)"
    rows = session.connection().exec_driver_sql(f"{told} {statement}", values).all()
    return [str(row[-1]) for row in rows]


def _rows(session: Session, statement: str, values: Any) -> int:
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values)
        (told,) = cursor.fetchone()
    plans = json.loads(told) if isinstance(told, str) else told
    return round(_scanned(plans[0]["Plan"]))


def _scanned(node: dict[str, Any]) -> float:
    below = sum(_scanned(child) for child in node.get("Plans", ()))
    kind = node["Node Type"]
    if "Scan" not in kind or kind in {"Bitmap Index Scan", "Subquery Scan", "CTE Scan", "Function Scan"}:
        return below
    looked_at = sum(node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
    return float(below + (node["Actual Rows"] + looked_at) * node["Actual Loops"])
