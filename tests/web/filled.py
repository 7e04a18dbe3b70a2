"""Worlds that a module's tests share as a file, each test on a copy; and what a page sends to its database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.ops.db import Database
from tests.support.databases import sqlite_copy
from tests.world import World

Filled = tuple[Path, World]
"""A database file, and the world in it."""
Fixture = Callable[..., Any]


def settled_once(settle: Callable[[Session], World]) -> tuple[Fixture, Fixture, Fixture]:
    """Give the fixtures `settled`, `database_url`, `lived_in`: a world settled once, and a copy of it for each test."""

    @pytest.fixture(scope="module")
    def settled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Filled:
        folder = tmp_path_factory.mktemp("settled")
        database = Database(sqlite_copy(sqlite_template, folder))
        with database.session() as session:
            lived = settle(session)
        database.close()
        (file,) = folder.glob("*.db")
        return file, lived

    @pytest.fixture
    def database_url(settled: Filled, tmp_path: Path) -> str:
        return sqlite_copy(settled[0], tmp_path)

    @pytest.fixture
    def lived_in(settled: Filled) -> World:
        return settled[1]

    return settled, database_url, lived_in


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that a database is sent."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
