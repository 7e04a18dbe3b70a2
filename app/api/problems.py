"""Errors of the API as RFC 9457 problems."""

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.kit.errors import Problem
from app.ops.i18n import N_, translate


def on_problem(request: Request, exc: Exception) -> Response:
    """Answer a Problem in the language the caller accepts (English, or Chinese by default)."""
    assert isinstance(exc, Problem)  # noqa: S101 - registered for nothing else
    language = "en" if request.headers.get("accept-language", "zh").lower().startswith("en") else "zh"
    body = {
        "type": "about:blank",
        "status": exc.status,
        "code": exc.code,
        "detail": translate(language, exc.message, **exc.details),
        "request_id": getattr(request.state, "request_id", ""),
    }
    headers = {"WWW-Authenticate": "Bearer"} if exc.status == 401 else None  # noqa: PLR2004 - HTTP
    return JSONResponse(body, exc.status, media_type="application/problem+json", headers=headers)


def on_malformed(request: Request, exc: Exception) -> Response:
    """Answer what the framework refuses."""
    status = exc.status_code if isinstance(exc, HTTPException) else 422
    message = N_("Something in the request is missing or malformed. Go back and check what you filled in.")
    return on_problem(request, Problem(status, "malformed", message))
