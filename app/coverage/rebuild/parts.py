"""SQLite: what one writer can only do in turn - to index, to sum up - done side by side, in files of their own.

Each part is a file beside the database with some of the ledger's tables, made by the very statements that made them in
the database. Threads index and sum up the parts; then the database takes their tables over as they are, page by page
(SQLite's transfer of equal tables: nothing is sorted again). The facts are read from the database, attached. While it
lasts the parts need as much room on the disk as their tables, and the log of the transaction as much again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from app.coverage import ahead, enterprise_figures, projections, rollups
from app.coverage.projection_models import AheadKind, AheadMonth, AheadTally, KindRollup, RegionNode, TallyRollup
from app.coverage.projection_models import EnterpriseFigure as Figure
from app.coverage.projection_models import FigureSlot as Slot
from app.coverage.rebuild.bulk import bulk
from app.ops.db import Base, Database

THROW_AWAY = ("journal_mode=OFF", "synchronous=OFF", "threads=0")
"""Nothing of a part has to survive anything; and parts that sort side by side need no threads, which take memory."""
FACTS = "facts"


@dataclass(frozen=True)
class Part:
    """Tables that are filled, those that follow from them, and how these are made."""

    name: str
    filled: tuple[str, ...]
    following: tuple[str, ...]
    follow: Callable[[Session, date], None]

    @property
    def tables(self) -> tuple[str, ...]:
        """Give all that the database takes over."""
        return (*self.filled, *self.following)


def _tallies(session: Session, today: date) -> None:
    rollups.make(session, TallyRollup)
    ahead.extend(session, ahead.AHEAD[:1])
    enterprise_figures.rebuild(session, today)


def _kinds(session: Session, _today: date) -> None:
    rollups.make(session, KindRollup)
    ahead.extend(session, ahead.AHEAD[1:])


def _names(*tables: type[Base]) -> tuple[str, ...]:
    return tuple(table.__tablename__ for table in tables)


PARTS = (
    Part(
        "tallies", ("entry", "enterprise_standing"), _names(TallyRollup, AheadTally, AheadMonth, Figure, Slot), _tallies
    ),
    Part("kinds", ("enterprise_entry",), _names(KindRollup, AheadKind), _kinds),
)
OWN = _names(RegionNode, AheadMonth)
"""Tables that each part has for itself."""


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
def opened(session: Session, part: Part, file: Path) -> Iterator[Session]:
    """Make a part with empty tables, to be filled; `session` is the database's."""
    with _beside(file) as database, database.session() as beside:
        for name in dict.fromkeys([*part.tables, *OWN]):
            for statement in _made_by(session, name, "table"):
                beside.connection().exec_driver_sql(statement)
        yield beside


def finish(file: Path, part: Part, url: str, indexes: Mapping[str, Iterable[str]], today: date) -> None:
    """Index what was filled, make what follows, index that."""
    with _beside(file) as database, database.session() as beside:
        beside.execute(text(f"ATTACH :file AS {FACTS}"), {"file": make_url(url).database})
        _index(beside, part.filled, indexes)
        projections.follow_tree(beside, whole=True)
        part.follow(beside, today)
        _index(beside, part.following, indexes)


def indexes(session: Session) -> dict[str, list[str]]:
    """Give the statements that made the indexes of every table of the parts."""
    return {name: _made_by(session, name, "index") for part in PARTS for name in part.tables}


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


def _index(session: Session, tables: Iterable[str], indexes: Mapping[str, Iterable[str]]) -> None:
    for name in tables:
        for statement in indexes[name]:
            session.connection().exec_driver_sql(statement)


def _made_by(session: Session, name: str, kind: str) -> list[str]:
    query = (
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL ORDER BY name"
    )
    found: list[Any] = list(session.scalars(text(query), {"name": name, "kind": kind}))
    return found


@contextmanager
def _beside(file: Path) -> Iterator[Database]:
    with bulk(f"sqlite:///{file}", THROW_AWAY) as database:
        yield database
