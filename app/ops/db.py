"""The database: engines, column types, and the only places that commit.

SQLite has one writer: `Database.session()` takes an in-process lock and BEGIN IMMEDIATE, so a writer never meets
SQLITE_BUSY half way; WAL with synchronous=FULL keeps what was acknowledged through a kill -9 and a power cut.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, Engine, Integer, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as Session  # noqa: PLC0414 - web and api take it from here, they see no sqlalchemy
from sqlalchemy.types import TypeDecorator

from app.ops.replay import Needs
from app.ops.replica import CONNECTING, SNAPSHOT, Replica
from app.ops.sharing import Sharing
from app.ops.snapshot import begin_snapshot
from app.ops.turns import CONNECTIONS, turns

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Kept = TypeVar("Kept")
SETTINGS = "SET jit = off; SET parallel_setup_cost = 50000"
"""Of each connection to PostgreSQL: its questions take milliseconds, less than to compile one or to start processes."""
MOST_DELAY = timedelta(seconds=60)
OUT_OF_RANGE = "22003"
"""What PostgreSQL says of a number that a column cannot hold."""
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table derives from."""

    metadata = MetaData(naming_convention=NAMING)


WideId = BigInteger().with_variant(Integer, "sqlite")
"""The id of a table that grows by several rows with each thing a person does; SQLite's INTEGER is as wide."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, stored as microseconds since 1970: sortable and exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - contract
        """Store."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Load."""
        return None if value is None else EPOCH + int(value) * MICROSECOND


class Day(TypeDecorator[date]):
    """A calendar day, stored as its proleptic Gregorian ordinal: small keys that sort and subtract.

    date.min (always) and date.max (never) are ordinary values, so a span's open ends need no null.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - contract
        """Store."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:  # noqa: ANN401, ARG002
        """Load."""
        return None if value is None else date.fromordinal(int(value))

    def bind_processor(self, dialect: Dialect) -> Callable[[date | None], int | None]:  # noqa: ARG002 - contract
        """Store many."""
        return _ordinal

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], date | None]:  # noqa: ARG002 - contract
        """Load many: the same few thousand days stand in millions of rows, and each is made once."""
        return DAYS.__getitem__


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


class _Days(dict[Any, date | None]):
    """Days by their number, each made when it is first met."""

    def __missing__(self, number: Any) -> date | None:  # noqa: ANN401 - as the driver gives it
        found = self[number] = None if number is None else date.fromordinal(int(number))
        return found


DAYS = _Days()


def make_engine(url: str, **connecting: object) -> Engine:
    """Make an engine with the settings that each database needs; statements' values never enter an error or a log.

    connecting: parameters of PostgreSQL's client library for each connection.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"),
        pool_size=10,
        max_overflow=CONNECTIONS - 10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=connecting,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
        connection.autocommit = True
        connection.execute(SETTINGS)
        connection.autocommit = False

    return engine


def is_unstorable(error: DataError) -> bool:
    """Say whether something was given that PostgreSQL cannot hold: a text with a NUL, or a number out of range."""
    return getattr(error.orig, "sqlstate", None) == OUT_OF_RANGE or "NUL" in str(error.orig)


def sqlite_file(url: str) -> Path | None:
    """Give the file of a SQLite database; None for one in memory, and on other servers."""
    known = make_url(url)
    named = known.get_backend_name() == "sqlite" and known.database not in {None, "", ":memory:"}
    return Path(str(known.database)) if named else None


def _sqlite(url: str) -> Engine:
    file = sqlite_file(url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": 30, "check_same_thread": False},
        max_overflow=CONNECTIONS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=MEMORY",
            "wal_autocheckpoint=16000",  # 64 MiB; a roster of 500 rows writes a quarter of it
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy connection
        immediate = connection.get_execution_options().get("coverall_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def kept(session: Session, key: Hashable, read: Callable[[], Kept]) -> Kept:
    """Give what a read transaction read already, else read it: one snapshot says the same twice. Others read anew."""
    snapshot: dict[Hashable, Kept] | None = session.info.get(SNAPSHOT)
    if snapshot is None:
        return read()
    if key not in snapshot:
        snapshot[key] = read()
    return snapshot[key]


class Database:
    """One database, the ways to use it, and the replica that reports may be read from."""

    def __init__(self, url: str, replica_url: str = "", most_delay: timedelta = MOST_DELAY) -> None:
        """Open (lazily) the database at a SQLAlchemy URL, and its replica with the delay that is tolerated."""
        self.engine = make_engine(url)
        has_replica = bool(replica_url) and not self.is_sqlite
        self.replica = Replica(make_engine(replica_url, **CONNECTING), most_delay) if has_replica else None
        self._writing = Lock() if self.is_sqlite else nullcontext()
        self._writers = self.engine.execution_options(coverall_write=True)
        self.turns = turns(one_writer=self.is_sqlite)
        self.sharing = Sharing(self.session, self.turns.writing) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a write transaction; it commits at the end, or rolls back wholly when something is raised."""
        with self._writing, Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read transaction: one snapshot for all its queries, never committed."""
        with Session(self.engine, expire_on_commit=False, autoflush=False, info={SNAPSHOT: {}}) as session:
            if not self.is_sqlite:
                begin_snapshot(session)
            yield session
            session.rollback()

    @contextmanager
    def reporting(self, needs: Needs) -> Iterator[Session]:
        """Open a read transaction for a report: on the replica when it is near enough, else as `reading` does.

        `replica.freshness` says which; ReplicaLost when the replica fails on the way: then use `reading`.
        """
        with ExitStack() as stack:
            session = stack.enter_context(self.replica.reading(needs)) if self.replica else None
            yield session or stack.enter_context(self.reading())

    def most_connections(self) -> int | None:
        """Give how many connections the server lets everybody have together; None on SQLite, which does not count."""
        if self.is_sqlite:
            return None
        with self.engine.connect() as connection:
            return int(connection.scalar(text("SHOW max_connections")) or 0)

    def written(self) -> int:
        """Give the position of the log that a replica must have replayed to hold all that is committed by now."""
        if self.replica is None:
            return 0
        with self.engine.connect() as connection:
            return int(connection.scalar(text("SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS bigint)")) or 0)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self.replica:
            self.replica.engine.dispose()
