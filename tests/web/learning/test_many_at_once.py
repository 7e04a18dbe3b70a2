"""More people at once than the server has threads: everybody gets through, nobody waits for ever."""

import asyncio
from collections import Counter

import httpx
import pytest
from starlette.types import ASGIApp

from app.ops.turns import THREADS
from tests.web.conftest import Browser
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
