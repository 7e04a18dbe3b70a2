"""`coverall user add` and `token`: accounts of their own, codes that open them, places that must exist."""

import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from app.access.roles import FIGURES_READ
from app.cli import app
from app.identity import service as identity
from app.kit.errors import Problem
from app.ops import clock, passwords
from app.ops.db import Database
from app.ops.settings import ROOT, settings
from app.workflows import viewers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _own_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    settings.cache_clear()
    coverall("import", "regions", str(ROOT / "courses/plans/regions.csv"))
    yield
    settings.cache_clear()


def coverall(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception:
        raise result.exception
    return result.stdout


def added(name: str, role: str) -> tuple[str, str]:
    said = coverall("user", "add", "--role", role, "--region", "450200", name)
    login, code = re.search(r"login: (\S+)", said), re.search(r"activation code: (\S+)", said)
    assert login
    assert code
    return login[1], code[1]


def test_two_people_added_at_once_have_an_account_each(database: Database) -> None:
    (luo, first), (lan, second) = added("罗明", "bureau_viewer"), added("兰芳", "bureau_viewer")
    assert luo != lan
    with database.session() as session:
        hashed = passwords.hash_password("a good password")
        accounts = {identity.activate(session, code, hashed, clock.now()) for code in (first, second)}
    assert len(accounts) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "--role", "bureau_viewer", "--region", "999999", "罗明"),
        ("user", "add", "--role", "bureau_viewer", "罗明"),
        ("user", "add", "--role", "officer", "--enterprise", "91000000000000000K", "陈静"),
        ("user", "add", "--role", "worker", "韦大勇"),
        ("token", "add", "--role", "king", "报表"),
    ],
)
def test_a_role_without_its_place_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(Problem):
        coverall(*words)


def test_a_token_is_printed_once_and_alone() -> None:
    assert re.fullmatch(
        r"cv_[\w-]{43}\n", coverall("token", "add", "--role", "bureau_viewer", "--region", "450200", "报表")
    )


def test_a_token_opens_figures_until_it_is_revoked(database: Database) -> None:
    lost, kept = (
        coverall("token", "add", "--role", "bureau_viewer", "--region", "450200", name).strip() for name in "甲乙"
    )
    assert re.findall(
        r"^(\d+)  (.)  bureau_viewer  450200  made \S+  in force$", coverall("token", "list"), re.MULTILINE
    ) == [
        ("1", "甲"),
        ("2", "乙"),
    ]
    assert opens(database, lost)
    assert coverall("token", "revoke", "1") == "revoked: 甲\n"
    assert (opens(database, lost), opens(database, kept)) == (False, True)
    assert "甲  bureau_viewer  450200  made" in coverall("token", "list")
    assert "revoked " in coverall("token", "list").splitlines()[0]
    for number in ("1", "9"):
        with pytest.raises(Problem):
            coverall("token", "revoke", number)


def opens(database: Database, token: str) -> bool:
    with database.reading() as session:
        return viewers.by_token(session, token, FIGURES_READ) is not None
