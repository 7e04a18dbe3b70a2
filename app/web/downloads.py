"""Files that pages give to take away: their type by their name, never cached."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.reports.exports import Table, csv_chunks, workbook

Route = TypeVar("Route", bound=Callable[..., object])

TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "toml": "application/toml; charset=utf-8",
}


def exported(router: APIRouter, path: str) -> Callable[[Route], Route]:
    """Put a route at both addresses of an export: the path with .xlsx and with .csv."""

    def put(route: Route) -> Route:
        for kind in ("csv", "xlsx"):
            router.api_route(f"{path}.{kind}", methods=["GET", "HEAD"])(route)
        return route

    return put


def ending(request: Request) -> str:
    """Give what the address ends with: the kind of file that is asked for."""
    return request.url.path.rpartition(".")[2]


def chunks(kind: str, tables: Iterable[Table]) -> Iterator[bytes]:
    """Write tables as the kind of file that is asked for: a csv row by row, a workbook whole before its first byte."""
    return csv_chunks(tables) if kind == "csv" else workbook(tables)


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
