"""Uploads files to be imported, as the form does."""

from collections.abc import Sequence

from httpx import Response

from tests import world
from tests.web.browsers import Browser
from tests.world import LONGJIANG, ROSTER, STRANGER

HEADERS = ROSTER[0]
NEW = (LONGJIANG, "蓝天明", STRANGER, "", "班组长", "焊工", "2026-01-02", "")


def upload(
    browser: Browser,
    *rows: Sequence[str],
    kind: str = "roster",
    headers: Sequence[str] = HEADERS,
    name: str = "名册.csv",
) -> str:
    """Upload rows and give the address of the page that says what they would do."""
    answer = send(browser, world.as_csv((headers, *rows)), kind, name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def send(browser: Browser, data: bytes, kind: str = "roster", name: str = "名册.csv") -> Response:
    answer: Response = browser.post("/imports", data={"csrf": browser.csrf, "kind": kind}, files={"file": (name, data)})
    return answer
