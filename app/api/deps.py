"""What API routes depend on: a read transaction, and a bearer token whose role allows it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool

from app.access.scope import Viewer
from app.kit.errors import Problem, forbidden
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.ops.replica import freshness
from app.workflows import viewers
from app.workflows.reporting import fix_in_turn, needs


def database(request: Request) -> Database:
    """Give the process's database."""
    found: Database = request.app.state.database
    return found


async def reading(request: Request) -> AsyncIterator[Session]:
    """Open a read transaction for the request when it is its turn: one snapshot."""
    found = database(request)
    async with found.turns.reading, contextmanager_in_threadpool(found.reading()) as session:
        yield session


@contextmanager
def open_report(request: Request) -> Iterator[Session]:
    """Open a read transaction for figures, which a replica may answer; a header then says how far that is behind."""
    found = database(request)
    again = getattr(request.state, "replica_lost", False)
    with found.reading() if again else found.reporting(needs(request.query_params.get("known_at"))) as session:
        request.state.freshness = freshness(session)
        yield session


async def reporting(request: Request) -> AsyncIterator[Session]:
    """Open a read transaction for figures when it is the request's turn: one snapshot."""
    await fix_in_turn(database(request), request.query_params.get("known_at"), clock.now())
    async with database(request).turns.reading, contextmanager_in_threadpool(open_report(request)) as session:
        yield session


Reading = Annotated[Session, Depends(reading, scope="function")]
Reporting = Annotated[Session, Depends(reporting, scope="function")]


class Bearer:
    """Lets a caller with a token and a permission through, and gives the viewer."""

    def __init__(self, permission: str) -> None:
        """Name the permission of access/roles.py that the route needs."""
        self.permission = permission

    def __call__(self, request: Request) -> Viewer:
        """Check the Authorization header."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        viewer = None
        if kind.lower() == "bearer" and token:
            with database(request).reading() as session:
                viewer = viewers.by_token(session, token.strip(), self.permission)
        if viewer is None:
            raise Problem(401, "token", N_("A valid bearer token is needed: coverall token add."))
        if not viewer.may(self.permission):
            raise forbidden()
        return viewer
