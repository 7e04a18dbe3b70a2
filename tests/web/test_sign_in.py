"""Activation, sign-in, throttling, sign-out and CSRF, as a browser meets them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from app.identity.models import SignInSession
from app.kit.errors import Problem
from app.ops import passwords
from app.ops.db import Database
from app.workflows import sign_in as workflow
from app.workflows.sign_in import SignIn
from tests.web.doors import LUO, NOW, ON_SQLITE, PASSWORD, activate, code_for, csrf_on, sign_in


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
