"""Short writes share a transaction, and none of them notices: undone alone, answered once durable, on fresh rows."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.identity.models import AuditEvent
from app.identity.service import Actor, audit
from app.ops.db import Database
from app.ops.sharing import MOST, Sharing

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Work = Callable[[Session], int]


def noting(number: int) -> Work:
    def note(session: Session) -> int:
        audit(session, Actor(None, "Wei"), "act", "thing", number, NOW)
        return number

    return note


def failing(number: int) -> Work:
    def fail(session: Session) -> int:
        noting(number)(session)
        session.flush()
        raise ZeroDivisionError

    return fail


def noted(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(int(number) for number in session.scalars(select(AuditEvent.subject_id)))


def all_waiting(database: Database, works: Sequence[Work], sharing: Sharing | None = None) -> list[Any]:
    """Have all works wait for one turn; gives what came of each."""
    found = sharing or database.sharing
    assert found is not None

    async def waited() -> list[Any]:
        async with database.turns.writing:
            writes = [asyncio.create_task(found.write(work)) for work in works]
            await asyncio.sleep(0.01)
        return await asyncio.gather(*writes, return_exceptions=True)

    return asyncio.run(waited())


@contextmanager
def commits(database: Database) -> Iterator[list[int]]:
    found: list[int] = []

    def count(_: object) -> None:
        found.append(1)

    event.listen(database.engine, "commit", count)
    yield found
    event.remove(database.engine, "commit", count)


def test_those_that_wait_are_written_together(database: Database) -> None:
    with commits(database) as counted:
        assert all_waiting(database, [noting(n) for n in range(2 * MOST)]) == list(range(2 * MOST))
    assert len(counted) == 2
    assert noted(database) == list(range(2 * MOST))


def test_one_that_fails_is_undone_alone(database: Database) -> None:
    first, second, third = all_waiting(database, [noting(1), failing(2), noting(3)])
    assert (first, third) == (1, 3)
    assert isinstance(second, ZeroDivisionError)
    assert noted(database) == [1, 3]


def test_an_answer_comes_when_others_can_read_what_was_written(database: Database) -> None:
    sharing = database.sharing
    assert sharing is not None

    async def one(number: int) -> bool:
        return await sharing.write(noting(number)) in noted(database)

    async def some() -> list[bool]:
        return await asyncio.gather(*(one(number) for number in range(5)))

    assert asyncio.run(some()) == [True] * 5


def test_when_the_transaction_is_lost_nobody_is_told_otherwise(database: Database) -> None:
    @contextmanager
    def broken() -> Iterator[Session]:
        with database.session() as session:
            yield session
            message = "the disk is full"
            raise OSError(message)

    answers = all_waiting(database, [noting(1), noting(2)], Sharing(broken, database.turns.writing))
    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert noted(database) == []
    assert all_waiting(database, [noting(3)]) == [3]


def test_nobody_meets_a_row_as_one_that_was_undone_left_it(database: Database) -> None:
    with database.session() as session:
        noting(1)(session)
    one = select(AuditEvent)

    def changing(session: Session) -> int:
        found = session.scalars(one).one()
        set_committed_value(found, "action", "undone")
        raise ZeroDivisionError

    def reading(session: Session) -> int:
        assert session.scalars(one).one().action == "act"
        return 1

    assert all_waiting(database, [changing, reading])[1] == 1
