"""Activation, sign-in, throttling, sign-out, CSRF and the security headers, as a browser meets them."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from app.identity import service as identity
from app.identity.models import SignInSession
from app.identity.service import Actor
from app.kit.errors import Problem
from app.main import create_app
from app.ops import passwords
from app.ops.db import Database
from app.workflows import sign_in as workflow
from app.workflows.sign_in import SignIn

LUO = "luo-manager"
PASSWORD = "correct horse battery"
OFFICER = Actor(None, "Chen")
NOW = datetime.now(UTC)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what the engine has no part in."""


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(database), follow_redirects=False) as client:
        client.headers["accept"] = "text/html"
        yield client


def code_for(database: Database, login: str = LUO) -> str:
    with database.session() as session:
        account_id = identity.open_staff_account(session, "罗敏", "", NOW, login)
        return identity.issue_code(session, account_id, OFFICER, NOW)


def csrf_on(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found, path
    return found[1]


def activate(client: TestClient, code: str, password: str = PASSWORD) -> int:
    token = csrf_on(client, "/activation")
    answer = client.post("/activation", data={"csrf": token, "code": code, "password": password})
    return int(answer.status_code)


def sign_in(client: TestClient, password: str = PASSWORD, login: str = LUO) -> int:
    token = csrf_on(client, "/sign-in")
    data = {"csrf": token, "identifier": login, "password": password}
    return int(client.post("/sign-in", data=data).status_code)


def test_a_code_works_once_and_the_password_from_then_on(client: TestClient, database: Database) -> None:
    code = code_for(database)
    assert activate(client, code.lower()) == 303
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    assert activate(client, code, "another password") == 422
    assert sign_in(client) == 303
    assert client.get("/account").status_code == 200


def test_a_short_password_keeps_the_code_good(client: TestClient, database: Database) -> None:
    code = code_for(database)
    assert activate(client, code, "short") == 422
    assert activate(client, code) == 303


def test_a_reissued_code_ends_the_old_code_the_password_and_the_sessions(
    client: TestClient, database: Database
) -> None:
    old = code_for(database)
    assert activate(client, old) == 303
    new = code_for(database)
    assert client.get("/account").status_code == 303
    client.cookies.clear()
    assert sign_in(client) == 422
    assert activate(client, old) == 422
    assert activate(client, new) == 303


def test_an_expired_session_is_over(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    with database.session() as session:
        for live in session.query(SignInSession):
            live.expires_at = NOW - timedelta(seconds=1)
    assert client.get("/account").headers["location"] == "/sign-in?next=/account"


def test_five_wrong_passwords_stop_even_the_right_one(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    client.cookies.clear()
    assert [sign_in(client, "wrong password") for _ in range(5)] == [422] * 5
    assert sign_in(client) == 429
    assert (
        "15 分钟"
        in client.post(
            "/sign-in", data={"csrf": csrf_on(client, "/sign-in"), "identifier": LUO, "password": PASSWORD}
        ).text
    )


def test_a_name_written_in_other_letters_counts_as_the_same_name(client: TestClient, database: Database) -> None:
    activate(client, code_for(database, "kuang"))
    client.cookies.clear()
    kelvin = "\u212auang"
    assert [sign_in(client, "wrong password", login) for login in ("kuang", kelvin) * 3][:5] == [422] * 5
    assert [sign_in(client, login=login) for login in ("kuang", kelvin)] == [429, 429]


def test_many_wrong_passwords_at_once_are_no_more_than_one_after_the_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(5)
    tried: list[str] = []

    def slow(_hash: str | None, password: str) -> bool:
        tried.append(password)
        together.wait(timeout=10)
        return False

    monkeypatch.setattr(passwords, "verify", slow)

    def attempt(number: int) -> str:
        try:
            workflow.sign_in(database, SignIn(LUO, f"guess {number}", "192.0.2.1", "test"), NOW)
        except Problem as problem:
            return problem.code
        return ""

    with ThreadPoolExecutor(12) as pool:
        said = sorted(pool.map(attempt, range(12)))
    assert said == ["sign_in"] * 5 + ["throttled"] * 7
    assert len(tried) == 5


@ON_SQLITE
def test_an_unknown_name_reads_the_same_as_a_wrong_password(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    client.cookies.clear()

    def answer(login: str) -> str:
        token = csrf_on(client, "/sign-in")
        return str(client.post("/sign-in", data={"csrf": token, "identifier": login, "password": "no, not it"}).text)

    assert answer("nobody") == answer(LUO)


@ON_SQLITE
def test_a_form_without_its_token_is_refused(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    assert client.post("/sign-out", data={}).status_code == 403
    assert client.post("/sign-out", data={"csrf": "guess"}).status_code == 403
    client.cookies.clear()
    assert client.post("/sign-in", data={"identifier": LUO, "password": PASSWORD}).status_code == 403


@ON_SQLITE
def test_another_site_cannot_post(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    token = csrf_on(client, "/account")
    for header in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post("/sign-out", data={"csrf": token}, headers=header).status_code == 403
    assert client.post("/sign-out", data={"csrf": token}, headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_signing_out_everywhere_ends_the_other_browser(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    other = dict(client.cookies)
    client.cookies.clear()
    sign_in(client)
    client.post("/account/sign-out-everywhere", data={"csrf": csrf_on(client, "/account")})
    client.cookies.clear()
    client.cookies.update(other)
    assert client.get("/account").status_code == 303


def test_changing_the_password_keeps_this_browser_and_ends_the_rest(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    other = dict(client.cookies)
    client.cookies.clear()
    sign_in(client)
    data = {"csrf": csrf_on(client, "/account"), "old": PASSWORD, "new": "a new and longer one"}
    assert client.post("/account/password", data=data).status_code == 303
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    client.cookies.update(other)
    assert client.get("/account").status_code == 303


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


@ON_SQLITE
def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for path in ("/sign-in", "/nowhere", "/account", "/healthz"):
        headers = client.get(path).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]


@ON_SQLITE
def test_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    assert client.post("/sign-in", content=b"x" * (21 * 1024 * 1024)).status_code == 413


@ON_SQLITE
def test_only_an_upload_may_be_large(client: TestClient) -> None:
    for path in ("/sign-in", "/learning/receipts", "/attempts/1/answers", "/verification"):
        assert (
            client.post(path, content=b"[" * 300_000, headers={"content-type": "application/json"}).status_code == 413
        )
    assert client.post("/imports", content=b"x" * 300_000).status_code != 413


@ON_SQLITE
def test_the_cookie_is_for_the_server_only(client: TestClient, database: Database) -> None:
    token = csrf_on(client, "/activation")
    data = {"csrf": token, "code": code_for(database), "password": PASSWORD}
    cookie = client.post("/activation", data=data).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


@ON_SQLITE
def test_the_pages_speak_english_when_asked(client: TestClient) -> None:
    token = csrf_on(client, "/sign-in")
    client.post("/language", data={"csrf": token, "language": "en", "back": "/sign-in"})
    assert "I have an activation code" in client.get("/sign-in").text


@ON_SQLITE
def test_the_language_is_switched_on_the_page_as_it_was_asked(client: TestClient, database: Database) -> None:
    activate(client, code_for(database))
    page = client.get("/account?changed=1&on=2025-12-31").text
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back
    answer = client.post(
        "/language", data={"csrf": csrf_on(client, "/account"), "language": "en", "back": unescape(back[1])}
    )
    assert answer.headers["location"] == "/account?changed=1&on=2025-12-31"


@ON_SQLITE
def test_the_stylesheet_travels_packed_to_who_unpacks_it_and_whole_to_others(client: TestClient) -> None:
    style = re.search(r'href="(/style-[0-9a-f]+\.css)"', client.get("/sign-in").text)
    assert style
    packed = client.get(style[1], headers={"Accept-Encoding": "gzip"})
    whole = client.get(style[1], headers={"Accept-Encoding": "identity"})
    assert packed.content == whole.content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Vary"] == whole.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) * 3 < int(whole.headers["Content-Length"])
