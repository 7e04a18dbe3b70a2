"""What commands share: the migrated database of the settings.

Commands that set something up make it where there is none. Those that ask about what is recorded refuse instead: in a
database that was made just for the question nothing is recorded, and the answer would be false.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from app.coverage import jobs
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Database, Session, sqlite_file
from app.ops.i18n import N_
from app.ops.migrations import upgrade
from app.ops.settings import settings
from app.workflows.reporting import fix_known, needs

OPERATOR = Actor(None, "command line")
SAMPLE = "demo.db"
"""The file of the sample region, beside the database."""


def existing() -> Database:
    """Open the database of the settings as `database` does; Problem 404 that says where it was looked for."""
    file = sqlite_file(settings().url)
    if is_there():
        return database()
    message = N_(
        "There is no database at %(file)s, so nothing was read. Set COVERALL_DATA_DIR or COVERALL_DATABASE_URL to "
        "where it is, or make one with `coverall migrate`."
    )
    details = {"file": str(file)}
    sample = file.with_name(SAMPLE) if file else None
    if sample and sample.is_file():
        message = N_(
            "There is no database at %(file)s, so nothing was read. The sample region lies beside it: set "
            "COVERALL_DATABASE_URL=sqlite:///%(sample)s to read that."
        )
        details["sample"] = str(sample)
    raise Problem(404, "no_database", message, details)


def is_there() -> bool:
    """Say whether there is a database to read: on SQLite a file that is not empty; a server is believed to have it."""
    file = sqlite_file(settings().url)
    return file is None or (file.is_file() and file.stat().st_size > 0)


def database() -> Database:
    """Open the database of the settings, made where there is none, its schema up to date and its projections there."""
    opened = Database(settings().url)
    upgrade(opened.engine)
    with opened.reading() as session:
        lacking = jobs.lacking(session)
    if lacking:
        with opened.session() as session:
            jobs.rebuild(session, clock.today())
    return opened


@contextmanager
def reading(known_at: str | None = None, *, make: bool = False) -> Iterator[Session]:
    """Open the database for one read transaction, and close it; what is asked as known at an instant is final.

    make: whether to make it where there is none, else Problem 404.
    """
    opened = database() if make else existing()
    try:
        fix_known(opened, needs(known_at).known_at, clock.now())
        with opened.reading() as session:
            yield session
    finally:
        opened.close()


@contextmanager
def writing(*, make: bool = False) -> Iterator[Session]:
    """Open the database for one write transaction that commits at the end, and close it; `make` as in `reading`."""
    opened = database() if make else existing()
    try:
        with opened.session() as session:
            yield session
    finally:
        opened.close()
