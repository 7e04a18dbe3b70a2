"""Exports on their way out: they stop when nobody waits, give back what they hold, and hold no page's turn."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text

from app.ops.db import Database, Session
from app.ops.turns import EXPORTS
from app.reports.exports import Column, Table
from app.web.streams import download

Message = dict[str, Any]


class Endless:
    """Rows without end, and whether they were closed."""

    def __init__(self) -> None:
        self.given, self.closed = 0, False

    def tables(self, session: Session) -> Iterable[Table]:
        return (Table("rows", (Column("number", "count"), Column("word")), self.rows(session)),)

    def rows(self, session: Session) -> Iterator[tuple[int, str]]:
        try:
            while True:
                assert session.scalar(text("SELECT 1")) == 1
                self.given += 1
                yield self.given, "龙江机械有限公司" * 8
        finally:
            self.closed = True


def request(database: Database, method: str = "GET") -> Request:
    app = FastAPI()
    app.state.database = database
    scope = {"type": "http", "method": method, "app": app, "headers": [], "query_string": b"", "path": "/x"}
    return Request(scope | {"state": {}})


def served(
    database: Database, name: str, tables: Callable[[Session], Iterable[Table]], leave: Callable[[list[Message]], bool]
) -> list[Message]:
    """Serve a download to a reader who hangs up once `leave` says so of what was sent."""
    sent: list[Message] = []

    async def main() -> None:
        asked = request(database)

        async def receive() -> Message:
            while not leave(sent):  # noqa: ASYNC110 - what is awaited happens in another thread
                await anyio.sleep(0.01)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        answer: Callable[..., Awaitable[None]] = download(asked, name, tables)
        with anyio.fail_after(30):
            await answer(asked.scope, receive, send)
        assert database.turns.exporting.value == EXPORTS

    anyio.run(main)
    return sent


@pytest.mark.parametrize("name", ["rows.csv", "rows.xlsx"])
def test_whoever_hangs_up_ends_the_work(database: Database, name: str) -> None:
    rows = Endless()
    csv = name.endswith("csv")
    sent = served(database, name, rows.tables, lambda sent: len(sent) > 3 if csv else rows.given > 2000)
    assert rows.closed
    assert bool(sent) == csv
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # every pool used here counts


def test_a_fault_in_the_first_rows_is_raised_and_nothing_is_sent(database: Database) -> None:
    def tables(_: Session) -> Iterable[Table]:
        return (Table("rows", (Column("number", "count"),), ((1 // n,) for n in (1, 0))),)

    with pytest.raises(ZeroDivisionError):
        served(database, "rows.csv", tables, lambda _: False)
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # the same


def test_head_is_told_what_it_would_be_and_reads_nothing(database: Database) -> None:
    rows = Endless()
    answer = download(request(database, "HEAD"), "rows.csv", rows.tables)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows.given == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_export_reads_with_little_memory_and_leaves_the_connection_as_it_was(database: Database) -> None:
    def settings(session: Session) -> list[int]:
        return [int(session.scalar(text(f"PRAGMA {name}")) or 0) for name in ("cache_size", "mmap_size")]

    during: list[list[int]] = []

    def tables(session: Session) -> Iterable[Table]:
        during.append(settings(session))
        return ()

    with database.reading() as session:
        before = settings(session)
    served(database, "rows.csv", tables, lambda _: False)
    with database.reading() as session:
        assert settings(session) == before
    assert during == [[-8192, 0]]
