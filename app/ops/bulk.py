"""Writes many rows at once past the mapper: for a row of a roster, making a statement of it costs more than storing it.

On SQLite one plain statement, its values converted column by column; on PostgreSQL the same, or COPY for more than a
few rows. What both skip is SQLAlchemy's work on each row.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, insert, text
from sqlalchemy.orm import Session

from app.ops.db import Base
from app.ops.prepared import run

FEW = 16
"""So many rows go to PostgreSQL faster one by one than by COPY."""
DRAWN = text(
    "SELECT nextval(named) FROM (SELECT pg_get_serial_sequence(:name, 'id')::regclass AS named OFFSET 0) AS sequence,"
    " generate_series(1, :count)"
)
"""The sequence is looked up once, not for each number."""
Convert = Callable[[Any], Any]


def append(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows, all with the columns of the first; what they leave out gets the database's default, or null."""
    if not rows:
        return
    session.flush()
    dialect = session.get_bind().dialect
    names = tuple(rows[0])
    if dialect.name == "postgresql":
        if len(rows) <= FEW:
            run(session, insert(table), rows)
        else:
            _copy(session, table, names, _converted(table, names, rows, dialect))
        return
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.__tablename__} ({_listed(names)}) VALUES ({marks})"  # noqa: S608 - our own names
    session.connection().exec_driver_sql(statement, _converted(table, names, rows, dialect))


def put(
    session: Session, table: type[Base], names: tuple[str, ...], key: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows (values in the order of `names`); one whose key is there takes the place of what was."""
    if not rows:
        return
    session.flush()
    dialect = session.get_bind().dialect
    columns = [
        list(values) if convert is None else [convert(value) for value in values]
        for convert, values in zip(_converters(table, names, dialect), zip(*rows, strict=True), strict=True)
    ]
    at_once = dialect.name == "postgresql" and len(rows) > FEW
    statement = _putting(table, names, tuple(key), dialect, at_once=at_once)
    session.connection().exec_driver_sql(statement, tuple(columns) if at_once else list(zip(*columns, strict=True)))


@lru_cache(maxsize=8)
def _putting(
    table: type[Base], names: tuple[str, ...], key: tuple[str, ...], dialect: Dialect, *, at_once: bool
) -> str:
    """Write the statement: for one row, or for all of them with an array for each column (PostgreSQL)."""
    if at_once:
        stored = table.__table__.c
        arrays = ", ".join(f"%s::{stored[name].type.compile(dialect)}[]" for name in names)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - our own types
    else:
        mark = "%s" if dialect.name == "postgresql" else "?"
        source = f"VALUES ({', '.join([mark] * len(names))})"
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    conflict = f"ON CONFLICT ({_listed(key)}) DO UPDATE SET {rest}"
    return f"INSERT INTO {table.__tablename__} ({_listed(names)}) {source} {conflict}"


def new_ids(session: Session, table: type[Base], count: int) -> list[int]:
    """Give as many ids as rows are to be appended, in order. The caller's transaction writes, so nobody takes them."""
    if not count:
        return []
    session.flush()
    name = table.__tablename__
    if session.get_bind().dialect.name == "postgresql":
        return sorted(session.scalars(DRAWN, {"name": name, "count": count}))
    last = session.scalar(text(f"SELECT max(id) FROM {name}")) or 0  # noqa: S608 - our own name
    return list(range(last + 1, last + 1 + count))


def _copy(session: Session, table: type[Base], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    cursor: Any = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table.__tablename__} ({_listed(names)}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _converted(
    table: type[Base], names: tuple[str, ...], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> list[tuple[Any, ...]]:
    """Give rows as the driver takes them, in the order of the columns."""
    columns: list[list[Any]] = []
    for name, convert in zip(names, _converters(table, names, dialect), strict=True):
        column = [row[name] for row in rows]
        columns.append(column if convert is None else [convert(value) for value in column])
    return list(zip(*columns, strict=True))


@lru_cache(maxsize=64)
def _converters(table: type[Base], names: tuple[str, ...], dialect: Dialect) -> tuple[Convert | None, ...]:
    stored = table.__table__.c
    return tuple(stored[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)
