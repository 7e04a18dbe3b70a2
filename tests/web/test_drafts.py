"""Draft plans on the screen: uploaded with all faults named, compared, compared again, published, put away."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import event, select

from app.coverage import draft_runs
from app.coverage import service as postings
from app.coverage.draft_runs import QueueRun
from app.coverage.models import EnterpriseStanding, Entry, Standing
from app.coverage.queries import Ask, coverage
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import queries
from app.plans.written import to_toml
from app.workflows import draft_work
from tests import world
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.world import World

PLAN = "liuzhou-2021-2025"
HERE = "/drafts/1"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def text_of(database: Database, code: str = PLAN) -> str:
    with database.reading() as session:
        return to_toml(queries.plan(session, code))


def without_operators(text: str) -> str:
    """Take the operators out of the plan: Mo is no longer required."""
    text = re.sub(r'\[\[posts\]\]\ncode = "high_risk_operator".*?(?=\n\n)', "", text, flags=re.DOTALL)
    return re.sub(r'\[\[requirements\]\]\npost = "high_risk_operator".*?(?=\n\n|\Z)', "", text, flags=re.DOTALL)


def unlinked(page: str) -> str:
    """Give a page without its links: what its figures say, whether they open something or not."""
    return re.sub(r"</?(?:a|span)\b[^>]*>", "", page)


def send(browser: Browser, text: str, name: str = f"{PLAN}.toml", **fields: str) -> Response:
    answer: Response = browser.post(
        "/drafts", data={"csrf": browser.csrf, **fields}, files={"file": (name, text.encode(), "text/plain")}
    )
    return answer


def figures(database: Database, known_at: datetime | None = None) -> tuple[int, int]:
    now = datetime.now(UTC)
    with database.reading() as session:
        answer = coverage(SYSTEM, session, Ask(PLAN, date(2025, 6, 30), known_at), now.date(), now)
    return answer.figures.required, answer.figures.covered


def test_the_way_in_stands_in_the_navigation_of_those_who_may(sign_in: SignIn, lived_in: World, luo: Browser) -> None:
    assert 'href="/drafts"' in luo.get("/coverage").text
    xie = sign_in(lived_in.xie)
    assert 'href="/drafts"' not in xie.get("/coverage").text
    assert xie.get("/drafts").status_code == 403


def test_a_plan_can_be_taken_away_and_comes_back_as_it_was(luo: Browser, database: Database) -> None:
    taken = luo.get(f"/drafts/plan.toml?code={PLAN}")
    assert taken.headers["content-type"].startswith("application/toml")
    answer = send(luo, taken.text)
    assert answer.headers["location"] == HERE
    page = luo.get(HERE).text
    assert "草案与现行方案内容相同" in page
    assert "草案对这里没有任何影响" in page
    assert "<table" not in page, "no tables of zeros"
    assert luo.get(f"{HERE.replace('/1', '')}/plan.toml?draft=1").text == taken.text


def test_a_draft_is_shown_beside_the_plan_known_now(luo: Browser, database: Database) -> None:
    assert figures(database) == (4, 0)
    assert send(luo, without_operators(text_of(database)), on="2025-06-30").status_code == 303
    page = unlinked(luo.get(HERE).text)
    assert re.search(r"0</b> 已达标.{0,80}<b>4</b> 应培训", page)
    assert re.search(r"0</b> 已达标.{0,80}<b>3</b> 应培训", page)
    assert re.search(r"不再要求培训</dt><dd><b>1</b>.{0,40}个任职，1 人", page)
    assert re.search(r"工伤事故频发岗位作业人员</b> 不再列为重点岗位", page)
    assert "追溯 2021-01-01" in read(page)
    assert figures(database) == (4, 0), "a draft counts nowhere"


def test_nothing_that_is_stored_about_coverage_is_touched(luo: Browser, database: Database) -> None:
    def stored() -> list[list[Any]]:
        with database.reading() as session:
            return [session.scalars(select(table.id)).all() for table in (Standing, Entry, EnterpriseStanding)]  # type: ignore[misc]

    before = stored()
    send(luo, without_operators(text_of(database)))
    assert stored() == before


def test_all_faults_of_a_file_are_named_at_once_with_their_lines(luo: Browser, database: Database) -> None:
    text = (
        text_of(database)
        .replace('"safety-head"', '"no-such-course"')
        .replace('regions = ["450200"]', 'regions = ["999999"]')
    )
    answer = send(luo, text)
    assert answer.status_code == 422
    assert "没有 no-such-course 这门课程" in answer.text
    assert "没有 999999 这个地区" in answer.text
    assert "课程不存在" in answer.text
    assert "第 " in answer.text
    text = (
        text_of(database)
        .replace("expected = true", "expectd = true", 1)
        .replace("deadline = 2025-12-31", 'deadline = "soon"')
    )
    page = send(luo, text).text
    assert "这里没有 expectd 这个字段。是不是 expected？" in page
    assert "deadline 要写日期，不加引号" in page
    assert not re.search(r"Input should|Unknown key|Missing<", page)
    assert luo.get("/drafts").text.count("还没有草案") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 70_000, "不超过 64 kB"),
        ("a = " + "[" * 20_000, "不是有效的 TOML"),
        ("a = " + "9" * 5_000, "不是有效的 TOML"),
        ("name = ", "不是有效的 TOML"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(luo: Browser, text: str, told: str) -> None:
    answer = send(luo, text)
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    "name", [f"{PLAN} (1).toml", f"{PLAN}（2）.toml", f"{PLAN} - 副本.toml", f"C:\\plans\\{PLAN} - Copy (3).toml"]
)
def test_a_copy_of_a_file_is_read_as_the_file(luo: Browser, database: Database, name: str) -> None:
    assert send(luo, "\ufeff" + text_of(database), name).headers["location"] == HERE
    assert "修改现行方案" in luo.get(HERE).text


def test_a_name_that_is_no_code_does_where_the_plan_is_chosen(luo: Browser, database: Database) -> None:
    refused = send(luo, text_of(database), "柳州方案.toml", base=PLAN)
    assert refused.status_code == 422
    assert "文件名“柳州方案”不能作方案代码" in refused.text
    assert send(luo, text_of(database), "柳州方案.toml", code=PLAN).headers["location"] == HERE


def test_a_missing_file_and_an_unreadable_day_are_said_beside_the_form(luo: Browser, database: Database) -> None:
    assert "请先选择文件" in luo.submit("/drafts").text
    assert send(luo, text_of(database), on="tomorrow").status_code == 422


def test_a_region_out_of_reach_is_not_there(luo: Browser, database: Database) -> None:
    assert send(luo, text_of(database), region="440600").status_code == 404
    send(luo, text_of(database))
    assert luo.submit(f"{HERE}/runs", region="440600", on="2025-06-30").status_code == 404
    assert luo.get(f"{HERE}?region=440600").status_code == 404


def test_a_draft_is_not_there_for_another_citys_manager(
    sign_in: SignIn, staff: Any, luo: Browser, database: Database
) -> None:
    send(luo, text_of(database))
    guang = sign_in(staff("广", "bureau_manager", region="440000"))
    assert guang.get(HERE).status_code == 404
    assert guang.submit(f"{HERE}/disposal").status_code == 404
    assert "还没有草案" in guang.get("/drafts").text


def test_a_run_under_way_shows_how_far_it_is_and_comes_back_by_itself(
    luo: Browser, database: Database, lived_in: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_work, "work", lambda _: None)
    send(luo, text_of(database))
    waiting = luo.get(HERE)
    assert waiting.headers["refresh"] == "3"
    assert "推演即将开始" in waiting.text
    now = datetime.now(UTC)
    with database.session() as session:
        run = draft_runs.claim(session, now)
        assert run
        draft_runs.begin(session, run.id, 600, now, None)
        draft_runs.advance(session, run.id, 200, (), now)
    assert "已核算 200 / 600 家用人单位" in luo.get(HERE).text


def test_a_run_whose_process_died_is_taken_up_by_who_looks_next(luo: Browser, database: Database) -> None:
    send(luo, text_of(database))
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with database.session() as session:
        draft_runs.queue(session, QueueRun(1, "compare", "450200", date(2025, 6, 30), None, "Luo"), long_ago)
        assert draft_runs.claim(session, long_ago)
    assert "refresh" in luo.get(HERE).headers
    page = luo.get(HERE)
    assert "refresh" not in page.headers
    assert "截至 2025-06-30" in read(page.text)


def test_a_comparison_says_when_facts_changed_since_and_is_done_again(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    with database.session() as session:
        postings.open_posting(session, datetime.now(UTC), "settlement")
    assert "有变动" not in luo.get(HERE).text
    header, wei = world.ROSTER[0], world.ROSTER[1]
    with database.session() as session:
        world.fill(session, "roster", (header, (*wei[:-1], "2025-01-01")), datetime.now(UTC))
    assert "推演之后名册或培训记录有变动" in luo.get(HERE).text
    assert luo.submit(f"{HERE}/runs", region="450200", on="2025-06-30").headers["location"] == HERE
    page = luo.get(HERE).text
    assert "有变动" not in page
    assert re.search(r"<b>2</b> 应培训", unlinked(page))


def test_the_figures_of_a_region_open_to_those_below_it(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    with database.session() as session:
        assert draft_runs.claim(session, datetime.now(UTC)) is None
    page = luo.get(f"{HERE}?region=450205").text
    assert re.search(r"<b>1</b> 应培训", unlinked(page))
    assert "柳北区" in page


def test_enterprises_with_changes_are_listed_and_exported(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    listed = luo.get(f"{HERE}/enterprises").text
    assert "龙江机械有限公司" in listed
    assert "柳北化工有限公司" not in listed
    book = load_workbook(io.BytesIO(luo.get(f"{HERE}/comparison.xlsx").content))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert "龙江机械有限公司" in cells
    assert "鱼峰区" not in cells
    text = luo.get(f"{HERE}/comparison.csv").content.decode("utf-8-sig")
    assert "龙江机械有限公司" in text
    assert "对照方案" in text


def test_a_draft_page_takes_few_queries(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    for address in (HERE, "/drafts", f"{HERE}/enterprises", "/drafts/new"):
        statements: list[str] = []

        def count(_: Any, __: Any, statement: str, *___: Any, into: list[str] = statements) -> None:
            into.append(statement)

        event.listen(database.engine, "before_cursor_execute", count)
        luo.get(address)
        event.remove(database.engine, "before_cursor_execute", count)
        assert len([s for s in statements if s.startswith("SELECT")]) <= 25, address
