"""Films, recordings and documents of modules, by the hash of their content: whole, or a range of bytes (RFC 9110)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.catalogue import store
from app.catalogue.store import Kept
from app.ops.db import Database
from app.web.assets import FOREVER
from app.web.learner import Learner
from app.web.transactions import Base, Reading

router = APIRouter()
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
MOST_AT_ONCE: Final = 2 * 1024 * 1024
"""A range is answered with at most so many bytes: players ask for the next, and a worker's process stays free."""


@dataclass(frozen=True)
class Part:
    """The bytes [start, end) of a file."""

    start: int
    end: int


def asked_part(header: str | None, size: int) -> Part | None:
    """Read a Range header: None when all is wanted (also for what is not understood, or for several ranges).

    ValueError when the range lies outside the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if first and last and int(last) < int(first):
        return None
    if start >= size or (not first and int(last) == 0):
        message = f"{header} lies outside {size} bytes"
        raise ValueError(message)
    return Part(start, min(end, start + MOST_AT_ONCE))


@router.api_route("/media/{digest}/{name}", methods=["GET", "HEAD"])
def media(
    request: Request,
    digest: str,
    name: str,
    viewer: Learner,  # noqa: ARG001 - guarded
    session: Reading,
    database: Base,
) -> Response:
    """Serve a file, or a range of it; it never changes under its address."""
    file = store.kept(session, digest, name)
    tag = f'"{digest}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Cache-Control": FOREVER.replace("public", "private")}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    ranged = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    try:
        part = asked_part(ranged, file.size)
    except ValueError:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{file.size}"})
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
        data = b"".join(store.piece(session, digest, part.start, part.end))
        return Response(data, 206, headers, media_type=file.type)
    if request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(file.size)}, media_type=file.type)
    return _whole(database, file, headers)


def _whole(database: Database, file: Kept, headers: dict[str, str]) -> Response:
    """Stream a file piece by piece, each read in a transaction of its own, so that a slow line holds none."""

    def pieces() -> Iterator[bytes]:
        for start in range(0, file.size, store.CHUNK):
            with database.reading() as session:
                yield b"".join(store.piece(session, file.digest, start, min(file.size, start + store.CHUNK)))

    length = {"Content-Length": str(file.size)}
    return StreamingResponse(pieces(), media_type=file.type, headers=headers | length)
