"""PostgreSQL: tables beside the ledger's, filled by many processes, indexed, and put in its place.

They have the same names in a schema of their own, so that their indexes, constraints and sequences are named right
when they move; the schema is there only while a rebuild runs (one that died left it: the next drops it).
"""

from collections.abc import Sequence
from time import sleep
from typing import Any

from psycopg import sql
from psycopg.errors import LockNotAvailable
from sqlalchemy import ForeignKeyConstraint, MetaData, Table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, CreateSchema, CreateTable, DropSchema

from app.coverage.projection_models import EnterpriseFigure, FigureSlot, KindRollup, TallyRollup
from app.coverage.rebuild.rows import COLUMNS, Rows
from app.ops.db import Base, Database
from app.ops.snapshot import GATE

SCHEMA = "coverall_rebuild"
OLD = "coverall_replaced"
"""Where the tables that were replaced wait to be dropped."""
MEMORY = "256MB"
"""For sorting an index, or what is summed."""
PATIENCE = 300
"""Milliseconds for which others may queue behind a wait for a lock; less than PostgreSQL's deadlock_timeout (1 s)."""
PAUSE = 0.5
"""Seconds between two waits."""
TRIES = 60
"""So often a table that was put aside is tried to be dropped."""
SENT_AWAY = text("""
SELECT pg_cancel_backend(pid) FROM (
    SELECT DISTINCT pid FROM pg_locks WHERE relation = ANY(CAST(CAST(:names AS text[]) AS regclass[]))
) AS holder WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))
""")
"""Cancels what holds one of some tables and waits for this session."""


def tables() -> list[Table]:
    """Give the ledger's four tables."""
    return [Base.metadata.tables[name] for name in COLUMNS]


def projected() -> list[Table]:
    """Give the tables that follow from these, and are made again with them."""
    return [Base.metadata.tables[row.__tablename__] for row in (TallyRollup, KindRollup, EnterpriseFigure, FigureSlot)]


def stage(database: Database) -> None:
    """Make the empty tables beside, with neither indexes nor foreign keys; those that follow have no key either."""
    with database.session() as session:
        session.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))
        session.execute(CreateSchema(SCHEMA))
        for table in _beside():
            session.execute(CreateTable(table, include_foreign_key_constraints=[]))
        for table in projected():
            like = f"CREATE TABLE {SCHEMA}.{table.name} (LIKE {table.name} INCLUDING DEFAULTS)"
            session.execute(text(like))


def copy(session: Session, rows: Rows) -> None:
    """Copy rows into the tables beside."""
    cursor = session.connection().connection.cursor()
    for name, values in zip(COLUMNS, rows, strict=True):
        _copy(cursor, name, values)


def _copy(cursor: Any, name: str, rows: Sequence[tuple[Any, ...]]) -> None:  # noqa: ANN401 - the driver's cursor
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[name]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(SCHEMA, name), columns)
    with cursor.copy(statement) as into:
        for row in rows:
            into.write_row(row)


def index(session: Session) -> None:
    """Index the tables beside, and let their foreign keys hold; from now on this session sees them as the ledger."""
    for setting in ("maintenance_work_mem", "work_mem"):
        session.execute(text(f"SET LOCAL {setting} = '{MEMORY}'"))
    beside = _beside()
    for table in beside:
        for key in table.foreign_key_constraints:
            session.execute(AddConstraint(key))
    _index(session, beside)
    session.execute(text(f"SET LOCAL search_path = {SCHEMA}, {_schema(session)}"))


def index_projected(session: Session) -> None:
    """Give what follows from the ledger, filled now, its keys and indexes."""
    keyed = MetaData(naming_convention=Base.metadata.naming_convention)
    beside = [table.to_metadata(keyed, schema=SCHEMA) for table in projected()]
    for table in beside:
        session.execute(AddConstraint(table.primary_key))
    _index(session, beside)


def _index(session: Session, tables: Sequence[Table]) -> None:
    """Make all indexes, the widest first: while one is sorted it takes twice its room on the disk."""
    connection = session.connection()
    indexes = [index for table in tables for index in table.indexes]
    for index in sorted(indexes, key=lambda index: (-len(index.columns), str(index.name))):
        index.create(connection)
    for table in tables:
        session.execute(text(f"ANALYZE {SCHEMA}.{table.name}"))


def swap(session: Session) -> None:
    """Put the tables beside in the ledger's place, and the ledger's aside; discard() drops these afterwards.

    To drop a table with foreign keys locks the tables they lead to, which writers who wait for this rebuild have read.
    """
    home = _schema(session)
    exchanged = (*tables(), *projected())
    session.execute(CreateSchema(OLD))
    _alone(session, [f'"{home}".{table.name}' for table in exchanged])
    for table in exchanged:
        session.execute(text(f'ALTER TABLE "{home}".{table.name} SET SCHEMA {OLD}'))
        session.execute(text(f'ALTER TABLE {SCHEMA}.{table.name} SET SCHEMA "{home}"'))
    session.execute(DropSchema(SCHEMA))


def _alone(session: Session, names: Sequence[str]) -> None:
    """Get tables for this session alone, the gate of readers before all others, all or none of them.

    A wait is given up before PostgreSQL would look for a deadlock, and begun again: so neither a reader nor the rebuild
    is its victim, and new readers never queue for long behind an old one. A writer who has read the ledger and waits
    for this very session is sent away.
    """
    session.execute(text(f"SET LOCAL lock_timeout = {PATIENCE}"))
    gate_first = sorted(names, key=lambda name: not name.endswith(f".{GATE}"))
    while True:
        try:
            with session.begin_nested():
                session.execute(text(f"LOCK TABLE {', '.join(gate_first)} IN ACCESS EXCLUSIVE MODE"))
        except OperationalError as failed:
            if not isinstance(failed.orig, LockNotAvailable):
                raise
            session.execute(SENT_AWAY, {"names": list(names)})
            sleep(PAUSE)
        else:
            session.execute(text("SET LOCAL lock_timeout = 0"))
            return


def discard(database: Database) -> None:
    """Drop the tables that were put aside; OperationalError when something stays in the way.

    One foreign key after the other, so that no two tables that others read are locked at once.
    """
    for statement in (*_foreign_keys(database), f"DROP SCHEMA IF EXISTS {OLD} CASCADE"):
        _patiently(database, statement)


def _patiently(database: Database, statement: str) -> None:
    for left in reversed(range(TRIES)):
        try:
            with database.session() as session:
                session.execute(text(f"SET LOCAL lock_timeout = {PATIENCE}"))
                session.execute(text(statement))
        except OperationalError as failed:
            if not left or not isinstance(failed.orig, LockNotAvailable):
                raise
            sleep(PAUSE)
        else:
            return


def _foreign_keys(database: Database) -> list[str]:
    """Give what drops the foreign keys of the tables that were put aside."""
    query = text(
        "SELECT relname, conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND nspname = :old"
    )
    with database.session() as session:
        found = session.execute(query, {"old": OLD}).all()
    return [f"ALTER TABLE {OLD}.{table} DROP CONSTRAINT {key}" for table, key in found]


def _schema(session: Session) -> str:
    """Give the schema that the ledger lives in: that of its postings."""
    catalogue = "pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid"
    query = text(f"SELECT nspname FROM {catalogue} WHERE c.oid = CAST('posting' AS regclass)")  # noqa: S608 - constants
    return str(session.scalar(query))


def _beside() -> list[Table]:
    """Give the four tables as they are beside; their foreign keys lead to the tables that stay."""
    beside = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        if table.name not in COLUMNS:
            table.to_metadata(beside)

    def stays(_table: Table, _schema: str | None, key: ForeignKeyConstraint, referred: str | None) -> str | None:
        return SCHEMA if key.referred_table.name in COLUMNS else referred

    return [table.to_metadata(beside, schema=SCHEMA, referred_schema_fn=stays) for table in tables()]
