"""Browsers for tests of screens: the application on a fresh database, and somebody signed in to it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.access import service as access
from app.identity import queries, service
from app.main import create_app
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.world import World

MISPLACED = re.compile(r'="[^"]*<time|<(?:title|option|textarea|text|desc)\b[^>]*>[^<]*<time|&lt;time')
"""An element of a day in an attribute, a title, a choice or a drawing, or escaped."""


class Browser(TestClient):
    """A browser that asks for pages and follows no redirect; `csrf` is its session's token."""

    csrf: str = ""

    def submit(self, path: str, **fields: Any) -> Response:
        """Send a form with the session's token; a list sends a field several times."""
        answer: Response = self.post(path, data={"csrf": self.csrf, **fields})
        return answer

    def request(self, *args: Any, **kwargs: Any) -> Response:
        """Ask, and see on whatever page comes back that no day's element stands where only text may."""
        answer: Response = super().request(*args, **kwargs)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not MISPLACED.search(answer.text), MISPLACED.search(answer.text)
        return answer


def read(html: str) -> str:
    """Give a page without what only guides its lines, so that a sentence can be looked for as it is read."""
    return re.sub("</?time>|<wbr>", "", html)


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
