"""Fresh, migrated databases, cheaply: migrated once per run, then copied for each test that wants one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.ops import migrations
from app.ops.db import Database, make_engine
from tests import world
from tests.support.postgres import Server
from tests.world import World

EMPTY, PEOPLED = "migrated", "peopled"
"""Names of the templates on a PostgreSQL server."""


def migrate(url: str) -> None:
    """Bring an empty database to the newest schema."""
    engine = make_engine(url)
    migrations.upgrade(engine)
    engine.dispose()


def sqlite_template(folder: Path) -> Path:
    """Make the migrated SQLite file that tests copy."""
    file = folder / "template.db"
    migrate(f"sqlite:///{file}")
    return file


def sqlite_copy(template: Path, folder: Path) -> str:
    """Copy the template into a folder and give the copy's URL."""
    file = folder / "coverall.db"
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


def sqlite_world(template: Path, folder: Path) -> tuple[Path, World]:
    """Make the SQLite file with the world of named people in it."""
    found = _peopled(sqlite_copy(template, folder))
    return folder / "coverall.db", found


def postgres_template(server: Server) -> None:
    """Make the migrated PostgreSQL database that tests copy."""
    name = server.create()
    migrate(server.url(name))
    server.rename(name, EMPTY)


def postgres_world(server: Server) -> World:
    """Make the PostgreSQL database with the world of named people in it."""
    name = server.create(EMPTY)
    found = _peopled(server.url(name))
    server.rename(name, PEOPLED)
    return found


def _peopled(url: str) -> World:
    database = Database(url)
    with database.session() as session:
        found = world.build(session)
    database.close()
    return found


@contextmanager
def postgres_copy(server: Server, template: str = EMPTY) -> Iterator[str]:
    """Copy a template into a new database, give its URL, drop it afterwards."""
    name = server.create(template)
    try:
        yield server.url(name)
    finally:
        server.drop(name)
