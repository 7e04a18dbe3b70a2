"""The doors, as a browser without an account meets them: a code, the forms of activation and sign-in."""

import re
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from app.identity import service as identity
from app.identity.service import Actor
from app.ops.db import Database

LUO = "luo-manager"
PASSWORD = "correct horse battery"
OFFICER = Actor(None, "Chen")
NOW = datetime.now(UTC)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what the engine has no part in."""


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
