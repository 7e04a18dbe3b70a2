"""The transaction of a request, opened when it is its turn: a read, a report that a replica may answer, a write."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool

from app.ops import clock
from app.ops.db import Database, Session
from app.ops.replica import freshness
from app.workflows.reporting import fix_in_turn, needs

WRITTEN_COOKIE = "coverall_written"
"""How far a replica must be to show its reader what they themselves changed."""


def database(request: Request) -> Database:
    """Give the process's database."""
    found: Database = request.app.state.database
    return found


async def base(request: Request) -> Database:
    """Give the process's database to a route that opens its transactions itself."""
    await fix_known(request)
    return database(request)


async def fix_known(request: Request) -> None:
    """Make final what somebody signed in asks as known at a recent instant, before the request reads anything."""
    if getattr(request.state, "viewer", None) is not None:
        await fix_in_turn(database(request), request.query_params.get("known_at"), clock.now())


async def reading(request: Request) -> AsyncIterator[Session]:
    """Open a read transaction for the request when it is its turn: one snapshot."""
    await fix_known(request)
    found = database(request)
    async with found.turns.reading, contextmanager_in_threadpool(found.reading()) as session:
        yield session


@contextmanager
def open_report(request: Request) -> Iterator[Session]:
    """Open a read transaction for a report, which a replica may answer; the page then says how far that is behind.

    For a GET alone: when the replica fails on the way, the request is answered again from the database itself.
    """
    asked = needs(request.query_params.get("known_at"), request.cookies.get(WRITTEN_COOKIE))
    found = database(request)
    again = getattr(request.state, "replica_lost", False)
    with found.reading() if again else found.reporting(asked) as session:
        request.state.freshness = freshness(session)
        yield session


async def reporting(request: Request) -> AsyncIterator[Session]:
    """Open a read transaction for a report when it is its turn: one snapshot."""
    await fix_known(request)
    async with database(request).turns.reading, contextmanager_in_threadpool(open_report(request)) as session:
        yield session


async def writing(request: Request) -> AsyncIterator[Session]:
    """Open the request's write transaction when it is its turn; it is committed before the response is sent."""
    found = database(request)
    async with found.turns.writing, contextmanager_in_threadpool(found.session()) as session:
        yield session


Base = Annotated[Database, Depends(base)]
Reading = Annotated[Session, Depends(reading, scope="function")]
Reporting = Annotated[Session, Depends(reporting, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]
