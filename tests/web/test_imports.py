"""Imports by upload, as officers and managers meet them: nothing changes before the confirmation, and then once."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook

from app.identity import queries as identity
from app.ops.db import Database
from app.organisations.models import ImportUpload, PostAssignment
from tests import world
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.web.uploads import HEADERS, NEW, send, upload
from tests.world import HUANG, LIUBEI, LONGJIANG, ROSTER, STRANGER, WEI, World

BAD = (LONGJIANG, "黄建国", HUANG, "", "厂长助理", "", "2026-01-02", "")
FOREIGN = (LIUBEI, "梁秀英", world.LIANG, "", "班组长", "", "2024-02-01", "")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def people(lived_in: World) -> World:
    return lived_in


def counts(page: str) -> dict[str, int]:
    """Read the figures off a page."""
    return {word: int(n.replace(",", "")) for n, word in re.findall(r"<b>([\d,]+)</b>([^<]+)", page)}


def assignments(database: Database) -> int:
    with database.session() as session:
        return session.query(PostAssignment).filter_by(void=False, ends_on=None).count()


def test_a_roster_goes_in_only_after_the_confirmation(chen: Browser, database: Database) -> None:
    before = assignments(database)
    address = upload(chen, NEW, BAD)
    page = chen.get(address).text
    assert counts(page) == {"新增": 1, "更改": 0, "不变": 0, "退回": 1}
    assert "没有这个岗位：厂长助理" in page
    assert assignments(database) == before
    assert chen.submit(f"{address}/confirmation").headers["location"] == address
    done = chen.get(address).text
    assert "已导入" in done
    assert counts(done) == {"新增": 1, "更改": 0, "不变": 0, "退回": 1}
    assert assignments(database) == before + 1


def test_who_is_new_is_found_again_for_the_activation_codes(chen: Browser) -> None:
    address = upload(chen, NEW)
    assert "去打印激活码" not in chen.get(address).text
    chen.submit(f"{address}/confirmation")
    link = re.search(r'href="([^"]+)">去打印激活码', chen.get(address).text)
    assert link is not None
    listed = re.findall(r'<td class="who"><a[^>]*>([^<]+)', chen.get(link[1].replace("&amp;", "&")).text)
    assert "蓝天明" in listed
    old = chen.get(link[1].replace("&amp;", "&").replace("entered=1", "entered=")).text
    assert len(re.findall(r'<td class="who">', old)) >= len(listed)


def test_confirming_twice_imports_once(chen: Browser, database: Database) -> None:
    address = upload(chen, NEW)
    first, second = (chen.submit(f"{address}/confirmation") for _ in range(2))
    assert first.status_code == second.status_code == 303
    with database.reading() as session:
        assert len(identity.audit_trail(session, action="import.roster")) == 2, "the world's and this one"


def test_the_refused_rows_come_back_with_their_reasons_before_and_after(chen: Browser) -> None:
    address = upload(chen, NEW, BAD)
    for _ in range(2):
        answer = chen.get(f"{address}/errors.xlsx")
        assert "%E5%90%8D%E5%86%8C" in answer.headers["content-disposition"], "the file's own name stays in it"
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert rows[0] == (*HEADERS, "原因")
        assert [row[1] for row in rows[1:]] == ["黄建国"]
        assert "厂长助理" in rows[1][-1]
        chen.submit(f"{address}/confirmation")


def test_an_officer_cannot_import_into_another_enterprise(chen: Browser) -> None:
    page = chen.get(upload(chen, FOREIGN)).text
    assert counts(page)["退回"] == 1
    assert "没有一行可以导入" in page
    assert "/confirmation" not in page


def test_the_whole_roster_ends_the_absent_only_when_that_is_confirmed(chen: Browser, database: Database) -> None:
    wei_alone = next(row for row in ROSTER if row[2] == WEI)
    address = upload(chen, wei_alone)
    asked = chen.get(address, params={"full": "1", "as_of": "2026-02-01"}).text
    assert "2026-02-01" in asked
    assert "我已核对，这些人确已离岗" in asked
    before = assignments(database)
    back = chen.submit(f"{address}/confirmation", full="1", as_of="2026-02-01")
    assert back.headers["location"] == f"{address}?full=1&as_of=2026-02-01"
    assert assignments(database) == before
    assert "已导入" not in chen.get(address).text
    chen.submit(f"{address}/confirmation", full="1", as_of="2026-02-01", confirmed="1")
    assert "已从 2026-02-01 起离岗" in read(chen.get(address).text)
    assert assignments(database) == before - 2, "Mo and Huang; Wei stays, Qin had left before"


def test_a_known_roster_only_confirms(chen: Browser) -> None:
    mine = [row for row in ROSTER[1:] if row[0] == LONGJIANG]
    page = chen.get(upload(chen, *mine)).text
    assert counts(page) == {"新增": 0, "更改": 0, "不变": len(mine), "退回": 0}
    assert "名册的确认日期更新为今天" in page


def test_what_cannot_be_read_is_said_beside_the_form(chen: Browser, database: Database) -> None:
    for data, said in (
        (b"", "请先选择文件"),
        (b"\x00\x01\x02", "文件不是 .xlsx"),
        ("甲,乙\n1,2\n".encode(), "表头不符"),
    ):
        answer = send(chen, data, name="x.csv" if data else "")
        assert answer.status_code == 422
        assert said in answer.text
        assert "核对文件" in answer.text
    with database.session() as session:
        assert session.query(ImportUpload).count() == 0


def test_an_upload_belongs_to_who_made_it(chen: Browser, people: World, sign_in: SignIn) -> None:
    address = upload(chen, NEW)
    luo = sign_in(people.luo)
    for path in (address, f"{address}/errors.xlsx"):
        assert luo.get(path).status_code == 404
    assert luo.submit(f"{address}/confirmation").status_code == 404


def test_an_upload_is_sealed_and_gone_after_a_day(chen: Browser, people: World, database: Database) -> None:
    address = upload(chen, NEW)
    with database.session() as session:
        row = session.query(ImportUpload).one()
        assert STRANGER.encode() not in row.sealed
        row.created_at = datetime.now(UTC) - timedelta(days=1)
    assert chen.get(address).status_code == 404
    assert chen.submit(f"{address}/confirmation").status_code == 404
    upload(chen, NEW)
    with database.session() as session:
        assert session.query(ImportUpload).count() == 1


def test_an_account_keeps_ten_uploads(chen: Browser, database: Database) -> None:
    addresses = [upload(chen, NEW) for _ in range(12)]
    assert [chen.get(address).status_code for address in addresses] == [404, 404, *[200] * 10]


def test_managers_import_enterprises_and_officers_do_not(chen: Browser, people: World, sign_in: SignIn) -> None:
    headers = ("统一社会信用代码", "企业名称", "行政区划代码", "行业代码")
    row = (world.uscc(9), "柳江建筑有限公司", "450206", "47")
    assert "用人单位" not in re.sub(r"<main.*", "", chen.get("/imports").text, flags=re.DOTALL)
    assert chen.get("/imports", params={"kind": "enterprises"}).status_code == 403
    assert chen.get("/imports/templates/enterprises.xlsx").status_code == 403
    assert send(chen, world.as_csv((headers, row)), "enterprises").status_code == 403
    luo = sign_in(people.luo)
    address = upload(luo, row, kind="enterprises", headers=headers)
    luo.submit(f"{address}/confirmation")
    assert counts(luo.get(address).text)["新增"] == 1


def test_who_may_not_import_has_no_such_page(people: World, sign_in: SignIn) -> None:
    for account in (people.xie, people.guan):
        browser = sign_in(account)
        assert browser.get("/imports").status_code == 403
        assert send(browser, b"x").status_code == 403


@pytest.mark.parametrize("kind", ["roster", "records", "enterprises", "regions"])
def test_templates_download_and_go_back_in(kind: str, people: World, sign_in: SignIn) -> None:
    luo = sign_in(people.luo)
    answer = luo.get(f"/imports/templates/{kind}.xlsx")
    assert answer.status_code == 200
    again = send(luo, answer.content, kind, f"{kind}.xlsx")
    assert "文件里没有数据" in luo.get(again.headers["location"]).text


def test_unknown_kinds_and_days_are_refused(chen: Browser) -> None:
    assert chen.get("/imports", params={"kind": "people"}).status_code == 404
    assert chen.get("/imports/templates/people.xlsx").status_code == 404
    address = upload(chen, NEW)
    assert chen.get(address, params={"full": "1", "as_of": "31.12.2025"}).status_code == 422


def test_a_file_name_cannot_lead_anywhere(chen: Browser) -> None:
    address = upload(chen, NEW, name='..\\..\\<b>"名册".csv')
    page = chen.get(address).text
    assert "<b>&#34;" not in page
    assert "&lt;b&gt;" in page
