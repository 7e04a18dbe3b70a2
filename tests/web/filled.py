"""Databases that a module's tests share as a file, each test on a copy; and what a page sends to its database."""

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


def filled_once(paths: pytest.TempPathFactory, template: Path, name: str, settle: Callable[[Session], World]) -> Filled:
    """Make a database file and settle a world in it."""
    folder = paths.mktemp(name)
    database = Database(sqlite_copy(template, folder))
    with database.session() as session:
        lived = settle(session)
    database.close()
    (file,) = folder.glob("*.db")
    return file, lived


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that a database is sent."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
