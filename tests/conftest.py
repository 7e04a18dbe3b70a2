"""Fixtures for all tests: databases, a running server, a browser, and a network that ends at this machine.

`database_url` runs a test twice, on SQLite and on PostgreSQL; for SQLite alone say
`@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.ops.db import Database
from dev import PARTS, ROOT, chromium
from tests.support import databases
from tests.support.postgres import Server, postgres_server
from tests.support.sample import small_sample
from tests.support.serving import serving
from tests.support.sockets import only_this_machine
from tests.world import World

CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
hypothesis.settings.register_profile("house", deadline=None)  # two busy cores; slowness has bars of its own
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write each test's part into the report, where dev.py looks for parts of which nothing ran."""
    for item in items:
        item.user_properties.extend(("part", part) for part in PARTS if item.get_closest_marker(part))


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    with only_this_machine():
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give this process's own PostgreSQL server, with the migrated template in it."""
    with postgres_server() as server:
        databases.postgres_template(server)
        yield server


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """Give a file with the world of named people in it, and who they are."""
    return databases.sqlite_world(sqlite_template, tmp_path_factory.mktemp("peopled"))


@pytest.fixture(scope="session")
def postgres_world(postgres: Server) -> World:
    """Put a template with the world of named people in it on the server, and say who they are."""
    return databases.postgres_world(postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a fresh, migrated database: empty, or `lived_in` for a test that asks for that."""
    peopled = "lived_in" in request.fixturenames
    if request.param == "sqlite":
        empty: Path = request.getfixturevalue("sqlite_template")
        yield databases.sqlite_copy(request.getfixturevalue("sqlite_world")[0] if peopled else empty, tmp_path)
        return
    server: Server = request.getfixturevalue("postgres")
    if peopled:
        request.getfixturevalue("postgres_world")
    with databases.postgres_copy(server, databases.PEOPLED if peopled else databases.EMPTY) as url:
        yield url


@pytest.fixture
def lived_in(request: pytest.FixtureRequest, database: Database) -> World:
    """Say who lives in the database, which is a copy of one with the world of named people in it."""
    found = request.getfixturevalue("sqlite_world")[1] if database.is_sqlite else None
    known: World = found or request.getfixturevalue("postgres_world")
    return known


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give the fresh database as the application holds it."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def engine(database: Database) -> Engine:
    return database.engine


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give one write transaction; what the test leaves in it is committed, so that constraints speak up."""
    with database.session() as opened:
        yield opened


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a small sample region; copy it, other tests and processes share it."""
    own = tmp_path_factory.getbasetemp()
    return small_sample(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running Coverall on an empty database of its own."""
    with serving(tmp_path_factory.mktemp("live")) as running:
        yield running.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine, unable to reach any other."""
    program = chromium()
    assert program, "Chromium is not installed; `python3 dev.py test` says how to get it."
    return {**browser_type_launch_args, "executable_path": program, "args": list(CHROMIUM_SWITCHES)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Speak Chinese and live in Shanghai."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
