"""More people at once than the server has threads: everybody gets through, nobody waits for ever."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.types import ASGIApp

from app.ops.db import Database
from app.ops.turns import READERS, THREADS
from tests.web.browsers import Browser
from tests.web.learning.conftest import LAW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_twice_as_many_writers_as_threads_all_get_through(app: ASGIApp, wei: Browser) -> None:
    async def storm() -> Counter[int]:
        headers = {"X-CSRF-Token": wei.csrf, "Accept": "application/json"}
        transport = httpx.ASGITransport(app)
        async with (
            asyncio.timeout(60),
            httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client,
        ):
            client.cookies.update(dict(wei.cookies))
            path = f"/courses/{LAW}/modules/who-pays"
            calls = [client.post(path + "/sessions") if n % 2 else client.get(path) for n in range(4 * THREADS)]
            return Counter([answer.status_code for answer in await asyncio.gather(*calls)])

    assert asyncio.run(storm()) == {200: 4 * THREADS}


def test_a_learner_does_not_wait_behind_reports(app: ASGIApp, database: Database, wei: Browser) -> None:
    async def beside_reports() -> int:
        transport = httpx.ASGITransport(app)
        async with (
            asyncio.timeout(20),
            AsyncExitStack() as reports,
            httpx.AsyncClient(transport=transport, base_url="http://testserver", cookies=dict(wei.cookies)) as client,
        ):
            for _ in range(READERS):
                await reports.enter_async_context(database.turns.reading)
            return (await client.get(f"/courses/{LAW}")).status_code

    assert asyncio.run(beside_reports()) == 200
