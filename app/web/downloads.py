"""Files that pages give to take away: their type by their name, never cached."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "toml": "application/toml; charset=utf-8",
}


def attachment(name: str, content: bytes | Iterator[bytes]) -> Response:
    """Give content as a file to be saved under a name, which may be Chinese."""
    suffix = name.rpartition(".")[2]
    headers = {
        "Content-Disposition": f"attachment; filename=\"coverall.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    if isinstance(content, bytes):
        return Response(content, media_type=TYPES[suffix], headers=headers)
    return StreamingResponse(content, media_type=TYPES[suffix], headers=headers)
