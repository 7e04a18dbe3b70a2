"""Browsers for tests of screens: the application on a fresh database, and somebody signed in to it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.access import service as access
from app.identity import queries, service
from app.main import create_app
from app.ops.db import Database
from app.web.deps import cookie_name
from tests import world
from tests.support import databases
from tests.world import World


class Browser(TestClient):
    """A browser that asks for pages and follows no redirect; `csrf` is its session's token."""

    csrf: str = ""

    def submit(self, path: str, **fields: Any) -> Response:
        """Send a form with the session's token; a list sends a field several times."""
        answer: Response = self.post(path, data={"csrf": self.csrf, **fields})
        return answer


SignIn = Callable[[int], Browser]


@pytest.fixture
def app(database: Database) -> ASGIApp:
    return create_app(database)


@pytest.fixture
def sign_in(app: ASGIApp, database: Database) -> Iterator[SignIn]:
    """Give a function: account id -> a browser that this account is signed in with."""
    with ExitStack() as opened:

        def signed_in(account_id: int) -> Browser:
            now = datetime.now(UTC)
            with database.session() as session:
                token = service.start_session(session, account_id, "test", now)
            with database.reading() as session:
                live = queries.live_session(session, token, now)
            assert live
            browser = opened.enter_context(Browser(app, follow_redirects=False))
            browser.headers["accept"] = "text/html"
            browser.cookies.set(cookie_name(), token)
            browser.csrf = live.csrf
            return browser

        yield signed_in


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


@pytest.fixture(scope="session")
def peopled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """Give a file with the world in it, built once per run."""
    folder = tmp_path_factory.mktemp("peopled")
    database = Database(databases.sqlite_copy(sqlite_template, folder))
    with database.session() as session:
        found = world.build(session)
    database.close()
    return folder / "coverall.db", found


@pytest.fixture
def lived_in(request: pytest.FixtureRequest, database: Database) -> World:
    """Fill the fresh database with the world of named people: a copy on SQLite, built anew on PostgreSQL."""
    if not database.is_sqlite:
        with database.session() as session:
            return world.build(session)
    file, found = request.getfixturevalue("peopled")
    with closing(sqlite3.connect(file)) as source, database.engine.connect() as target:
        raw = target.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        source.backup(raw)
    assert isinstance(found, World)
    return found
