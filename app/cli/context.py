"""What commands share: the migrated database of the settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.coverage import jobs
from app.identity.service import Actor
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.migrations import upgrade
from app.ops.settings import settings
from app.workflows.reporting import fix_known, needs

OPERATOR = Actor(None, "command line")


def database() -> Database:
    """Open the database of the settings, its schema brought up to date and its projections there."""
    opened = Database(settings().url)
    upgrade(opened.engine)
    with opened.reading() as session:
        lacking = jobs.lacking(session)
    if lacking:
        with opened.session() as session:
            jobs.rebuild(session, clock.today())
    return opened


@contextmanager
def reading(known_at: str | None = None) -> Iterator[Session]:
    """Open the database for one read transaction, and close it; what is asked as known at an instant is final."""
    opened = database()
    try:
        fix_known(opened, needs(known_at).known_at, clock.now())
        with opened.reading() as session:
            yield session
    finally:
        opened.close()


@contextmanager
def writing() -> Iterator[Session]:
    """Open the database for one write transaction that commits at the end, and close it."""
    opened = database()
    try:
        with opened.session() as session:
            yield session
    finally:
        opened.close()
