"""A database opened with settings for bulk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.ops.db import Database

PRAGMAS = ("foreign_keys=OFF", "secure_delete=OFF", "temp_store=FILE", "threads=2")
"""Rows come from facts whose keys hold; nothing that is emptied is secret; sorting an index may not take all memory."""


@contextmanager
def bulk(url: str, more: Sequence[str] = ()) -> Iterator[Database]:
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
