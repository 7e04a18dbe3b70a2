"""Signs of life of long work: written from a thread of its own, each in a short transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from app.ops.db import Database, Session


@contextmanager
def beating(
    database: Database, every: timedelta, beat: Callable[[Session], None], failed: Callable[[str], None]
) -> Iterator[None]:
    """Write a sign of life every so often while something lasts; one that cannot be written is told by its fault."""
    done = Event()

    def run() -> None:
        while not done.wait(every.total_seconds()):
            try:
                with database.session() as session:
                    beat(session)
            except SQLAlchemyError as error:  # the next beat may get through
                failed(type(error).__name__)

    thread = Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
