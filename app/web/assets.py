"""Static files, the joined stylesheet, and the health check: public, cached by content hash."""

import gzip
from functools import lru_cache

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.ops.health import said
from app.web.pages import STATIC, render, stylesheet
from app.web.transactions import Base

router = APIRouter()
FRESH = {"Cache-Control": "no-cache"}
FOREVER = "public, max-age=31536000, immutable"


class HashedFiles(StaticFiles):
    """Static files that browsers keep for ever when their address carries the content's hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER if b"v=" in scope["query_string"] else "public, max-age=300"
        return response


@router.api_route("/style-{digest}.css", methods=["GET", "HEAD"])
def style(request: Request, digest: str) -> Response:
    """Serve all components' stylesheets as one file, packed for browsers that say they unpack it."""
    current, content = stylesheet()
    headers = {"Cache-Control": FOREVER if digest == current else "no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = _packed(content)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="text/css", headers=headers)


@lru_cache(maxsize=1)
def _packed(content: bytes) -> bytes:
    """Pack once what never changes while the server runs; a public file has no secret that its length could tell."""
    return gzip.compress(content, mtime=0)


@router.api_route("/worker.js", methods=["GET", "HEAD"])
def service_worker() -> Response:
    """Serve the service worker at the root, so that it may answer for every page."""
    return Response((STATIC / "js" / "worker.js").read_bytes(), media_type="text/javascript", headers=FRESH)


@router.api_route("/offline", methods=["GET", "HEAD"])
def offline(request: Request) -> Response:
    """Serve what the service worker keeps, and shows for a page that cannot be reached: nothing of anybody."""
    return render(request, "offline.html", None)


@router.api_route("/healthz", methods=["GET", "HEAD"])
def health(database: Base) -> Response:
    """Say whether the database answers, and how many alarms are open (which does not make the process unfit)."""
    words = said(database)
    return PlainTextResponse("database", 503) if words is None else PlainTextResponse(words)


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
def robots(request: Request) -> Response:  # noqa: ARG001 - a route's shape
    """Ask crawlers to stay out, but of what is published."""
    return PlainTextResponse("User-agent: *\nAllow: /open\nDisallow: /\n")


def mount(app: FastAPI) -> None:
    """Serve the static folder."""
    app.mount("/static", HashedFiles(directory=STATIC), name="static")
