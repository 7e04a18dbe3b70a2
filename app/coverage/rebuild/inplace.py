"""SQLite: the ledger's tables emptied, filled by one writer and indexed, in one transaction; readers see the old."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Insert, Table, event, insert
from sqlalchemy.orm import Session

from app.coverage.rebuild.rows import COLUMNS
from app.coverage.rebuild.staging import projected, tables
from app.ops.db import Database

PRAGMAS = ("foreign_keys=OFF", "secure_delete=OFF", "temp_store=FILE", "threads=2")
"""Rows come from facts whose keys hold; nothing that is emptied is secret; sorting an index may not take all memory."""


@contextmanager
def bulk(url: str) -> Iterator[Database]:
    """Open the database with settings for bulk."""
    database = Database(url)

    @event.listens_for(database.engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
        for pragma in PRAGMAS if database.is_sqlite else ():
            connection.execute(f"PRAGMA {pragma}").close()

    try:
        yield database
    finally:
        database.close()


def empty(session: Session) -> None:
    """Empty the tables and what follows from them, and drop their indexes."""
    connection = session.connection()
    for table in (*tables(), *projected()):
        for index in table.indexes:
            index.drop(connection)
        session.execute(table.delete())


def fill(session: Session, rows: list[list[tuple[object, ...]]]) -> None:
    """Append rows, by table in order of COLUMNS."""
    connection = session.connection()
    for table, values in zip(tables(), rows, strict=True):
        if values:
            connection.exec_driver_sql(_statement(insert(table), session, COLUMNS[table.name]), values)


def _statement(statement: Insert, session: Session, columns: tuple[str, ...]) -> str:
    compiled = statement.values(dict.fromkeys(columns)).compile(session.get_bind())
    return str(compiled)


def index(session: Session, tables: Iterable[Table]) -> None:
    """Index tables as the models say."""
    connection = session.connection()
    for table in tables:
        for each in sorted(table.indexes, key=lambda index: str(index.name)):
            each.create(connection)
