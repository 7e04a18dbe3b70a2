"""The administrator's screens: accounts with roles and codes, and the trail of who did what."""

import io
import re
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from app.access import service as access
from app.access.models import Grant
from app.identity import service as identity
from app.identity.models import Account
from app.ops.db import Database
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.world import CHEN_PHONE, LONGJIANG, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def people(lived_in: World) -> World:
    return lived_in


def account_of(database: Database, name: str) -> int:
    with database.session() as session:
        return session.query(Account).filter_by(name=name).one().id


def grants_of(database: Database, account_id: int) -> list[tuple[str, str | None, int | None]]:
    with database.session() as session:
        rows = session.query(Grant).filter_by(account_id=account_id, revoked_at=None)
        return [(row.role, row.region, row.enterprise_id) for row in rows]


def code_on(page: str) -> str:
    found = re.search(r'class="code">([A-Z2-7-]+)<br>([A-Z2-7-]+)<', page)
    assert found, page
    return f"{found[1]}-{found[2]}"


def test_a_new_officer_signs_in_with_the_code_that_was_shown_once(
    guan: Browser, people: World, database: Database
) -> None:
    given = {"name": "钱进", "phone": "138 0000 0009", "role": "officer", "uscc": LONGJIANG.lower(), "region": "450200"}
    page = guan.submit("/admin/accounts", **given)
    assert page.status_code == 200
    assert "138****0009" in page.text
    qian = account_of(database, "钱进")
    assert grants_of(database, qian) == [("officer", None, people.longjiang)], "the region is no officer's"
    assert code_on(page.text) not in guan.get(f"/admin/accounts/{qian}").text
    with database.session() as session:
        assert identity.activate(session, code_on(page.text), "hash", datetime.now(UTC)) == qian


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "请填写姓名"),
        ({"phone": "", "login": ""}, "手机号或登录名"),
        ({"phone": "12345"}, "11 位数字"),
        ({"login": "13800000009"}, "至少含一个字母"),
        ({"role": "worker"}, "没有这个角色"),
        ({"role": "bureau_viewer"}, "需要指定地区"),
        ({"role": "bureau_viewer", "region": "999999"}, "没有此代码的行政区划"),
        ({"uscc": world.uscc(99)}, "请先导入"),
        ({"uscc": ""}, "需要指定用人单位"),
        ({"phone": CHEN_PHONE}, "已有账号"),
        ({"login": "GUAN"}, "已有账号"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    wrong: dict[str, str], said: str, guan: Browser, people: World, database: Database
) -> None:
    given = {"name": "钱进", "phone": "13800000009", "role": "officer", "uscc": LONGJIANG} | wrong
    answer = guan.submit("/admin/accounts", **given)
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert f'value="{given["uscc"]}"' in answer.text
    with database.session() as session:
        assert session.query(Account).filter_by(name="钱进").count() == 0


def test_a_new_code_ends_password_and_sessions(
    guan: Browser, people: World, sign_in: SignIn, database: Database
) -> None:
    chen = sign_in(people.chen)
    page = guan.submit(f"/admin/accounts/{people.chen}/codes")
    assert chen.get("/imports").status_code == 303, "to the sign-in page"
    with database.session() as session:
        assert identity.activate(session, code_on(page.text), "hash", datetime.now(UTC)) == people.chen


def test_a_closed_account_is_over(guan: Browser, people: World, sign_in: SignIn, database: Database) -> None:
    chen = sign_in(people.chen)
    assert guan.submit(f"/admin/accounts/{people.chen}/closure").status_code == 303
    assert chen.get("/imports").status_code == 303
    assert grants_of(database, people.chen) == []
    page = guan.get(f"/admin/accounts/{people.chen}").text
    assert "已停用" in page
    assert "重新发激活码" not in page
    assert guan.submit(f"/admin/accounts/{people.chen}/codes").status_code == 409


def test_roles_come_and_go(guan: Browser, people: World, sign_in: SignIn, database: Database) -> None:
    address = f"/admin/accounts/{people.xie}"
    guan.submit(f"{address}/roles", role="bureau_manager", region="450203")
    xie = sign_in(people.xie)
    assert xie.get("/imports").status_code == 200
    with database.session() as session:
        given = session.query(Grant).filter_by(account_id=people.xie, role="bureau_manager").one().id
    assert guan.submit(f"{address}/roles/{given}/revocation").status_code == 303
    assert xie.get("/imports").status_code == 403
    assert guan.submit(f"{address}/roles/{given}/revocation").status_code == 404
    answer = guan.submit(f"{address}/roles", role="officer", uscc="")
    assert answer.status_code == 422
    assert "需要指定用人单位" in answer.text


def test_an_administrator_cannot_lock_the_door_from_outside(guan: Browser, people: World, database: Database) -> None:
    own = f"/admin/accounts/{people.guan}"
    with database.session() as session:
        role = session.query(Grant).filter_by(account_id=people.guan).one().id
    answers = [guan.submit(f"{own}/{act}") for act in ("closure", "codes", f"roles/{role}/revocation")]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert grants_of(database, people.guan) == [("administrator", None, None)]
    assert "确认停用" not in guan.get(own).text


def test_the_list_is_filtered_searched_and_exported(guan: Browser, people: World) -> None:
    def named(page: str) -> set[str]:
        return set(re.findall(r'href="/admin/accounts/\d+">([^<]+)<', page))

    assert named(guan.get("/admin/accounts").text) == {"陈静", "李安", "罗明", "谢芳", "管平"}
    assert named(guan.get("/admin/accounts", params={"role": "officer"}).text) == {"陈静", "李安"}
    assert named(guan.get("/admin/accounts", params={"state": "closed"}).text) == set()
    assert "龙江机械有限公司" in guan.get("/admin/accounts").text
    assert named(guan.submit("/admin/accounts/search", text="罗").text) == {"罗明"}
    assert named(guan.submit("/admin/accounts/search", text=CHEN_PHONE).text) == {"陈静"}
    assert CHEN_PHONE not in guan.get("/admin/accounts").text
    book = load_workbook(io.BytesIO(guan.get("/admin/accounts.xlsx", params={"role": "officer"}).content))
    assert {row[0] for row in book.active.iter_rows(min_row=2, values_only=True)} == {"陈静", "李安"}
    assert "138****0001" in guan.get("/admin/accounts.csv").text


def test_the_list_is_paged(guan: Browser, people: World, database: Database) -> None:
    now = datetime.now(UTC)
    with database.session() as session:
        for number in range(60):
            account = identity.open_staff_account(session, f"科员{number}", "", now, f"clerk{number}")
            access.grant(session, account, "bureau_viewer", "450200", None, "test", now)
    first = guan.get("/admin/accounts", params={"role": "bureau_viewer"}).text
    following = re.search(r'href="(/admin/accounts\?[^"]+)" rel="next"', first)
    assert following
    second = guan.get(following[1].replace("&amp;", "&")).text
    listed = [re.findall(r'href="/admin/accounts/(\d+)"', page) for page in (first, second)]
    assert [len(page) for page in listed] == [50, 11], "60 clerks and Xie"
    assert not set(listed[0]) & set(listed[1])


def test_workers_are_no_staff(guan: Browser, people: World, database: Database) -> None:
    with database.session() as session:
        wei = identity.open_worker_account(session, people.wei, "韦大勇", datetime.now(UTC))
    assert "韦大勇" not in guan.get("/admin/accounts").text
    assert guan.get(f"/admin/accounts/{wei}").status_code == 404
    assert guan.submit(f"/admin/accounts/{wei}/codes").status_code == 404
    assert guan.get("/admin/accounts/99999999999999999999").status_code == 422


def test_only_administrators_see_accounts_and_the_trail(people: World, sign_in: SignIn) -> None:
    for account in (people.chen, people.luo, people.xie):
        browser = sign_in(account)
        for path in ("/admin/accounts", "/admin/accounts/new", f"/admin/accounts/{people.chen}", "/admin/audit"):
            assert browser.get(path).status_code == 403
        assert browser.submit(f"/admin/accounts/{people.xie}/closure").status_code == 403


def test_the_trail_tells_who_did_what(guan: Browser, people: World) -> None:
    guan.submit(f"/admin/accounts/{people.xie}/roles", role="bureau_viewer", region="440000")
    page = guan.get("/admin/audit", params={"subject": "account", "subject_id": people.xie}).text
    assert "管平" in page
    assert "授予角色" in page
    assert "人社部门（查看）" in page
    assert "只看：账号" in page
    imported = guan.get("/admin/audit", params={"action": "import.roster"}).text
    assert "行数 6，新增 6" in imported
    assert "授予角色</td>" not in imported
    assert "没有符合条件的记录" in guan.get("/admin/audit", params={"until": "2020-01-01"}).text
    assert guan.get("/admin/audit", params={"until": "gestern"}).status_code == 422
    lines = guan.get("/admin/audit.csv", params={"account": people.guan}).text.splitlines()
    assert lines[0].startswith("\ufeff时间,操作人,操作,对象,详情")
    assert len(lines) == 2
    assert guan.get("/admin/audit.pdf").status_code == 404


def test_the_trail_is_paged_and_wholly_exported(guan: Browser, people: World, database: Database) -> None:
    with database.session() as session:
        for number in range(120):
            identity.audit(session, world.OPERATOR, "sign_in", "account", number, datetime.now(UTC))
    seen: list[str] = []
    address = "/admin/audit?action=sign_in"
    while address:
        page = guan.get(address).text
        seen += re.findall(r'subject_id=(\d+)"', page)
        following = re.search(r'href="(/admin/audit\?[^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(number) for number in reversed(range(120))]
    book = load_workbook(io.BytesIO(guan.get("/admin/audit.xlsx", params={"action": "sign_in"}).content))
    assert book.active.max_row == 121
