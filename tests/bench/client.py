"""A cheap HTTP client, so that the client's own work does not count: kept-alive connections, a thread for each."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from app.web.deps import cookie_name
from tests.bench.region import Signed

Job = TypeVar("Job")


@dataclass
class Client:
    """One connection to a server."""

    url: str
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect when first asked."""
        self._connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)

    def get(self, path: str, who: Signed) -> bytes:
        """Ask for a page that must be there; its time is noted."""
        status, body, _ = self._ask("GET", path, who, None, {"Accept": "text/html"})
        assert status == 200, (status, path, body[:300])
        return body

    def api(self, path: str, token: str) -> Any:
        """Ask the JSON API with a bearer token; its time is noted."""
        status, body, _ = self._request("GET", path, None, {"Authorization": f"Bearer {token}"})
        assert status == 200, (status, path, body[:300])
        return json.loads(body)

    def post(self, path: str, who: Signed, **fields: str) -> str:
        """Send a form that must be taken; gives where it leads."""
        form = urlencode({"csrf": who.csrf, **fields}).encode()
        status, body, location = self._ask(
            "POST", path, who, form, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 303, (status, path, body[:300])
        return location

    def send(self, path: str, who: Signed, value: object) -> Any:
        """Send JSON that must be taken; gives the answer."""
        told = {"Content-Type": "application/json", "X-CSRF-Token": who.csrf}
        status, body, _ = self._ask("POST", path, who, json.dumps(value).encode(), told)
        assert status == 200, (status, path, body[:300])
        return json.loads(body)

    def _ask(
        self, method: str, path: str, who: Signed, body: bytes | None, told: dict[str, str]
    ) -> tuple[int, bytes, str]:
        return self._request(method, path, body, {"Cookie": f"{cookie_name()}={who.token}", **told})

    def _request(self, method: str, path: str, body: bytes | None, told: dict[str, str]) -> tuple[int, bytes, str]:
        begun = time.perf_counter()
        self._connection.request(method, path, body, told)
        answer = self._connection.getresponse()
        read = answer.read()
        self.seconds.append(time.perf_counter() - begun)
        return answer.status, read, answer.getheader("location", "")


@dataclass(frozen=True)
class Together:
    """What many connections did: how long it took in all, and each request's seconds."""

    took: float
    seconds: list[float]


def together(url: str, connections: int, jobs: Sequence[Job], do: Callable[[Client, Job], object]) -> Together:
    """Do all jobs over so many connections at once."""
    own = threading.local()
    clients: list[Client] = []

    def one(job: Job) -> None:
        if not hasattr(own, "client"):
            own.client = Client(url)
            clients.append(own.client)
        do(own.client, job)

    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        for done in [pool.submit(one, job) for job in jobs]:
            done.result()
    return Together(time.perf_counter() - begun, [second for client in clients for second in client.seconds])
