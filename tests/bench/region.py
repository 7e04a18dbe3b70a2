"""The whole sample region, made once and kept, and what sections need of it: servers on copies, people signed in."""

import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from app.identity import queries as accounts
from app.identity import service as identity
from app.ops.db import Database, Session
from app.organisations.models import Person, PostAssignment
from app.workflows.sample import store
from app.workflows.sample.store import Source
from tests.bench.machine import cpu_seconds
from tests.support.sample import copy_of
from tests.support.serving import ROOT, serving

KEPT = ROOT / ".cache" / "bench" / "sample.db"
COPIES = itertools.count(1)


@dataclass(frozen=True)
class Signed:
    """A signed-in browser's cookie and CSRF token, and whose it is."""

    person_id: int | None
    token: str
    csrf: str


@dataclass(frozen=True)
class Region:
    """The sample's file, a folder for copies, a source of chance that repeats."""

    file: Path
    folder: Path
    chance: random.Random

    def copy(self) -> Path:
        """Give a folder with a fresh copy of the sample as its database."""
        data = self.folder / f"copy-{next(COPIES)}"
        copy_of(self.file, data)
        return data


def region(folder: Path) -> Region:
    """Make the sample unless it is kept already."""
    if not store.is_current(KEPT):
        print("making the sample region ...", flush=True)
        store.make(Source(ROOT / "courses", KEPT), datetime.now(UTC), lambda _: None)
    return Region(KEPT, folder, random.Random(20261122))


@contextmanager
def opened(data: Path) -> Iterator[Database]:
    """Open the database of a data folder."""
    database = Database(f"sqlite:///{data / 'coverall.db'}")
    try:
        yield database
    finally:
        database.close()


@dataclass(frozen=True)
class Served:
    """A server that answers, and what its start cost."""

    url: str
    pid: int
    start: float

    @property
    def cpu(self) -> float:
        """Give the seconds of processor time since the start."""
        return cpu_seconds(self.pid) - self.start


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """Serve a data folder in a process of its own."""
    with serving(data) as running:
        yield Served(running.url, running.process.pid, cpu_seconds(running.process.pid))


def workers(database: Database, chance: random.Random, count: int) -> list[int]:
    """Choose people who hold a post now."""
    with database.reading() as session:
        query = select(PostAssignment.person_id).where(PostAssignment.ends_on.is_(None)).distinct()
        return chance.sample(sorted(session.scalars(query)), count)


def sign_in(database: Database, persons: Sequence[int]) -> list[Signed]:
    """Sign people in, as the form would."""
    now = datetime.now(UTC)
    with database.session() as session:
        names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(persons))).all())
        owned = [(person, identity.open_worker_account(session, person, names[person], now)) for person in persons]
        return [_signed(session, person, account, now) for person, account in owned]


def sign_in_staff(database: Database, login: str) -> Signed:
    """Sign staff in by login name or phone."""
    now = datetime.now(UTC)
    with database.session() as session:
        account = accounts.by_login(session, login) or accounts.by_phone(session, login)[0]
        return _signed(session, None, account.id, now)


def _signed(session: Session, person: int | None, account: int, now: datetime) -> Signed:
    token = identity.start_session(session, account, "bench", now)
    session.flush()
    live = accounts.live_session(session, token, now)
    assert live
    return Signed(person, token, live.csrf)
