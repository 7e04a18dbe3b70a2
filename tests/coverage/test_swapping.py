"""PostgreSQL: a rebuilt ledger takes the old one's place while others read and write; nobody is its victim."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text

from app.coverage.locks import lock_postings
from app.coverage.models import Standing
from app.coverage.reading_ahead import MOST, reading_ahead
from app.coverage.rebuild.staging import OLD
from app.ops.db import Database
from tests.coverage.test_rebuild import ledger, rebuilt, story_in

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
SOON = 30
"""Seconds within which all of it happens on a busy machine."""
LONGER_THAN_A_REBUILD = 3


@contextmanager
def beside(database: Database) -> Iterator[Future[dict[str, int]]]:
    """Rebuild in another thread meanwhile."""
    with ThreadPoolExecutor(1) as other:
        yield other.submit(rebuilt, database)


def waits_for_a_rebuild(database: Database, write: Callable[[], None]) -> None:
    """Expect a writer to wait for a rebuild that waits for a reader, and both to come to their end after that."""
    with ThreadPoolExecutor(1) as other, beside(database) as rebuilding:
        with database.reading():
            with pytest.raises(Late):
                rebuilding.result(LONGER_THAN_A_REBUILD)
            writing = other.submit(write)
            with pytest.raises(Late):
                writing.result(1)
        assert rebuilding.result(SOON)
        writing.result(SOON)


def test_a_reader_who_came_before_sees_all_of_the_old_ledger(database: Database) -> None:
    posted = story_in(database, 2)
    with beside(database) as rebuilding:
        with database.reading() as session:
            session.execute(text("SELECT count(*) FROM plan"))
            with pytest.raises(Late):
                rebuilding.result(LONGER_THAN_A_REBUILD)
            assert ledger(session) == posted
        assert rebuilding.result(SOON)
    with database.reading() as session:
        assert ledger(session) == posted


def test_a_session_that_holds_one_table_can_take_the_next(database: Database) -> None:
    story_in(database, 2)
    with beside(database) as rebuilding:
        with database.session() as session:
            session.execute(text("SELECT count(*) FROM entry"))
            with pytest.raises(Late):
                rebuilding.result(LONGER_THAN_A_REBUILD)
            assert session.scalar(select(func.count()).select_from(Standing))
        assert rebuilding.result(SOON)


@pytest.mark.parametrize("table", ["post_assignment", "plan", "posting"])
def test_a_writer_who_read_something_waits_until_the_rebuild_is_done(database: Database, table: str) -> None:
    story_in(database, 2)

    def write() -> None:
        with database.session() as session:
            session.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - the test's own
            lock_postings(session)

    waits_for_a_rebuild(database, write)


def test_who_reads_ahead_of_a_waiting_writer_is_not_in_the_way(database: Database) -> None:
    story_in(database, 2)

    def write() -> None:
        with database.session() as session, reading_ahead(session, [str(number) for number in range(MOST)]):
            lock_postings(session)

    waits_for_a_rebuild(database, write)


def test_what_was_replaced_is_dropped(database: Database) -> None:
    story_in(database, 2)
    rebuilt(database)
    rebuilt(database)
    with database.reading() as session:
        schemas = session.scalars(text("SELECT nspname FROM pg_namespace")).all()
    assert OLD not in schemas
