"""Imports by upload, as officers and managers meet them: nothing changes before the confirmation, and then once."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response
from openpyxl import load_workbook

from app.identity import queries as identity
from app.ops.db import Database
from app.organisations.models import ImportUpload, PostAssignment
from tests import world
from tests.web.conftest import Browser, SignIn, read
from tests.world import HUANG, LIUBEI, LONGJIANG, ROSTER, STRANGER, WEI, World

HEADERS = ROSTER[0]
NEW = (LONGJIANG, "蓝天明", STRANGER, "", "班组长", "焊工", "2026-01-02", "")
BAD = (LONGJIANG, "黄建国", HUANG, "", "厂长助理", "", "2026-01-02", "")
FOREIGN = (LIUBEI, "梁秀英", world.LIANG, "", "班组长", "", "2024-02-01", "")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def people(lived_in: World) -> World:
    return lived_in


def upload(
    browser: Browser,
    *rows: Sequence[str],
    kind: str = "roster",
    headers: Sequence[str] = HEADERS,
    name: str = "名册.csv",
) -> str:
    """Upload rows and give the address of the page that says what they would do."""
    answer = send(browser, world.as_csv((headers, *rows)), kind, name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def send(browser: Browser, data: bytes, kind: str = "roster", name: str = "名册.csv") -> Response:
    answer: Response = browser.post("/imports", data={"csrf": browser.csrf, "kind": kind}, files={"file": (name, data)})
    return answer


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


def changes(page: str) -> list[list[str]]:
    """Read the rows of what would change off a page, without the first cell's words."""
    table = page.partition('id="changes"')[2].partition("</table>")[0].partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_what_rows_change_is_shown_before_it_is_confirmed(chen: Browser) -> None:
    wei = next(row for row in ROSTER if row[2] == WEI)
    altered = (*wei[:3], "13912345678", *wei[4:5], "电焊工", "2024-03-01", "2026-05-01")
    address = upload(chen, altered, NEW)
    shown = chen.get(address).text
    assert changes(shown) == [
        ["第 2 行", "韦大勇 · 一线班组长", "工种", wei[5] or "无", "电焊工"],
        ["第 2 行", "韦大勇 · 一线班组长", "上岗日期", wei[6], "2024-03-01"],
        ["第 2 行", "韦大勇 · 一线班组长", "离岗日期", "无", "2026-05-01"],
        ["第 2 行", "韦大勇 · 一线班组长", "手机号", changes(shown)[3][3], "*******5678"],
    ]
    assert changes(shown)[3][3] in {"无", "******"}
    assert "更改和离岗共 1 处" in shown
    assert "13912345678" not in shown
    assert shown.index('id="changes"') < shown.index('id="confirm"')
    chen.submit(f"{address}/confirmation")
    done = chen.get(address).text
    assert "原有记录" in done
    assert changes(done) == changes(shown)
    assert changes(chen.get(upload(chen, altered, NEW)).text) == []


def test_who_would_end_is_named_before_it_is_confirmed(chen: Browser) -> None:
    wei_alone = next(row for row in ROSTER if row[2] == WEI)
    address = upload(chen, wei_alone)
    listed = changes(chen.get(address, params={"full": "1", "as_of": "2026-02-01"}).text)
    assert ["不在文件中", "莫小兰", "离岗日期", "无", "2026-02-01"] in [
        [row[0], row[1].partition(" ")[0], *row[2:]] for row in listed
    ]


def test_only_the_first_of_many_changes_are_listed_with_a_count(chen: Browser, database: Database) -> None:
    people = [
        (LONGJIANG, f"工人{n}", world.resident_id(n), "", "班组长", "", "2024-01-01", "") for n in range(300, 330)
    ]
    with database.session() as session:
        world.fill(session, "roster", (HEADERS, *people), datetime.now(UTC))
    page = chen.get(upload(chen, *((*row[:5], "焊工", *row[6:]) for row in people))).text
    assert len(changes(page)) == 20
    assert "共 30 处更改或离岗，下面是前 20 处" in page


def test_an_import_of_enterprises_shows_old_and_new_and_speaks_of_accounts_only_when_it_opens_some(
    luo: Browser,
) -> None:
    headers = ("uscc", "name", "region", "industry", "insured", "key_enterprise", "officer_name", "officer_phone")
    row = (LONGJIANG, "龙江重工有限公司", "450203", "C34", "99", "是")
    address = upload(luo, (*row, "", ""), kind="enterprises", headers=headers, name="单位.csv")
    told = {line[2]: line[3:] for line in changes(luo.get(address).text)}
    assert told["企业名称"] == ["龙江机械有限公司", "龙江重工有限公司"]
    assert told["行政区划代码"] == ["450202", "450203"]
    assert told["重点企业"][1] == "是"
    luo.submit(f"{address}/confirmation")
    assert "已开通安全员账号" not in luo.get(address).text
    opened = upload(luo, (*row, "蓝天明", "13812340000"), kind="enterprises", headers=headers, name="单位.csv")
    assert [line[2:] for line in changes(luo.get(opened).text)] == [["联系人", "无", "蓝天明"]]
    luo.submit(f"{opened}/confirmation")
    assert "已开通安全员账号（1 个）" in luo.get(opened).text


def test_an_import_of_regions_shows_old_and_new_names(luo: Browser) -> None:
    page = luo.get(
        upload(luo, ("450202", "城中新区", "450200"), kind="regions", headers=("code", "name", "parent"))
    ).text
    assert changes(page) == [["第 2 行", "城中区", "名称", "城中区", "城中新区"]]
