"""Requests that are served in one go: who asks, whether they may and what they do, in one thread and transaction.

What a learner's device sends every few seconds, and what a crowd sends at once, costs more on the way between threads
than at work, and keeps the one writer waiting there. Such an endpoint is `async`, takes a `Deed` in place of a viewer
and a session, and gives it the work: a function of both. Nothing of the work runs before the viewer was let in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.access.scope import Viewer
from app.identity import service as identity
from app.identity.queries import SessionRow
from app.ops import clock
from app.ops.db import Session
from app.web.deps import Guard, SignedIn, cookie_name, idle, sent_csrf, signed_in, touch
from app.web.transactions import database

Result = TypeVar("Result")
Body = TypeVar("Body", bound=BaseModel)
Work = Callable[[Viewer, Session], Result]


@dataclass(frozen=True)
class Deed:
    """A request with its guard, who has not looked yet."""

    request: Request
    guard: Guard

    async def write(self, work: Work[Result]) -> Result:
        """Do the work in a write transaction when it is its turn; what it gives is committed."""
        csrf = await self._asked()
        async with database(self.request).turns.writing:
            return await run_in_threadpool(self._written, csrf, work)

    async def write_briefly(self, work: Work[Result]) -> Result:
        """Do what takes a few statements: as `write` does, but it may share its transaction with others'."""
        sharing = database(self.request).sharing
        if sharing is None:
            return await self.write(work)
        csrf = await self._asked()
        return await sharing.write(lambda session: self._let(session, csrf, work))

    def _written(self, csrf: str, work: Work[Result]) -> Result:
        with database(self.request).session() as session:
            return self._let(session, csrf, work)

    def _let(self, session: Session, csrf: str, work: Work[Result]) -> Result:
        now = clock.now()
        viewer, live = self._admitted(session, csrf, now)
        if idle(live, now):
            identity.touch_session(session, live.id, now)
        return work(viewer, session)

    async def read(self, work: Work[Result]) -> Result:
        """Do the work on one snapshot when it is its turn; not for pages that answer as known at an instant."""
        csrf, now = await self._asked(), clock.now()
        async with database(self.request).turns.quick:
            result, live = await run_in_threadpool(self._read, csrf, now, work)
        if idle(live, now):
            await touch(database(self.request), live, now)
        return result

    def _read(self, csrf: str, now: datetime, work: Work[Result]) -> tuple[Result, SessionRow]:
        with database(self.request).reading() as session:
            viewer, live = self._admitted(session, csrf, now)
            return work(viewer, session), live

    def _admitted(self, session: Session, csrf: str, now: datetime) -> SignedIn:
        found = signed_in(self.request, session, self.guard.permission, now)
        return self.guard.admitted(self.request, csrf, found)

    async def _asked(self) -> str:
        """Give the CSRF token that was sent; who has no cookie at all is refused without waiting."""
        csrf = await sent_csrf(self.request)
        if not self.request.cookies.get(cookie_name()):
            self.guard.admitted(self.request, csrf, None)
        return csrf

    async def sent(self, kind: type[Body]) -> Callable[[], Body]:
        """Receive a body of JSON; it is read, and refused when it is malformed, by whoever calls what this gives."""
        raw = await self.request.body()
        told = self.request.headers.get("content-type", "")

        def body() -> Body:
            try:
                return kind.model_validate_json(raw if told.partition(";")[0].strip() == "application/json" else b"")
            except ValidationError as error:
                raise RequestValidationError(error.errors(include_url=False)) from error

        return body


class Deeds:
    """Gives a route its deed, behind a guard."""

    def __init__(self, permission: str) -> None:
        """Name the permission of access/roles.py that the route needs."""
        self.guard = Guard(permission)

    async def __call__(self, request: Request) -> Deed:
        """Give the request's deed."""
        return Deed(request, self.guard)
