"""How readers come to the bureau's pages: who may, what they ask, and where those are led who have no bureau."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.access import roles
from app.access.scope import Viewer
from app.kit.errors import forbidden
from app.ops import clock
from app.ops.db import Session
from app.web.bureau.asking import Asked, Params
from app.web.bureau.understanding import NoBureau, understood
from app.web.deps import Guard
from app.web.pages import see_other

READ = ["GET", "HEAD"]


class BureauRoute(APIRoute):
    """A page of the bureau: officers who come here are led to their enterprise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)
            except NoBureau as elsewhere:
                return see_other(elsewhere.location)

        return handler


def personal(viewer: Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))]) -> Viewer:
    """Let those through who may see names in their own reach; Problem 403."""
    if not viewer.scope.personal:
        raise forbidden()
    return viewer


Reader = Annotated[Viewer, Depends(Guard(roles.COVERAGE_READ))]
PersonalReader = Annotated[Viewer, Depends(personal)]


def asked_now(viewer: Viewer, session: Session, given: Params) -> Asked:
    """Understand what is asked at this moment."""
    return understood(viewer, session, given, clock.today(), clock.now())
