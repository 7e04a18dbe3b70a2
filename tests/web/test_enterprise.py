"""The pages of one enterprise, as the safety officer Chen, the bureau's Luo and others meet them."""

import csv
import io
import re

import pytest

from app.ops.db import Database
from app.organisations import queries as organisations
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.pages import words
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NATIONAL = "plan=national-2026-2030"
LIUZHOU = "plan=liuzhou-2021-2025"


@pytest.fixture
def here(lived_in: World) -> str:
    return f"/enterprises/{lived_in.longjiang}"


def test_the_overview_says_fraction_date_and_freshness(chen: Browser, here: str) -> None:
    said = words(chen.get(f"{here}?{LIUZHOU}").text)
    assert "覆盖率，截至 2025-12-31" in said
    assert "0 个任职已达标，应培训 3 个" in said.replace("  ", " ")
    assert "计划已于 2025-12-31 截止" in said
    assert "参保 120 人" in said
    assert "名册确认于 2026-01-05" in said


def test_reasons_add_up_and_filter_the_list(chen: Browser, here: str) -> None:
    page = chen.get(f"{here}?{LIUZHOU}").text
    assert re.search(r"全部原因<span>3</span>", page)
    assert re.search(r"未开始<span>3</span>", page)
    assert "韦大勇" in chen.get(f"{here}?{LIUZHOU}&reason=never_started").text
    none = chen.get(f"{here}?{LIUZHOU}&reason=failed").text
    assert "韦大勇" not in none
    assert "没有符合条件的人" in none


def test_the_post_filter_narrows_list_and_counts(chen: Browser, here: str) -> None:
    page = chen.get(f"{here}?{LIUZHOU}&post=team_leader").text
    assert "韦大勇" in page
    assert "莫小兰" not in page
    assert re.search(r"全部原因<span>1</span>", page)


def test_before_the_plan_there_is_no_ratio(chen: Browser, here: str) -> None:
    said = words(chen.get(f"{here}?{LIUZHOU}&on=2020-06-01").text)
    assert "计划尚未开始" in said
    assert "%" not in said


def test_what_was_known_then_is_shown_as_then(chen: Browser, here: str) -> None:
    said = words(chen.get(f"{here}?{LIUZHOU}&on=2025-12-31&known_at=2026-01-04").text)
    assert "应培训" not in said
    assert chen.get(f"{here}?{LIUZHOU}&known_at=2999-01-01").status_code == 422


@pytest.mark.parametrize("query", ["on=yesterday", "known_at=once", "after=x.y", "plan=none"])
def test_an_unreadable_question_is_refused(chen: Browser, here: str, query: str) -> None:
    assert chen.get(f"{here}?{query}").status_code in {404, 422}


def test_a_neighbouring_enterprise_does_not_exist_for_chen(chen: Browser, lived_in: World) -> None:
    other = f"/enterprises/{lived_in.liubei}"
    for path in (other, f"{other}/roster", f"{other}/missing.csv", f"{other}/roster.xlsx", "/enterprises/99999"):
        assert chen.get(path).status_code == 404, path
    for path in ("confirmation", "activation-codes", "roster/search"):
        assert chen.submit(f"{other}/{path}", person=str(lived_in.liang)).status_code == 404, path


def test_the_missing_list_goes_out_as_a_sheet_with_masked_ids(chen: Browser, here: str) -> None:
    answer = chen.get(f"{here}/missing.csv?{LIUZHOU}&post=team_leader")
    assert answer.headers["content-type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row and row[0] == "韦大勇"]
    assert len(rows) == 1
    assert world.WEI not in text
    assert rows[0][1].startswith("0000")
    assert "*" in rows[0][1]
    assert "未开始" in rows[0]
    workbook = chen.get(f"{here}/missing.xlsx?{LIUZHOU}")
    assert workbook.content[:2] == b"PK"


def test_the_roster_lists_those_in_post_and_those_who_left(chen: Browser, here: str) -> None:
    now = chen.get(f"{here}/roster").text
    assert "韦大勇" in now
    assert "覃志强" not in now
    assert "覃志强" in chen.get(f"{here}/roster?state=all").text
    assert world.WEI not in now


def test_the_roster_goes_out_whole(chen: Browser, here: str) -> None:
    text = chen.get(f"{here}/roster.csv").content.decode("utf-8-sig")
    assert {"韦大勇", "莫小兰", "黄建国"} <= {row[0] for row in csv.reader(io.StringIO(text)) if row}
    assert chen.get(f"{here}/roster.xlsx").content[:2] == b"PK"


def test_a_name_is_looked_up_by_form(chen: Browser, here: str) -> None:
    found = chen.submit(f"{here}/roster/search", name="小兰").text
    assert "莫小兰" in found
    assert "韦大勇" not in found
    assert "没有符合条件的人" in chen.submit(f"{here}/roster/search", name="无名").text


def test_confirming_the_roster_makes_it_fresh(chen: Browser, here: str, database: Database, lived_in: World) -> None:
    answer = chen.submit(f"{here}/confirmation")
    assert answer.status_code == 303
    assert "已确认" in chen.get(answer.headers["location"]).text
    with database.reading() as session:
        scope = world.scope_of(session, lived_in.chen)
        last = organisations.declarations(scope, session, lived_in.longjiang)[0]
    assert last.kind == "confirmation"
    assert last.head_count == 3


def test_codes_come_out_once_and_work(chen: Browser, here: str, lived_in: World, sign_in: SignIn) -> None:
    page = chen.submit(f"{here}/activation-codes", person=[str(lived_in.wei), str(lived_in.mo)])
    assert page.status_code == 200
    assert "韦大勇" in page.text
    codes = ["".join(pair) for pair in re.findall(r'class="code">([A-Z2-7-]+)<br>([A-Z2-7-]+)<', page.text)]
    assert len(codes) == 2
    assert page.text.count("<svg viewBox") == 2 + 1
    assert codes[0] not in chen.get(f"{here}/roster").text
    assert "已发码" in chen.get(f"{here}/roster").text
    chen.cookies.clear()
    token = re.search(r'name="csrf" value="([^"]+)"', chen.get("/activation").text)
    assert token
    data = {"csrf": token[1], "code": codes[0], "password": "a long enough one"}
    assert chen.post("/activation", data=data).status_code == 303


def test_codes_are_only_for_people_of_the_enterprise(chen: Browser, luo: Browser, here: str, lived_in: World) -> None:
    assert chen.submit(f"{here}/activation-codes", person=str(lived_in.liang)).status_code == 404
    assert luo.submit(f"{here}/activation-codes", person=str(lived_in.liang)).status_code == 404
    assert chen.submit(f"{here}/activation-codes").status_code == 422


def test_closing_takes_a_reason_and_can_be_taken_back(luo: Browser, here: str) -> None:
    assert luo.submit(f"{here}/closure", closed_on="2026-02-01").status_code == 422
    assert "%" in words(luo.get(f"{here}?{NATIONAL}").text)
    assert luo.submit(f"{here}/closure", closed_on="2026-02-01", reason="厂区搬迁后注销").status_code == 303
    said = words(luo.get(f"{here}?{NATIONAL}").text)
    assert "已注销" in said
    assert "覆盖率" not in said
    assert luo.submit(f"{here}/closure/withdrawal", reason="登记错误").status_code == 303
    assert "覆盖率" in words(luo.get(f"{here}?{NATIONAL}").text)


def test_an_officer_may_not_close(chen: Browser, here: str) -> None:
    assert chen.submit(f"{here}/closure", closed_on="2026-02-01", reason="x").status_code == 403
    assert "注销这家单位" not in chen.get(here).text


def test_a_viewer_elsewhere_and_the_administrator_see_nothing(sign_in: SignIn, lived_in: World, here: str) -> None:
    assert sign_in(lived_in.xie).get(here).status_code == 404
    assert sign_in(lived_in.guan).get(here).status_code == 403


def test_an_empty_roster_says_what_to_do(chen: Browser, database: Database, lived_in: World, sign_in: SignIn) -> None:
    row = (world.uscc(9), "新设机械厂", "450202", "C34", "15")
    with database.session() as session:
        world.fill(session, "enterprises", [("uscc", "name", "region", "industry", "insured"), row])
        found = organisations.enterprise_id(session, world.uscc(9))
    luo = sign_in(lived_in.luo)
    assert "名册是空的" in luo.get(f"/enterprises/{found}/roster").text
    said = words(luo.get(f"/enterprises/{found}").text)
    assert "名册从未申报" in said
    assert "未报" in said


def test_pages_speak_english_when_asked(chen: Browser, here: str) -> None:
    chen.post("/language", data={"language": "en", "back": "/"})
    assert "Who is missing, and why" in chen.get(f"{here}?{LIUZHOU}").text
    assert "Roster" in chen.get(f"{here}/roster").text


def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(
    chen: Browser, database: Database, here: str
) -> None:
    with database.session() as session:
        crew = [
            (world.LONGJIANG, f"工友{number:03d}", world.resident_id(number), "班组长", "2022-01-01")
            for number in range(100, 160)
        ]
        headers = ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期")
        world.fill(session, "roster", [headers, *crew])
    seen: list[str] = []
    address = f"{here}?{LIUZHOU}"
    while address:
        page = chen.get(address).text
        seen += re.findall(r'class="who"><a href="/enterprises/\d+/people/(\d+)["?]', page)
        found = re.search(r'href="([^"]+)#missing">下一页', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 63
