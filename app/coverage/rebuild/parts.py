"""SQLite: what one writer can only do in turn - to index, to sum up - done beside it, in files of their own.

Each part is a file beside the database with some of the tables that are made, by the very statements that made them
in the database. A thread fills and indexes them; then the database takes their tables over as they are, row by row
(SQLite's transfer of equal tables: nothing is sorted again). While it lasts the parts need as much room on the disk as
their tables, and the log of the transaction as much as all that is made.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry
from app.coverage.projection_models import AheadKind, AheadTally, KindRollup, TallyRollup
from app.coverage.rebuild import bulk
from app.ops.db import Base

THROW_AWAY = ("journal_mode=OFF", "synchronous=OFF")
"""Nothing of a part has to survive anything."""


@dataclass(frozen=True)
class Part:
    """Tables that are made together."""

    name: str
    tables: tuple[str, ...]


def _part(name: str, *tables: type[Base]) -> Part:
    return Part(name, tuple(table.__tablename__ for table in tables))


KINDS = _part("kinds", EnterpriseEntry)
SUMS = _part("sums", TallyRollup, KindRollup, AheadTally, AheadKind)
PARTS = (KINDS, SUMS)


@contextmanager
def files(url: str) -> Iterator[dict[str, Path]]:
    """Give where the parts are kept, and remove them in the end; what one that died left is removed before."""
    place = Path(make_url(url).database or "")
    found = {part.name: place.with_name(f"{place.name}.rebuild-{part.name}") for part in PARTS}
    _remove(found.values())
    try:
        yield found
    finally:
        _remove(found.values())


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        for each in (file, *(file.with_name(file.name + more) for more in ("-wal", "-shm", "-journal"))):
            each.unlink(missing_ok=True)


@contextmanager
def opened(file: Path, made_by: Iterable[str]) -> Iterator[Session]:
    """Open a part, and do what statements say."""
    with bulk.opened(f"sqlite:///{file}", THROW_AWAY) as database, database.session() as session:
        for statement in made_by:
            session.connection().exec_driver_sql(statement)
        yield session


def made_by(session: Session, part: Part, kind: str) -> list[str]:
    """Give the statements that made the tables (or indexes) of a part in the database."""
    query = text(
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL ORDER BY name"
    )
    found: list[Any] = []
    for name in part.tables:
        found += session.scalars(query, {"name": name, "kind": kind})
    return found


def take_over(session: Session, part: Part, file: Path) -> None:
    """Fill the database's tables, emptied before, with a part's; it stays attached until the connection is closed."""
    session.execute(text(f"ATTACH :file AS {part.name}"), {"file": str(file)})
    for name in part.tables:
        session.execute(text(f"INSERT INTO main.{name} SELECT * FROM {part.name}.{name}"))  # noqa: S608 - constants


def empty(session: Session) -> None:
    """Empty the tables that will be taken over."""
    for part in PARTS:
        for name in part.tables:
            session.execute(Base.metadata.tables[name].delete())
