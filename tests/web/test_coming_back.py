"""Who is asked to sign in comes back to where they went, question and all, and nowhere off the site."""

import re
from html import escape, unescape

import pytest
from starlette.testclient import TestClient

from app.ops.db import Database
from tests.web.doors import LUO, ON_SQLITE, PASSWORD, activate, code_for, csrf_on

OFF_SITE = (
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\r/evil.example",
    "/中文",
)
ASKED = (
    "/coverage/missing?plan=liuzhou-2021-2025&region=450205&on=2025-12-31&known_at=2026-01-05T08%3A00%3A00%2B08%3A00"
)


@ON_SQLITE
def test_a_copied_address_is_asked_again_whole_after_signing_in(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    client.cookies.clear()
    door = client.get(ASKED).headers["location"]
    form = client.get(door).text
    assert f'name="next" value="{escape(ASKED)}"' in form
    data = {"csrf": csrf_on(client, door), "identifier": LUO, "password": "not this one", "next": ASKED}
    refused = client.post("/sign-in", data=data).text
    assert escape(ASKED) in refused
    data["password"] = PASSWORD
    assert client.post("/sign-in", data=data).headers["location"] == ASKED


@ON_SQLITE
def test_the_way_by_an_activation_code_leads_to_the_same_address(client: TestClient, database: Database) -> None:
    door = re.search(r'href="(/activation[^"]+)"', client.get(client.get(ASKED).headers["location"]).text)
    assert door
    form = client.get(unescape(door[1])).text
    assert f'name="next" value="{escape(ASKED)}"' in form
    data = {"csrf": csrf_on(client, "/activation"), "code": code_for(database), "password": PASSWORD, "next": ASKED}
    assert client.post("/activation", data=data).headers["location"] == ASKED


@ON_SQLITE
def test_an_address_that_is_too_long_is_kept_without_its_query(client: TestClient) -> None:
    assert client.get("/coverage?region=" + "4" * 2000).headers["location"] == "/sign-in?next=/coverage"


@ON_SQLITE
@pytest.mark.parametrize("place", OFF_SITE)
def test_signing_in_never_leads_off_the_site(client: TestClient, database: Database, place: str) -> None:
    activate(client, code_for(database))
    client.cookies.clear()
    data = {"csrf": csrf_on(client, "/sign-in"), "identifier": LUO, "password": PASSWORD, "next": place}
    assert client.post("/sign-in", data=data).headers["location"] == "/"
    data = {"csrf": csrf_on(client, "/activation"), "code": code_for(database, "wei"), "password": PASSWORD}
    assert client.post("/activation", data=data | {"next": place}).headers["location"] == "/"
