"""Keeps the sample in a database file of its own: made once, whole or not at all, and anew when its story changed."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import event

from app.coverage import jobs
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.i18n import N_
from app.ops.migrations import upgrade
from app.ops.secrets import keyed_hash
from app.ops.settings import ROOT
from app.workflows.read_content import Content, read_content
from app.workflows.sample.load import load
from app.workflows.sample.story import tell

SEED = "coverall"
PATIENCE = 600
"""Seconds to wait for another process that makes the same sample."""
GENERATOR = (Path(__file__).parent, ROOT / "migrations" / "versions")
"""What makes a sample another one when it changes; a change of a course is loaded, as anywhere else."""


@dataclass(frozen=True)
class Source:
    """Where the sample comes from and goes to; `scale` 1 is the whole of it."""

    content: Path
    file: Path
    scale: float = 1.0


def is_current(file: Path) -> bool:
    """Say whether a file holds the sample that this program would make."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as opened:
        return bool(opened.execute("PRAGMA user_version").fetchone()[0] == stamp())


def stamp() -> int:
    """Give the number (31 bits) of this generator, this schema and this secret key, which seals the people's IDs."""
    digest = sha256()
    for folder in GENERATOR:
        for source in sorted(folder.glob("*.py")):
            digest.update(source.read_bytes())
    return int(keyed_hash(digest.hexdigest(), "sample")[:8], 16) >> 1


def make(source: Source, now: datetime, say: Callable[[date], None]) -> None:
    """Make the sample up to now and put it in place when it is whole; `say` hears of every day of entry.

    Whoever comes second waits for the first. Problem 422 when the content folder has errors.
    """
    content, errors = read_content(source.content)
    if errors:
        message = N_("The courses and plans have errors, the first in %(place)s. Run `coverall content check`.")
        raise Problem(422, "sample_content", message, {"place": str(errors[0])})
    source.file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(source.file):
        if not is_current(source.file):
            made = _beside(source.file, "part")
            _remove(made)
            _fill(made, source, content, now, say)
            _remove(source.file)
            made.rename(source.file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a lock that a killed process does not leave behind: SQLite's own, on an empty file."""
    with closing(sqlite3.connect(_beside(file, "lock"), timeout=PATIENCE, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _beside(file: Path, end: str) -> Path:
    return file.with_name(f"{file.name}.{end}")


def _remove(file: Path) -> None:
    """Remove a database with its log, which would be read into the next one of that name."""
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)


def _fill(made: Path, source: Source, content: Content, now: datetime, say: Callable[[date], None]) -> None:
    database = Database(f"sqlite:///{made}")
    event.listen(database.engine, "connect", _unhurried)
    upgrade(database.engine)
    story = tell(SEED, day_of(now), content.plans, source.scale)
    load(database, story, content, source.content / "plans" / "regions.csv", now, say)
    with database.session() as session:
        jobs.roll(session, day_of(now))
    database.close()
    with closing(sqlite3.connect(made)) as opened:
        opened.execute(f"PRAGMA user_version = {stamp()}")
        opened.execute("ANALYZE")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with made.open("rb") as written:
        os.fsync(written.fileno())


def _unhurried(connection: sqlite3.Connection, _record: object) -> None:
    """Leave the disk its time: a file that a power cut spoils was not in place yet, and is made anew."""
    connection.execute("PRAGMA synchronous=OFF").close()
