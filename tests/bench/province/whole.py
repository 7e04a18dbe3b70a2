"""What goes through everything: the ledger rebuilt from the facts, the projections again, the export of all persons."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from app.coverage import rollups
from tests.bench.lines import Line
from tests.bench.province.base import Base
from tests.bench.province.make import NATIONAL
from tests.bench.province.watching import Ran, run

MILLION = 1_000_000
SECONDS, MEMORY_MB = 90, 1074
"""For a million assignments: 90 s, and 1 GiB whatever the size."""
ROWS_A_SECOND, EXPORT_MB = 30_000, 150


def rebuild(base: Base) -> Iterator[Line]:
    """Make the ledger from the facts, as `coverall rebuild` does, projections with it; then the projections alone."""
    ran = run(base.url, "app", "rebuild")
    share = base.assignments / MILLION
    note = f"{ran.seconds / share:.1f} s a million assignments, processor {ran.processor:.1f} s"
    yield Line("rebuild of the whole ledger from the facts", ran.seconds, "s", SECONDS * max(share, 0.05), note=note)
    yield Line("  its memory, all processes", ran.megabytes, "MB", MEMORY_MB)
    alone = run(base.url, "tests.bench.province", "project", "--url", base.url)
    yield Line("  of this the projections, made again alone", alone.seconds, "s", note=_cost(alone))
    _tidy(base)


def _cost(ran: Ran) -> str:
    return f"processor {ran.processor:.1f} s, {ran.megabytes:.0f} MB"


def _tidy(base: Base) -> None:
    """Let PostgreSQL do at once what its own maintenance would before long; SQLite has none, so it gets none here."""
    if not base.database.is_sqlite:
        with base.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))


def project(base: Base) -> None:
    """Make the projections again."""
    with base.database.session() as session:
        rollups.rebuild(session)


def export(base: Base) -> Iterator[Line]:
    """Export every person's standing to a file, as `coverall export` does."""
    with tempfile.TemporaryDirectory(prefix="coverall-bench-") as folder:
        file = Path(folder) / "persons.csv"
        ran = run(base.url, "app", "export", "persons", str(file), "--plan", NATIONAL, "--format", "csv")
        with file.open("rb") as written:
            rows = sum(1 for _ in written)
    note = f"{rows:,} rows in {ran.seconds:.1f} s, start of the program included, processor {ran.processor:.1f} s"
    yield Line("export of all persons' standing", rows / ran.seconds, "rows/s", ROWS_A_SECOND, least=True, note=note)
    yield Line("  its memory", ran.megabytes, "MB", EXPORT_MB)
