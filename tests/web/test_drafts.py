"""Draft plans on the screen: uploaded with all faults named, compared, compared again, published, put away."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import event, select

from app.coverage import draft_runs, drafting
from app.coverage import service as postings
from app.coverage.draft_runs import QueueRun
from app.coverage.models import EnterpriseStanding, Entry, Standing
from app.coverage.queries import Ask, coverage
from app.identity.models import AuditEvent
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import drafts as plan_drafts
from app.plans import queries
from app.plans import service as plan_service
from app.plans.written import to_toml
from app.workflows import draft_work, publish_plan
from app.workflows.load_content import load_content
from tests import world
from tests.web.conftest import Browser, SignIn, read
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


NEW_POST = """
[[posts]]
code = "safety_head"
expected = true
from_on = 2027-04-01

[[requirements]]
post = "safety_head"
courses = ["injury-insurance-law", "safety-rights-and-lessons", "safety-head"]
"""
NATIONAL = "national-2026-2030"


def without_safety_heads(text: str) -> str:
    """Take a post out of a plan, so that it can join it."""
    text = re.sub(r'\[\[posts\]\]\ncode = "safety_head".*?(?=\n\n)', "", text, flags=re.DOTALL)
    return re.sub(r'\[\[requirements\]\]\npost = "safety_head".*?(?=\n\n|\Z)', "", text, flags=re.DOTALL)


def test_a_post_that_joins_a_plan_on_a_day_to_come_changes_nothing_before(
    sign_in: SignIn, staff: Any, lived_in: World, database: Database
) -> None:
    nation = sign_in(staff("全", "bureau_manager", region="100000"))
    qin = (world.LIUBEI, "覃志强", world.QIN, "13911110004", "safety_head", "", "2025-07-01", "")
    with database.session() as session:
        world.fill(session, "roster", (world.ROSTER[0], qin), datetime.now(UTC))
    send(nation, without_safety_heads(text_of(database, NATIONAL)), code=NATIONAL)
    publish(nation, past="1", reason="先去掉安全管理部门负责人")
    before = text_of(database, NATIONAL)
    late = NEW_POST.replace("from_on = 2027-04-01\n", "").replace("courses", "from_on = 2027-04-01\ncourses")
    refused = send(nation, before + late, code=NATIONAL)
    assert refused.status_code == 422
    assert "请在它的 [[posts]] 里写 from_on = 2027-04-01" in read(refused.text)
    for on, more in (("2027-03-31", 0), ("2027-04-01", 1)):
        draft = send(nation, before + NEW_POST, code=NATIONAL, on=on).headers["location"]
        page = read(nation.get(draft).text)
        assert "自 2027-04-01 起" in page
        assert "追溯" not in page
        assert "已过日期的数字会改变" not in page
        assert ("草案的改动在这一天不涉及这里的任何任职" in page) == (not more)
        assert bool(re.search(r"新增应培训</dt><dd><b>1</b>", page)) == bool(more)
    assert publish(nation, draft, reason="2027年4月起列入安全管理部门负责人").status_code == 303
    with database.reading() as session:
        assert "from_on = 2027-04-01" in to_toml(queries.plan(session, NATIONAL))


def publish(browser: Browser, where: str = HERE, **fields: str) -> Response:
    version = re.search(r'name="version" value="(\d*)"', browser.get(where).text)
    assert version
    return browser.submit(f"{where}/publication", version=version[1], **fields)


def test_publishing_counts_from_now_on_and_rewrites_nothing(luo: Browser, database: Database) -> None:
    before = datetime.now(UTC)
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    page = luo.get(HERE).text
    assert "已过日期的数字会改变" in page
    assert publish(luo, reason="试行").status_code == 422
    assert publish(luo, past="1").status_code == 422
    assert publish(luo, past="1", reason="市局会议决定").status_code == 303
    assert figures(database) == (3, 0)
    assert figures(database, before) == (4, 0)
    page = luo.get(HERE).text
    assert "市局会议决定" in page
    assert "罗明" in page
    assert "原方案" in page
    assert "不再列为重点岗位" in page, "what it changed is still told"
    assert publish_again(luo).status_code == 409
    with database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "draft")).all()
    assert {"draft.upload", "draft.publish", "plan.publish"} <= set(acts)


def publish_again(browser: Browser) -> Response:
    return browser.submit(f"{HERE}/publication", version="", past="1", reason="再来一次")


def test_loading_the_files_leaves_a_published_plan_alone_and_says_so(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    publish(luo, past="1", reason="市局会议决定")
    with database.session() as session:
        loaded = load_content(session, world.shipped(), world.OPERATOR, datetime.now(UTC))
    assert loaded.plans.kept == (PLAN,)
    assert figures(database) == (3, 0)


def test_a_plan_that_changed_meanwhile_is_not_published_over(luo: Browser, database: Database) -> None:
    text = text_of(database)
    send(luo, without_operators(text))
    send(luo, text.replace("retention_years = 6", "retention_years = 7"))
    version = re.search(r'name="version" value="(\d+)"', luo.get("/drafts/2").text)
    assert version
    assert luo.submit("/drafts/2/publication", version=version[1], reason="档案管理要求").status_code == 303
    answer = luo.submit(f"{HERE}/publication", version=version[1], reason="试行", past="1")
    assert answer.status_code == 409
    assert "现行方案又有改动" in answer.text
    assert "对照的是改动前的方案" in luo.get(HERE).text


def test_a_comparison_with_a_plan_that_is_no_longer_known_publishes_nothing(luo: Browser, database: Database) -> None:
    text = text_of(database)
    send(luo, without_operators(text), on="2025-06-30")
    send(luo, text.replace("retention_years = 6", "retention_years = 7"), on="2025-06-30")
    publish(luo, "/drafts/2", reason="档案管理要求")
    page = luo.get(HERE).text
    assert "以下数字对照的是改动前的方案，不代表发布后的实际变化" in page
    assert 'name="reason"' not in page, "there is no form to publish with"
    assert page.count(f'action="{HERE}/runs"') == 3, "one click above, one where publishing would be, and the usual"
    assert "记录保存年限" not in page, "what is listed is what was compared"
    assert "推演后现行方案有改动" in luo.get("/drafts").text
    with database.reading() as session:
        now = plan_drafts.version_now(session, queries.plan(session, PLAN).id)
    forged = luo.submit(f"{HERE}/publication", version=str(now), reason="试行", past="1")
    assert forged.status_code == 409
    assert "请先按现行方案重新推演" in forged.text
    assert figures(database) == (4, 0)
    luo.submit(f"{HERE}/runs", region="450200", on="2025-06-30")
    page = luo.get(HERE).text
    assert re.search(r"记录保存年限</b> <span class=\"was\">7</span> → <b>6</b>", page), (
        "it would be undone: now it is said"
    )
    assert publish(luo, past="1", reason="试行").status_code == 303
    assert figures(database) == (3, 0)


def test_a_draft_says_which_version_it_was_compared_with_when_it_is_closed_too(
    luo: Browser, database: Database
) -> None:
    text = text_of(database)
    send(luo, without_operators(text), on="2025-06-30")
    assert re.search(r"对照“柳州 2021—2025”，[\d -:]+ 起的现行版本", read(luo.get(HERE).text))
    send(luo, text.replace("retention_years = 6", "retention_years = 7"), on="2025-06-30")
    luo.submit(f"{HERE}/disposal")
    publish(luo, "/drafts/2", reason="档案管理要求")
    for closed in (HERE, "/drafts/2"):
        page = read(luo.get(closed).text)
        assert re.search(r"对照“柳州 2021—2025”，[\d -:]+ 至 [\d -:]+ 期间的版本", page)
        assert "不代表" not in page
    assert "不再列为重点岗位" in luo.get(HERE).text
    assert "记录保存年限" not in luo.get(HERE).text


def test_a_draft_published_from_an_overtaken_comparison_says_so(luo: Browser, database: Database) -> None:
    text = text_of(database)
    send(luo, without_operators(text), on="2025-06-30")
    with database.session() as session:
        postings.open_posting(session, datetime.now(UTC), "plan")
        plan = replace(queries.plan(session, PLAN), retention_years=7)
        plan_service.publish(session, plan, datetime.now(UTC))
    with database.session() as session:
        publish_plan.publish_draft(session, 1, "从命令行发布", world.OPERATOR, datetime.now(UTC))
    assert "以下数字对照的不是发布时被替换的那一版方案" in luo.get(HERE).text


def test_a_draft_whose_comparison_broke_off_is_not_published(
    luo: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(drafting, "count", broken)
    send(luo, without_operators(text_of(database)), on="2025-06-30")
    assert "发布前须先完成与现行方案的推演" in luo.get(HERE).text
    with database.reading() as session:
        now = plan_drafts.version_now(session, queries.plan(session, PLAN).id)
    assert luo.submit(f"{HERE}/publication", version=str(now), reason="试行", past="1").status_code == 409


def test_who_does_not_manage_all_regions_of_the_plan_may_draft_but_not_publish(
    sign_in: SignIn, staff: Any, lived_in: World, database: Database
) -> None:
    bei = sign_in(staff("北", "bureau_manager", region="450205"))
    assert send(bei, without_operators(text_of(database)), on="2025-06-30").status_code == 303
    page = bei.get(HERE).text
    assert "发布须由管辖方案全部适用地区（柳州市）的人社部门办理" in page
    assert bei.submit(f"{HERE}/publication", version="1", reason="试行", past="1").status_code == 403


def test_a_new_plan_is_compared_with_the_one_chosen_and_published_under_its_own_code(
    luo: Browser, database: Database
) -> None:
    text = without_operators(text_of(database)).replace("柳州 2021—2025", "柳州 2026—2030")
    assert send(luo, text, "liuzhou-2026-2030.toml", base=PLAN, on="2025-06-30").status_code == 303
    page = luo.get(HERE).text
    assert "新方案，与“柳州 2021—2025”对照" in page
    assert "新方案的起始日期已过" in page
    assert publish(luo, past="1", reason="新一轮行动").status_code == 303
    assert "liuzhou-2026-2030" in luo.get("/coverage?plan=liuzhou-2026-2030").text
    assert figures(database) == (4, 0), "the other plan stays as it was"


def test_a_draft_put_away_stays_in_the_list_and_cannot_be_published(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)))
    assert luo.submit(f"{HERE}/disposal").status_code == 303
    assert "已作废" in luo.get("/drafts?state=discarded").text
    assert "还没有草案" in luo.get("/drafts?state=open").text
    assert publish_again(luo).status_code == 409
    assert luo.submit(f"{HERE}/runs").status_code == 409


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
