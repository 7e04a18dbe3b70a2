"""How SQLite goes about a posting's questions in a large base: by keys of the few it concerns, not by whole tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select, text

from app.catalogue.models import CourseVersion
from app.coverage import jobs, service
from app.ops.db import Base, Database
from tests.coverage import chronicle
from tests.coverage.test_beside import award, without_merges

LARGE = {
    "award": 1_840_000,
    "declaration": 500_000,
    "enterprise_entry": 4_900_000,
    "enterprise_fact": 210_000,
    "enterprise_figure": 1_600_000,
    "enterprise_standing": 2_400_000,
    "entry": 3_200_000,
    "post_assignment": 1_000_000,
    "standing": 4_100_000,
}
"""How many rows these tables have at a million assignments."""
DISTINCT = {
    "plan_id": 3,
    "region": 130,
    "enterprise_id": 50_000,
    "assignment_id": 1_000_000,
    "person_id": 900_000,
    "late": 24,
    "kind": 9,
    "slot": 25,
    "effective_on": 2000,
    "from_on": 2000,
    "recorded_at": 1_400_000,
}
"""How many values these columns have there; others few."""


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_posting_walks_no_large_table(database: Database, *, counted: bool) -> None:
    chronicle.write(database, without_merges(1))
    with database.session() as session:
        jobs.rebuild(session, date(2025, 12, 1))
    if counted:
        enlarge(database)
    with database.reading() as session:
        row = CourseVersion
        versions = [(id, course, n) for id, course, n in session.execute(select(row.id, row.course_code, row.number))]
    asked: dict[str, Any] = {}

    def note(_c: object, _k: object, statement: str, values: Any, _x: object, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked[statement] = values

    event.listen(database.engine, "before_cursor_execute", note)
    for number in range(6):
        award(database, number, versions)
    with database.session() as session:
        posting = service.open_posting(session, datetime(2025, 12, 2, tzinfo=UTC), "facts")
        service.post(session, posting, enterprises=[1, 2])
    event.remove(database.engine, "before_cursor_execute", note)
    assert [statement for statement in asked if "enterprise_figure" in statement]
    with database.reading() as session:
        connection = session.connection()
        for statement, values in asked.items():
            for *_, way in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                kind, table = way.split()[:2]
                whole = kind == "SCAN" or way.endswith("(plan_id=?)")
                assert not (whole and table in LARGE), (way, statement)


def enlarge(database: Database) -> None:
    """Make SQLite believe that the tables are large; otherwise it has no figures, as after a rebuild."""
    with database.session() as session:
        session.execute(text("ANALYZE"))
        session.execute(text("DELETE FROM sqlite_stat1"))
        new = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)")
        for name, rows in LARGE.items():
            table = Base.metadata.tables[name]
            for index in table.indexes:
                stat = " ".join(str(count) for count in _each(rows, [column.name for column in index.columns]))
                session.execute(new, {"tbl": name, "idx": index.name, "stat": stat})
    database.close()


def _each(rows: int, columns: list[str]) -> Iterator[int]:
    """Give what SQLite keeps of an index: its rows, then how many share the values of its first columns."""
    yield rows
    for column in columns:
        rows = max(1, rows // DISTINCT.get(column, 4))
        yield rows
