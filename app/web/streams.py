"""Exports on their way out: made in a worker thread with a read session of their own, sent as they are made.

A .csv leaves row by row; a workbook is whole in a temporary file before its first byte leaves, and by then the database
is free again. No turn of the pages is held, so a slow line keeps nobody waiting; only so many exports run at a time.
Whoever hangs up ends the work, and the rows are closed.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from anyio import create_task_group, to_thread
from fastapi import Request
from fastapi.responses import Response

from app.ops.db import Database, Session
from app.ops.long_reads import sparing
from app.reports.exports import Table
from app.web.downloads import attachment, chunks, ending
from app.web.transactions import database, open_report

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Make = Callable[[Session], Iterable[Table]]
Row = TypeVar("Row")


class HungUp(Exception):  # noqa: N818 - nobody is to blame
    """Nobody waits for the file any more."""


def download(request: Request, name: str, make: Make) -> Response:
    """Give tables as the file that a name ends with, .csv or .xlsx; to HEAD, only what it would be."""
    return attachment(name, b"") if request.method == "HEAD" else _Download(request, name, make)


def read_itself(request: Request, database: Database, name: str, make: Make) -> Response:
    """Give tables as the file that the address ends with, from the database itself: a replica may not have them yet.

    What is wrong shows before the first byte is sent.
    """
    kind = ending(request)
    if kind == "csv":
        rows = _rows(database, make)
        return attachment(f"{name}.csv", chain([next(rows)], rows))
    with database.reading() as session:
        return attachment(f"{name}.{kind}", chunks(kind, make(session)))


def _rows(database: Database, make: Make) -> Iterator[bytes]:
    with database.reading() as session:
        yield from chunks("csv", make(session))


class _Download(Response):
    """A file whose content is made once it is asked for; a fault before the first chunk is answered as a fault."""

    def __init__(self, request: Request, name: str, make: Make) -> None:
        super().__init__()
        self.request, self.name = request, name
        self.content = _Content(request, make, name.rpartition(".")[2])

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Make and send the file when it is its turn."""
        async with database(self.request).turns.exporting:
            try:
                await self._begun(receive)
                await attachment(self.name, self.content.chunks())(scope, receive, send)
            except HungUp:
                return
            finally:
                self.content.close()

    async def _begun(self, receive: "Receive") -> None:
        """Make the first chunk, and stop at once when the reader hangs up meanwhile."""

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            self.content.wanted = False

        async with create_task_group() as tasks:
            tasks.start_soon(watch)
            fault = await to_thread.run_sync(self.content.begin)
            tasks.cancel_scope.cancel()
        if fault is not None:
            raise fault


class _Content:
    """The chunks of a file: the first is made by begin(), the rest as they are taken."""

    def __init__(self, request: Request, make: Make, kind: str) -> None:
        self.request, self.make, self.kind = request, make, kind
        self.wanted = True
        self.opened = ExitStack()
        self.rest: Iterator[bytes] = iter(())
        self.first = b""

    def begin(self) -> Exception | None:
        """Make the first chunk - of a workbook, all of it - and give what went wrong."""
        try:
            session = self.opened.enter_context(open_report(self.request))
            self.opened.enter_context(sparing(session))
            tables = [replace(table, rows=self._while_wanted(table.rows)) for table in self.make(session)]
            self.rest = chunks(self.kind, tables)
            self.first = next(self.rest, b"")
            if self.kind != "csv":
                self.opened.close()
        except Exception as fault:  # noqa: BLE001 - raised again outside the task group, which would wrap it
            return fault
        return None

    def chunks(self) -> Iterator[bytes]:
        """Give all chunks."""
        yield self.first
        yield from self.rest

    def close(self) -> None:
        """Give back what is held, also in the middle of the rows."""
        _close(self.rest)
        self.opened.close()

    def _while_wanted(self, rows: Iterable[Row]) -> Iterator[Row]:
        try:
            for row in rows:
                if not self.wanted:
                    raise HungUp
                yield row
        finally:
            _close(rows)


def _close(rows: object) -> None:
    """End a generator that may stand in the middle, so that what it reads from is given back."""
    close = getattr(rows, "close", None)
    if close is not None:
        close()
