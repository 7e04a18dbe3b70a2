"""A made province to measure on: its places, its enterprises, and random questions about them that repeat."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select, text

from app.coverage.models import Entry
from app.coverage.queries import Ask
from app.kit.dates import day_of
from app.ops.db import Database, Session
from app.organisations.models import Enterprise, PostAssignment, Region
from tests.bench.machine import cpu_seconds, ended_seconds, parent
from tests.bench.province.make import NATIONAL, PLAN
from tests.bench.province.places import PROVINCE

SINCE = {PLAN: date(2021, 11, 10), NATIONAL: date(2026, 1, 10)}
"""The first day asked about, by plan."""
CHANCE = 20261122


@dataclass(frozen=True)
class Places:
    """Region codes by level."""

    cities: tuple[str, ...]
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Base:
    """A database with a made province, and a source of chance for the questions of one line of the report."""

    url: str
    database: Database
    places: Places
    assignments: int
    enterprises: int

    @property
    def today(self) -> date:
        """Give the day on which it is measured, in Shanghai."""
        return day_of(self.now)

    @property
    def now(self) -> datetime:
        """Give the instant."""
        return datetime.now(UTC)

    def pick(self, one: float, other: float) -> float:
        """Choose between the bar of SQLite and that of PostgreSQL."""
        return one if self.database.is_sqlite else other

    def processor(self, pid: int) -> float:
        """Give the seconds of processor that a process, and the database's sessions with it, have used so far.

        PostgreSQL: those of sessions that have ended as well, for an import opens one for a while.
        """
        if self.database.is_sqlite:
            return cpu_seconds(pid)
        with self.database.reading() as session:
            query = text("SELECT pid, pg_backend_pid() FROM pg_stat_activity WHERE datname = current_database()")
            rows = session.execute(query).all()
            sessions = [one for one, _ in rows if Path(f"/proc/{one}").exists()]
            return cpu_seconds(pid) + sum(map(cpu_seconds, sessions)) + ended_seconds(parent(rows[0][1]))

    def has_ledger(self) -> bool:
        """Say whether the figures are there, not the facts alone."""
        with self.database.reading() as session:
            return session.scalar(select(Entry.id).limit(1)) is not None


@contextmanager
def opened(url: str) -> Iterator[Base]:
    """Open a made province."""
    database = Database(url)
    try:
        with database.reading() as session:
            found = Base(url, database, _places(session), *_extent(session))
        yield found
    finally:
        database.close()


def _places(session: Session) -> Places:
    parents = dict(session.execute(select(Region.code, Region.parent)).all())
    cities = sorted(code for code, parent in parents.items() if parent == PROVINCE)
    return Places(tuple(cities), tuple(sorted(code for code, parent in parents.items() if parent in set(cities))))


def _extent(session: Session) -> tuple[int, int]:
    counts = [session.scalar(select(func.max(table.id))) or 0 for table in (PostAssignment, Enterprise)]
    return counts[0], counts[1]


@dataclass(frozen=True)
class Questions:
    """Makes random questions: any plan, region of any level, day and instant of knowledge."""

    base: Base
    chance: Random

    def today(self) -> Ask:
        """Ask about a region as of now, under either plan: on the deadline where it is past."""
        return Ask(self.chance.choice((PLAN, NATIONAL)), region=self.region())

    def past(self) -> Ask:
        """Ask about a region on a past day."""
        asked = self.today()
        return replace(asked, on=self._day(SINCE[asked.plan_code]))

    def known_later(self) -> Ask:
        """Ask about a past day as known on a day that is not before it."""
        asked = self.past()
        return replace(asked, known_at=self._day(asked.on or SINCE[asked.plan_code]))

    def known_any(self) -> Ask:
        """Ask about a past day as known on any day, before it or after it."""
        asked = self.past()
        return replace(asked, known_at=self._day(SINCE[PLAN]))

    def region(self) -> str:
        """Choose a region: the province, a city, a county, each level as often."""
        level = self.chance.randrange(3)
        places = self.base.places
        return PROVINCE if level == 0 else self.chance.choice(places.cities if level == 1 else places.counties)

    def enterprise(self, session: Session) -> tuple[int, str]:
        """Choose an enterprise: id and code."""
        number = 1 + self.chance.randrange(self.base.enterprises)
        return number, session.execute(select(Enterprise.uscc).where(Enterprise.id == number)).scalar_one()

    def assignment(self, session: Session) -> tuple[int, int]:
        """Choose an assignment: its enterprise and person."""
        row = PostAssignment
        query = select(row.enterprise_id, row.person_id).where(row.void.is_(False)).order_by(row.id).limit(1)
        first = 1 + self.chance.randrange(self.base.assignments)
        enterprise, person = session.execute(query.where(row.id >= first)).one()
        return enterprise, person

    def _day(self, since: date) -> date:
        """Choose a day that is over."""
        return since + timedelta(self.chance.randrange(max(1, (self.base.today - since).days)))
