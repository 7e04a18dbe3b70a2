"""Draft plans published: only what was compared with the plan as it stands, known from now on, rewriting nothing."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from app.coverage import drafting
from app.coverage import service as postings
from app.identity.models import AuditEvent
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import drafts as plan_drafts
from app.plans import queries
from app.plans import service as plan_service
from app.plans.written import to_toml
from app.workflows.load_content import load_content
from tests import world
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.web.test_drafts import HERE, PLAN, figures, send, text_of, without_operators
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
    with database.session() as session:  # as was possible on the command line before it asked for a comparison
        at = postings.open_posting(session, datetime.now(UTC), "plan").recorded_at
        version = plan_service.publish(session, plan_drafts.find(SYSTEM, session, 1).plan, at)
        plan_drafts.close_published(session, 1, version, "命令行", "从命令行发布", at)
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
