"""SQLite: the ledger's tables emptied and made again in one transaction of the one writer; readers see the old.

Standings are filled and indexed in place. The other tables, and what follows from them, are made in parts (parts.py)
and taken over.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from sqlalchemy import Table, delete, insert
from sqlalchemy.orm import Session

from app.coverage import projections
from app.coverage.models import Standing
from app.coverage.rebuild import parts
from app.coverage.rebuild.rows import COLUMNS
from app.coverage.rebuild.work import unpack
from app.ops.db import Base

Rows = Sequence[tuple[object, ...]]


def empty(session: Session) -> None:
    """Empty the tables and what follows from them, and drop the indexes of those that are filled in place."""
    for index in _standing().indexes:
        index.drop(session.connection())
    session.execute(_standing().delete())
    parts.empty(session)
    projections.follow_tree(session, whole=True)
    for pending, _ in projections.PENDING:
        session.execute(delete(pending))


def fill(session: Session, files: Mapping[str, Path], packs: Iterable[bytes]) -> None:
    """Fill the tables, here and in the parts, with the rows that workers packed."""
    with ExitStack() as stack:
        homes = dict.fromkeys(COLUMNS, session)
        for part in parts.PARTS:
            beside = stack.enter_context(parts.opened(session, part, files[part.name]))
            homes |= dict.fromkeys(part.filled, beside)
        connections = {name: home.connection() for name, home in homes.items()}
        statements = {name: _statement(session, name) for name in COLUMNS}
        for packed in packs:
            for name, values in zip(COLUMNS, unpack(packed), strict=True):
                if values:
                    connections[name].exec_driver_sql(statements[name], values)


def finish(session: Session, files: Mapping[str, Path], url: str, today: date) -> None:
    """Index everything, and make what follows: the parts by threads, which SQLite does not hold up, then taken over."""
    made_by = parts.indexes(session)
    with ThreadPoolExecutor(len(parts.PARTS)) as pool:
        doing: dict[Future[None], parts.Part] = {
            pool.submit(parts.finish, files[part.name], part, url, made_by, today): part for part in parts.PARTS
        }
        for index in sorted(_standing().indexes, key=lambda index: str(index.name)):
            index.create(session.connection())
        for done in as_completed(doing):
            done.result()
            parts.take_over(session, doing[done], files[doing[done].name])


def _standing() -> Table:
    return Base.metadata.tables[Standing.__tablename__]


def _statement(session: Session, name: str) -> str:
    statement = insert(Base.metadata.tables[name]).values(dict.fromkeys(COLUMNS[name]))
    return str(statement.compile(session.get_bind()))
