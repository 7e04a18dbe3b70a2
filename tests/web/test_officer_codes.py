"""Luo hands the safety officers of Liuzhou their codes, and nobody else's."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.access import service as access
from app.identity import service as identity
from app.ops import passwords
from app.ops.db import Database
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.world import World


def ask(browser: Browser, enterprise: int, account: int) -> tuple[int, str]:
    answer = browser.submit(f"/enterprises/{enterprise}/officer-codes", account=account)
    return answer.status_code, answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_slip_opens_the_officers_account(luo: Browser, lived_in: World, database: Database) -> None:
    assert "陈静" in luo.get(f"/enterprises/{lived_in.longjiang}").text
    status, page = ask(luo, lived_in.longjiang, lived_in.chen)
    assert status == 200
    found = re.search(r'class="code">([A-Z2-7-]+)<br>([A-Z2-7-]+)<', page)
    assert found
    with database.session() as session:
        hashed = passwords.hash_password("a good password")
        assert identity.activate(session, found[1] + found[2], hashed, datetime.now(UTC)) == lived_in.chen


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_code_for_another_place_or_for_somebody_who_is_no_officer(luo: Browser, lived_in: World) -> None:
    assert ask(luo, lived_in.foshan, lived_in.chen)[0] == 404
    assert ask(luo, lived_in.longjiang, lived_in.li)[0] == 404
    assert ask(luo, lived_in.longjiang, lived_in.guan)[0] == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "more", [("administrator", None, None), ("bureau_manager", "440000", None), ("officer", None, "foshan")]
)
def test_an_account_that_may_do_more_cannot_be_taken_over(
    luo: Browser, lived_in: World, database: Database, more: tuple[str, str | None, str | None]
) -> None:
    role, region, enterprise = more
    with database.session() as session:
        place = lived_in.foshan if enterprise else None
        access.grant(session, lived_in.chen, role, region, place, "test", datetime.now(UTC))
    assert ask(luo, lived_in.longjiang, lived_in.chen)[0] == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_cannot_do_it(sign_in: SignIn, lived_in: World, staff: Callable[..., int]) -> None:
    officer = sign_in(staff("另一位", "officer", enterprise_id=lived_in.longjiang))
    assert ask(officer, lived_in.longjiang, lived_in.chen)[0] == 403
    assert "officer-codes" not in officer.get(f"/enterprises/{lived_in.longjiang}").text
