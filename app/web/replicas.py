"""ASGI middleware for reports that a replica answers: asked again when it is lost, its delay told, own writes seen."""

from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync

from app.access import roles
from app.ops.db import Database
from app.ops.replica import ReplicaLost
from app.ops.settings import settings
from app.web.deps import SAFE
from app.web.transactions import WRITTEN_COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = 900
"""Seconds for which a browser remembers its last write; a replica further behind than that is not used anyway."""
DELAY_HEADER = b"x-coverall-replica-delay"


class Replicas:
    """Stands around the routes of an application whose database has a replica."""

    def __init__(self, app: "ASGIApp", database: Database) -> None:
        """Take the application and its database."""
        self.app = app
        self.database = database

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request; one that lost its replica before it was answered is served from the primary."""
        if scope["type"] != "http" or self.database.replica is None:
            await self.app(scope, receive, send)
            return
        begun, state = False, scope.setdefault("state", {})

        async def answer(message: "Message") -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *await self._told(scope["method"], state)]
            await send(message)

        untouched = dict(scope)
        try:
            await self.app(scope, receive, answer)
        except ReplicaLost:
            if begun or scope["method"] not in SAFE:
                raise
            state["replica_lost"] = True
            await self.app(untouched, receive, answer)

    async def _told(self, method: str, state: dict[str, Any]) -> list[tuple[bytes, bytes]]:
        """Give the headers: how far behind the answer is, and how far a replica must be after a write."""
        if method in SAFE:
            fresh = state.get("freshness")
            return [(DELAY_HEADER, str(fresh.seconds).encode())] if fresh else []
        viewer = state.get("viewer")
        if viewer is None or not viewer.may(roles.COVERAGE_READ):
            return []
        return [(b"set-cookie", _cookie(await run_sync(self.database.written)))]


def _cookie(written: int) -> bytes:
    kept = f"{WRITTEN_COOKIE}={written}; Max-Age={KEPT}; Path=/; HttpOnly; SameSite=strict"
    return (kept + "; Secure" if settings().secure else kept).encode()
