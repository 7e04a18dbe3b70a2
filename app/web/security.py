"""ASGI middleware: request ids, access log without personal data, size limit, security headers."""

import secrets
import time
from typing import TYPE_CHECKING

import structlog

from app.ops.logging import log

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    b"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
FORM_LIMIT = 256 * 1024
"""Bytes of any body but an upload: what is read before anybody is known must be small."""
UPLOADS = frozenset({"/imports"})
TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class TooLarge(Exception):  # noqa: N818 - it becomes a 413
    """A body went over the limit."""


class Shell:
    """Wraps the whole application."""

    def __init__(self, app: "ASGIApp", limit: int, *, secure: bool) -> None:
        """Set the limit of an upload in bytes, and whether https is promised."""
        self.app = app
        self.upload_limit = limit
        self.headers = (*HEADERS, TRANSPORT) if secure else HEADERS

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        limit = self.upload_limit if scope["path"] in UPLOADS else FORM_LIMIT
        status = 500

        async def answer(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *self.headers,
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            if _declared_length(scope) > limit:
                await _too_large(answer)
            else:
                await self.app(scope, _bounded(receive, limit), answer)
        except TooLarge:
            await _too_large(answer)
        finally:
            route = scope.get("route")
            log().info(
                "request",
                method=scope["method"],
                route=getattr(route, "path", "-"),
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )


def _declared_length(scope: "Scope") -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


def _bounded(receive: "Receive", limit: int) -> "Receive":
    seen = 0

    async def bounded() -> "Message":
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge
        return message

    return bounded


async def _too_large(send: "Send") -> None:
    body = "文件太大，无法上传。请拆分后再试。 The upload is too large; split it and try again.".encode()
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
