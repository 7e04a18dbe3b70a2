"""How large a made province is, by table with its indexes."""

from collections.abc import Iterator

from sqlalchemy import text

from app.ops.db import Session
from tests.bench.lines import Line
from tests.bench.province.base import Base

MEGA = 1_000_000
SHOWN = 14
SQLITE = """SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master s ON s.name = d.name
GROUP BY s.tbl_name ORDER BY 2 DESC"""
POSTGRES = """SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"""


def space(base: Base) -> Iterator[Line]:
    """Give the size of the whole, and of the largest tables."""
    with base.database.reading() as session:
        sizes = [(name, int(size) / MEGA) for name, size in _sizes(base, session)]
    whole = sum(size for _, size in sizes)
    note = f"{whole * MEGA / base.assignments:,.0f} bytes an assignment"
    yield Line("the database", whole, "MB", note=note)
    for name, size in sizes[:SHOWN]:
        yield Line(f"  {name}", size, "MB", note=f"{size * MEGA / base.assignments:,.0f} bytes an assignment")


def _sizes(base: Base, session: Session) -> list[tuple[str, int]]:
    found = session.execute(text(SQLITE if base.database.is_sqlite else POSTGRES))
    return [(name, size) for name, size in found]
