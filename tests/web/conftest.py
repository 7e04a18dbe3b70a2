"""Browsers for tests of screens: the application on a fresh database, and somebody signed in to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.access import service as access
from app.identity import queries, service
from app.main import create_app
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.web.browsers import Browser
from tests.web.bureau import Bureau
from tests.world import World


def sign_in_anew(browser: Browser, database: Database, account_id: int) -> None:
    """Give a browser a new session of this account."""
    now = datetime.now(UTC)
    with database.session() as session:
        token = service.start_session(session, account_id, "test", now)
    with database.reading() as session:
        live = queries.live_session(session, token, now)
    assert live
    browser.cookies.clear()
    browser.cookies.set(cookie_name(), token)
    browser.csrf = live.csrf


SignIn = Callable[[int], Browser]


@pytest.fixture
def app(database: Database) -> ASGIApp:
    return create_app(database)


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    """Give a browser that nobody is signed in with, on an application that lives."""
    with TestClient(create_app(database), follow_redirects=False) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.fixture(scope="session")
def loop() -> Iterator[BlockingPortal]:
    """Run one event loop in a thread for all browsers; they start no life of the application and no daily work."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def sign_in(app: ASGIApp, database: Database, loop: BlockingPortal) -> SignIn:
    """Give a function: account id -> a browser that this account is signed in with."""

    def signed_in(account_id: int) -> Browser:
        browser = Browser(app, follow_redirects=False)
        browser.portal = loop
        browser.headers["accept"] = "text/html"
        sign_in_anew(browser, database, account_id)
        return browser

    return signed_in


@pytest.fixture
def chen(sign_in: SignIn, lived_in: World) -> Browser:
    """Give the browser of Longjiang's safety officer."""
    return sign_in(lived_in.chen)


@pytest.fixture
def luo(sign_in: SignIn, lived_in: World) -> Browser:
    """Give the browser of the manager of Liuzhou's bureau."""
    return sign_in(lived_in.luo)


@pytest.fixture
def bureau(luo: Browser, lived_in: World) -> Bureau:
    """Give the manager's browser with the world that it looks at."""
    return Bureau(luo, lived_in)


@pytest.fixture
def guan(sign_in: SignIn, lived_in: World) -> Browser:
    """Give the administrator's browser."""
    return sign_in(lived_in.guan)


@pytest.fixture
def staff(database: Database) -> Callable[..., int]:
    """Give a function that opens a staff account with a role somewhere, and gives its id."""

    def opened(name: str, role: str, *, region: str | None = None, enterprise_id: int | None = None) -> int:
        now = datetime.now(UTC)
        with database.session() as session:
            account_id = service.open_staff_account(session, name, "", now, login=f"{role}-{name}")
            access.grant(session, account_id, role, region, enterprise_id, "test", now)
        return account_id

    return opened
