"""What every answer has, whoever asks: headers, limits of size, the language, the packed stylesheet."""

import re
from html import unescape

from starlette.testclient import TestClient

from app.ops.db import Database
from tests.web.doors import ON_SQLITE, PASSWORD, activate, code_for, csrf_on


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
