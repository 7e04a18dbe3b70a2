"""Fresh, migrated databases, cheaply: migrated once per run, then copied for each test that wants one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.ops import migrations
from app.ops.db import make_engine
from tests.support.postgres import TEMPLATE, Server


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


def postgres_template(server: Server) -> None:
    """Make the migrated PostgreSQL database that tests copy."""
    name = server.create()
    migrate(server.url(name))
    server.rename(name, TEMPLATE)


@contextmanager
def postgres_copy(server: Server) -> Iterator[str]:
    """Copy the template into a new database, give its URL, drop it afterwards."""
    name = server.create(TEMPLATE)
    try:
        yield server.url(name)
    finally:
        server.drop(name)
