"""Requests that are served in one go: refused in the same order as any other, and they keep a session alive."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from starlette.types import ASGIApp

from app.identity.models import SignInSession
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.web.browsers import Browser
from tests.web.learning.conftest import LAW, Clock
from tests.web.learning.test_player import MODULE, report, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RECEIPTS = "/learning/receipts"


def seen(database: Database) -> list[datetime]:
    with database.reading() as session:
        return list(session.scalars(select(SignInSession.seen_at)))


def test_who_asks_is_settled_before_what_they_sent_is_looked_at(app: ASGIApp, wei: Browser) -> None:
    malformed = {"token": 5}
    with Browser(app, follow_redirects=False) as stranger:
        assert stranger.post(RECEIPTS, json=malformed).status_code == 401
        stranger.cookies.set(cookie_name(), "forged")
        assert stranger.post(RECEIPTS, json=malformed).status_code == 401
    assert wei.post(RECEIPTS, json=malformed).status_code == 403
    assert send(wei, RECEIPTS, malformed).status_code == 422


@pytest.mark.parametrize("told", ["text/plain", "application/x-json", ""])
def test_a_body_that_does_not_say_that_it_is_json_is_malformed(wei: Browser, told: str) -> None:
    opened = send(wei, MODULE + "/sessions").json()
    headers = {"X-CSRF-Token": wei.csrf, "Accept": "application/json", "Content-Type": told}
    body = f'{{"token": "{opened["token"]}", "sequence": 1, "spans": []}}'
    assert wei.post(RECEIPTS, content=body, headers=headers).status_code == 422
    headers["Content-Type"] = "application/json; charset=utf-8"
    assert wei.post(RECEIPTS, content=body, headers=headers).status_code == 200


def test_reading_and_reporting_both_keep_a_session_alive(wei: Browser, time: Clock, database: Database) -> None:
    opened = send(wei, MODULE + "/sessions").json()
    begun = max(seen(database))
    time.forward(400)
    assert report(wei, opened["token"], 1, (0, 1000)).status_code == 200
    reported = max(seen(database))
    assert reported > begun
    time.forward(400)
    assert wei.get(f"/courses/{LAW}").status_code == 200
    assert max(seen(database)) > reported


def test_a_session_that_ended_reports_nothing_from_the_next_request_on(wei: Browser, database: Database) -> None:
    opened = send(wei, MODULE + "/sessions").json()
    assert report(wei, opened["token"], 1, (0, 1000)).status_code == 200
    with database.session() as session:
        session.execute(update(SignInSession).values(ended_at=SignInSession.seen_at))
    assert report(wei, opened["token"], 2, (1000, 2000)).status_code == 401
