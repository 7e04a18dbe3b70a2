"""Wei, who leads a team, with a browser and a clock that the test moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from starlette.types import ASGIApp

from app.catalogue import queries as catalogue
from app.identity import service as identity
from app.learning.history import Reading, read_many
from app.ops import clock
from app.ops.db import Database
from tests import world as worlds
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.world import World

LAW = "injury-insurance-law"


@dataclass
class Clock:
    """What the server takes for now: the real time, and what the test added."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture
def world(database: Database) -> World:
    with database.session() as session:
        return worlds.build(session)


@pytest.fixture
def browser_of(database: Database, sign_in: SignIn) -> Callable[[int], Browser]:
    """Give a function: person id -> a browser that this person is signed in with."""

    def opened(person: int) -> Browser:
        with database.session() as session:
            account = identity.open_worker_account(session, person, "x", datetime.now(UTC))
        return sign_in(account)

    return opened


@pytest.fixture
def wei(world: World, browser_of: Callable[[int], Browser]) -> Browser:
    return browser_of(world.wei)


@pytest.fixture
def anybody(app: ASGIApp) -> Iterator[Browser]:
    """Give a browser in which nobody is signed in."""
    with Browser(app, follow_redirects=False) as browser:
        browser.headers["accept"] = "text/html"
        yield browser


@pytest.fixture
def learned(database: Database, world: World, time: Clock) -> None:
    """Let Wei have read the whole law course, an hour ago."""
    with database.session() as session:
        version = catalogue.current(session, LAW, clock.today())
        read_many(session, [Reading(world.wei, version, time.now() - timedelta(hours=1))], time.now())
