"""Puts made rows into an empty, migrated database by the fastest honest path; the schema is the same afterwards.

SQLite: executemany into the tables without their secondary indexes, which are built again at the end. PostgreSQL: COPY,
likewise. Postings are kept aside and numbered in the order of their instants at the very end.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Index, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, DropIndex

from tests.bench.province.tables import MODELS, TABLES, table

FAST = ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-524288", "locking_mode=EXCLUSIVE")
STAGED = "staged_posting"
NUMBERED = f"INSERT INTO posting (recorded_at, kind) SELECT recorded_at, kind FROM {STAGED} ORDER BY recorded_at"  # noqa: S608


class Writer(Protocol):
    """Takes rows of a table, in the order of TABLES' columns, and postings."""

    def put(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows."""

    def put_postings(self, rows: Sequence[tuple[int, str]]) -> None:
        """Keep postings, as (recorded_at, kind), until all are there."""


def indexes() -> list[Index]:
    """List the secondary indexes of the filled tables."""
    return [index for model in MODELS for index in sorted(table(model).indexes, key=lambda one: str(one.name))]


@contextmanager
def writer(url: str) -> Iterator[Writer]:
    """Open a database for filling; at the end everything is in place, committed and analysed."""
    if url.startswith("sqlite"):
        with _sqlite(str(make_url(url).database)) as filled:
            yield filled
    else:
        with _postgres(url) as copied:
            yield copied


class _Filled:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.statements = {
            name: f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
            for name, columns in TABLES.items()
        }

    def put(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self.connection.executemany(self.statements[name], rows)

    def put_postings(self, rows: Sequence[tuple[int, str]]) -> None:
        self.connection.executemany(f"INSERT INTO {STAGED} VALUES (?, ?)", rows)  # noqa: S608


@contextmanager
def _sqlite(file: str) -> Iterator[_Filled]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in FAST:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute(f"CREATE TEMP TABLE {STAGED} (recorded_at INTEGER, kind TEXT)")
        for index in indexes():
            connection.execute(str(DropIndex(index).compile(dialect=sqlite.dialect())))
        yield _Filled(connection)
        connection.execute(NUMBERED)
        for index in indexes():
            connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA locking_mode=NORMAL")
        connection.execute("PRAGMA journal_mode=WAL")


class _Copied:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def put(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self._copy(name, TABLES[name], rows)

    def put_postings(self, rows: Sequence[tuple[int, str]]) -> None:
        self._copy(STAGED, ("recorded_at", "kind"), rows)

    def _copy(self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), listed)
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def _postgres(url: str) -> Iterator[_Copied]:
    """Fill within one transaction; foreign keys are not looked at, for every row is made to fit."""
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
            connection.execute(f"CREATE TEMP TABLE {STAGED} (recorded_at bigint, kind text) ON COMMIT DROP".encode())
            for index in indexes():
                connection.execute(_said(DropIndex(index)))
            yield _Copied(connection)
            connection.execute(NUMBERED.encode())
            for index in indexes():
                connection.execute(_said(CreateIndex(index)))
            for name in TABLES:
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 1)) FROM {name}".encode()  # noqa: S608
                )
        connection.execute("VACUUM ANALYZE")


def _said(statement: CreateIndex | DropIndex) -> bytes:
    """Give a statement with its names as PostgreSQL has them, which cuts the long ones."""
    return str(statement.compile(dialect=postgresql.dialect())).encode()  # type: ignore[no-untyped-call]
