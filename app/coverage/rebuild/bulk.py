"""A database opened with settings for bulk, and rows inserted past all that is looked at for a few."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.ops.db import Database

PRAGMAS = ("foreign_keys=OFF", "secure_delete=OFF", "temp_store=FILE", "cache_size=-8192", "mmap_size=0")
"""Rows come from facts whose keys hold; nothing that is emptied is secret; and what is sorted in lots that fit into the
processor's own memory is sorted faster. Files that are read once need not be mapped: that counts as memory."""
MANY, BLOCK = 50, 10_000
"""Rows by one statement, and rows made at a time."""


@contextmanager
def opened(url: str, more: Sequence[str] = ()) -> Iterator[Database]:
    """Open the database with settings for bulk, and more of SQLite's."""
    database = Database(url)

    @event.listens_for(database.engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
        for pragma in (*PRAGMAS, *more) if database.is_sqlite else ():
            connection.execute(f"PRAGMA {pragma}").close()

    try:
        yield database
    finally:
        database.close()


def insert(
    session: Session, name: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]], first: int | None = None
) -> None:
    """Insert rows of numbers and texts (SQLite): many by one statement, for to begin one costs more than a row.

    `first` is the id of the first, others follow. A truth would be looked up among the driver's adapters, each time.
    """
    cursor, rows = _cursor(session), iter(rows)
    if first is not None:
        numbered = ((first, *row) for row in islice(rows, 1))
        cursor.executemany(_statement(name, ("id", *columns), 1), numbered)
    while block := list(islice(rows, BLOCK)):
        whole = len(block) - len(block) % MANY
        flat = (tuple(chain.from_iterable(block[at : at + MANY])) for at in range(0, whole, MANY))
        cursor.executemany(_statement(name, columns, MANY), flat)
        cursor.executemany(_statement(name, columns, 1), block[whole:])


def _cursor(session: Session) -> Any:  # noqa: ANN401 - the driver's cursor
    return session.connection().connection.cursor()


def _statement(name: str, columns: Sequence[str], rows: int) -> str:
    values = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES {values}"  # noqa: S608 - our own names
