"""Reading in a browser: time is measured by the server, one device at a time, and only for who is signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from tests.web.browsers import Browser
from tests.web.learning.conftest import LAW, Clock
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MODULE = f"/courses/{LAW}/modules/who-pays"


def send(browser: Browser, path: str, body: dict[str, Any] | None = None) -> Response:
    headers = {"X-CSRF-Token": browser.csrf, "Accept": "application/json"}
    answer: Response = browser.post(path, json=body, headers=headers) if body else browser.post(path, headers=headers)
    return answer


def report(browser: Browser, token: str, sequence: int, *spans: tuple[int, int]) -> Response:
    body = {"token": token, "sequence": sequence, "spans": [list(span) for span in spans]}
    return send(browser, "/learning/receipts", body)


def test_a_module_is_read_in_its_time_and_not_faster(wei: Browser, time: Clock) -> None:
    opened = send(wei, MODULE + "/sessions").json()
    needed = opened["needed_ms"]
    time.forward(30)
    assert report(wei, opened["token"], 1, (0, needed)).json()["position_ms"] < 31_000
    time.forward(needed / 1000)
    assert report(wei, opened["token"], 2, (0, needed)).json()["complete"] is True
    assert "本单元已学完" in wei.get(MODULE).text


def test_opening_it_elsewhere_stops_the_first_page_and_goes_on_where_credit_ended(wei: Browser, time: Clock) -> None:
    phone = send(wei, MODULE + "/sessions").json()
    time.forward(20)
    read = report(wei, phone["token"], 1, (0, 20_000)).json()["position_ms"]
    tablet = send(wei, MODULE + "/sessions").json()
    assert tablet["position_ms"] == read >= 20_000
    refused = report(wei, phone["token"], 2, (20_000, 25_000))
    assert (refused.status_code, refused.json()["code"]) == (409, "taken_over")
    assert "另一台设备" in refused.json()["detail"]


def test_a_report_needs_the_sessions_token_and_the_pages_own(
    wei: Browser, world: World, browser_of: Callable[[int], Browser]
) -> None:
    opened = send(wei, MODULE + "/sessions").json()
    assert wei.post("/learning/receipts", json={}).status_code == 403
    assert report(browser_of(world.mo), opened["token"], 1, (0, 1000)).status_code == 404
    assert report(wei, "unknown", 1, (0, 1000)).status_code == 404
    assert report(wei, opened["token"], 1, (-5, 1000)).status_code == 422
    assert report(wei, opened["token"], 1, (1000, 5)).status_code == 422


@pytest.mark.parametrize("path", ["/courses/unknown", f"/courses/{LAW}/modules/unknown", "/figures/x/y/z.svg"])
def test_what_does_not_exist_is_not_found(wei: Browser, path: str) -> None:
    assert wei.get(path).status_code == 404


def test_a_modules_pictures_are_served_and_kept(wei: Browser) -> None:
    page = wei.get(f"/courses/{LAW}/modules/what-counts").text
    address = page.split('src="/figures/')[1].split('"')[0]
    picture = wei.get("/figures/" + address)
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "immutable" in picture.headers["cache-control"]
    assert picture.text.startswith("<svg")


def test_staff_without_a_record_of_their_own_are_told_so(world: World, sign_in: Callable[[int], Browser]) -> None:
    refused = sign_in(world.luo).get(MODULE)
    assert refused.status_code == 403
    assert "没有关联到学习的人" in refused.text
