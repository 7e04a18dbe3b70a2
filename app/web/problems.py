"""The one handler of errors for pages: Problems in the viewer's language, our own faults with a request id only."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.access.scope import Viewer
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_
from app.ops.logging import log
from app.web.deps import SignInNeeded
from app.web.pages import in_words, render, see_other


@dataclass(frozen=True)
class ErrorPage:
    """What the error page shows."""

    status: int
    message: str
    request_id: str


def problem_response(request: Request, problem: Problem) -> Response:
    """Answer a Problem: RFC 9457 JSON to scripts, a page to browsers."""
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    message = in_words(request, viewer, problem)
    request_id = getattr(request.state, "request_id", "")
    if "text/html" not in request.headers.get("accept", "text/html") or "x-csrf-token" in request.headers:
        body = {"type": "about:blank", "status": problem.status, "code": problem.code, "detail": message}
        return JSONResponse(body, problem.status, media_type="application/problem+json")
    return render(request, "error.html", ErrorPage(problem.status, message, request_id), viewer, problem.status)


def on_problem(request: Request, exc: Exception) -> Response:
    """Handle a Problem."""
    assert isinstance(exc, Problem)  # noqa: S101 - registered for nothing else
    return problem_response(request, exc)


def on_sign_in_needed(request: Request, exc: Exception) -> Response:  # noqa: ARG001 - handler's shape
    """Send somebody who is not signed in to the sign-in page."""
    assert isinstance(exc, SignInNeeded)  # noqa: S101 - registered for nothing else
    return see_other(exc.location)


def on_http(request: Request, exc: Exception) -> Response:
    """Handle what the framework refuses: unknown paths, wrong methods, malformed input."""
    status = exc.status_code if isinstance(exc, HTTPException) else 422
    if status == 404:  # noqa: PLR2004 - HTTP
        return problem_response(request, not_found())
    if status == 405:  # noqa: PLR2004 - HTTP
        return problem_response(request, Problem(405, "method", N_("This address cannot be used in this way.")))
    message = N_("Something in the request is missing or malformed. Go back and check what you filled in.")
    return problem_response(request, Problem(status, "malformed", message))


def on_fault(request: Request, exc: Exception) -> Response:
    """Handle our own fault: logged with its trace, shown as an apology with the request id."""
    log().error("fault", exc_info=exc)
    message = N_("Something went wrong on our side. Nothing was changed. Tell support the number below.")
    return problem_response(request, Problem(500, "fault", message))
