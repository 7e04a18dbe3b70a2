"""Who may hand a worker a new code: it takes the account over, so this ends with the post and at a second employer."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.identity import queries as identity
from app.identity import service
from app.ops.db import Database
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.world import LIUBEI, WEI, World

HEAD = ("统一社会信用代码", "姓名", "证件号码", "岗位", "工种", "上岗日期", "离岗日期")
Hand = Callable[[Browser, int, int], int]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def hand() -> Hand:
    """Give a function: a browser, an enterprise and a person -> the status of asking for a code."""

    def handed(browser: Browser, enterprise_id: int, person_id: int) -> int:
        path = f"/enterprises/{enterprise_id}/activation-codes"
        return browser.submit(path, person=str(person_id)).status_code

    return handed


def works_at_liubei_too(database: Database, ends_on: str = "") -> None:
    with database.session() as session:
        world.fill(session, "roster", [HEAD, (LIUBEI, "韦大勇", WEI, "班组长", "钳工", "2024-01-01", ends_on)])


def in_use(database: Database, person_id: int) -> None:
    now = datetime.now(UTC)
    with database.session() as session:
        account_id = service.open_worker_account(session, person_id, "x", now)
        service.set_password(session, account_id, "a hash", now)


def state(database: Database, person_id: int) -> str:
    with database.reading() as session:
        return identity.worker_states(session, (person_id,), datetime.now(UTC)).get(person_id, "none")


def test_an_officer_cannot_take_over_the_account_of_somebody_who_left(
    sign_in: SignIn, lived_in: World, database: Database, hand: Hand
) -> None:
    in_use(database, lived_in.qin)
    chen = sign_in(lived_in.chen)
    assert hand(chen, lived_in.longjiang, lived_in.qin) == 403
    assert state(database, lived_in.qin) == "active"
    page = chen.get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.qin}")
    assert page.status_code == 200
    assert "activation-codes" not in page.text
    assert hand(sign_in(lived_in.luo), lived_in.longjiang, lived_in.qin) == 200


def test_nobody_gets_a_code_when_one_of_them_may_not(sign_in: SignIn, lived_in: World, database: Database) -> None:
    path = f"/enterprises/{lived_in.longjiang}/activation-codes"
    answer = sign_in(lived_in.chen).submit(path, person=[str(lived_in.wei), str(lived_in.qin)])
    assert answer.status_code == 403
    assert "覃志强" in answer.text
    assert state(database, lived_in.wei) == "none"


def test_an_account_in_use_is_reset_only_by_who_reaches_both_employers(
    sign_in: SignIn, lived_in: World, database: Database, hand: Hand
) -> None:
    works_at_liubei_too(database)
    in_use(database, lived_in.wei)
    for officer, enterprise in ((lived_in.chen, lived_in.longjiang), (lived_in.li, lived_in.liubei)):
        assert hand(sign_in(officer), enterprise, lived_in.wei) == 403
    assert state(database, lived_in.wei) == "active"
    assert hand(sign_in(lived_in.luo), lived_in.liubei, lived_in.wei) == 200


def test_a_first_code_comes_from_either_employer(
    sign_in: SignIn, lived_in: World, database: Database, hand: Hand
) -> None:
    works_at_liubei_too(database)
    assert hand(sign_in(lived_in.li), lived_in.liubei, lived_in.wei) == 200


def test_a_former_employer_does_not_stand_in_the_way(
    sign_in: SignIn, lived_in: World, database: Database, hand: Hand
) -> None:
    works_at_liubei_too(database, "2025-01-01")
    in_use(database, lived_in.wei)
    assert hand(sign_in(lived_in.li), lived_in.liubei, lived_in.wei) == 403
    assert hand(sign_in(lived_in.chen), lived_in.longjiang, lived_in.wei) == 200
