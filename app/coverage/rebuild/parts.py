"""SQLite: what is made beside the database, in files of their own.

These are the rows of other processes, the figures of enterprises, and the sums of nodes.

Each part is a file beside the database with some of the tables that are made, by the very statements that made them in
the database. Then the database takes their tables over as they are, row by row (SQLite's transfer of equal tables:
nothing is looked up or sorted again). While it lasts the parts need as much room on the disk as their tables, and the
log of the transaction as much as all that is made.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Standing
from app.coverage.projection_models import AheadKind, AheadTally, EnterpriseFigure, KindRollup, TallyRollup
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


LEDGER = _part("ledger", Standing, Entry, EnterpriseStanding, EnterpriseEntry)
FIGURES = _part("figures", EnterpriseFigure)
SUMS = _part("sums", TallyRollup, KindRollup, AheadTally, AheadKind)
MOST = 8
"""Files of rows: SQLite attaches ten at most."""


@contextmanager
def files(url: str) -> Iterator[Callable[[str], Path]]:
    """Give what names the files of parts, and remove them in the end; what one that died left is removed before."""
    place = Path(make_url(url).database or "")
    _remove(place)
    try:
        yield lambda part: place.with_name(f"{place.name}.rebuild-{part}")
    finally:
        _remove(place)


def _remove(place: Path) -> None:
    for file in place.parent.glob(f"{escape(place.name)}.rebuild-*"):
        file.unlink(missing_ok=True)


def sums_of(file: Path) -> Path:
    """Give where the sums are kept that belong to a file of rows."""
    return file.with_name(f"{file.name}.sums")


@contextmanager
def opened(file: Path, made_by: Iterable[str]) -> Iterator[Session]:
    """Open a part, and do what statements say."""
    with bulk.opened(f"sqlite:///{file}", THROW_AWAY) as database, database.session() as session:
        for statement in made_by:
            session.connection().exec_driver_sql(statement)
        yield session


def made_by(session: Session, *parts: Part) -> list[str]:
    """Give the statements that made the tables of parts in the database."""
    query = text("SELECT sql FROM main.sqlite_master WHERE name = :name")
    return [session.scalars(query, {"name": name}).one() for part in parts for name in part.tables]


def attach(session: Session, files: Mapping[str, Path]) -> None:
    """Attach files, by the names of their schemas; they stay so until the connection is closed."""
    for name, file in files.items():
        session.execute(text(f"ATTACH :file AS {name}"), {"file": str(file)})


def take_over(session: Session, schema: str, part: Part) -> None:
    """Add an attached file's tables to the database's, which have no other index yet: nothing is looked up."""
    for name in part.tables:
        session.execute(text(f"INSERT INTO main.{name} SELECT * FROM {schema}.{name}"))  # noqa: S608 - constants


def merge(session: Session, schemas: Sequence[str], part: Part) -> None:
    """Fill the database's tables, which have no rowid, with those of attached files in the order of their key."""
    for name in part.tables:
        key = ", ".join(column.name for column in Base.metadata.tables[name].primary_key)
        rows = " UNION ALL ".join(f"SELECT * FROM {schema}.{name}" for schema in schemas)  # noqa: S608 - constants
        session.execute(text(f"INSERT INTO main.{name} {rows} ORDER BY {key}"))


def empty(session: Session) -> None:
    """Empty the database's tables of all parts."""
    for part in (LEDGER, FIGURES, SUMS):
        for name in part.tables:
            session.execute(Base.metadata.tables[name].delete())
