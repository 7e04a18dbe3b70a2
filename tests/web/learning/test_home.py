"""The learner's home: what is owed, by which plan, for which post, by when; and what is done."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.awards.sessions import OpenSession
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Database
from app.workflows.hold_session import enlist, open_session
from app.workflows.load_content import load_content
from app.workflows.sample import hands_on
from tests import world as shared
from tests.web.browsers import Browser, read
from tests.web.learning.conftest import LAW
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def words(browser: Browser, path: str) -> str:
    page = read(browser.get(path).text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_home_names_the_next_course_its_plan_post_employer_and_deadline(wei: Browser) -> None:
    text = words(wei, "/learning")
    assert "5 门必修，还差 5 门" in text
    assert "工伤保险政策法规" in text
    for why in ("工伤预防五年行动计划", "一线班组长", "龙江机械有限公司", "2030-12-31"):
        assert why in text


@pytest.mark.usefixtures("learned")
def test_a_course_that_is_begun_comes_first(wei: Browser) -> None:
    text = words(wei, "/learning")
    assert "全部单元已学完，可以考试了，共 25 题" in text
    assert f'href="/courses/{LAW}/exam"' in wei.get("/learning").text


def test_somebody_without_a_required_post_may_take_any_course(
    world: World, browser_of: Callable[[int], Browser]
) -> None:
    text = words(browser_of(world.qin), "/learning")
    assert "目前没有必修课" in text
    assert "工伤保险政策法规" in text


@pytest.fixture
def in_person(database: Database, world: World) -> World:
    """Load a plan by which Wei has to take the course of his industry in person."""
    shipped = shared.shipped()
    plans = (*shipped.plans, hands_on.plan(shipped.plans))
    with database.session() as session:
        load_content(session, replace(shipped, plans=plans), shared.OPERATOR, clock.now())
    return world


def test_what_must_be_done_in_person_says_so_and_where_to_turn(wei: Browser, in_person: World) -> None:
    text = words(wei, "/learning")
    assert in_person.wei
    assert "须线下" in text
    assert "线上学习不能代替。培训安排请问本单位安全员" in text
    assert "工伤保险政策法规" in text.partition("其余")[0]
    assert "要求到现场参加这门课的培训" in words(wei, "/courses/machinery")
    assert "要求到现场" not in words(wei, "/courses/noise-deafness")


def test_who_did_it_online_is_told_what_is_left_and_not_sent_through_it_again(
    wei: Browser, in_person: World, database: Database
) -> None:
    rows = [("证件号码", "课程代码", "完成日期", "培训方式"), (shared.WEI, "machinery", "2026-05-20", "线上")]
    with database.session() as session:
        assert not shared.fill(session, "records", rows, clock.now()).errors
    assert "线上内容已学完，还差线下培训" in words(wei, "/learning")
    assert "您已有这门课的证书" in words(wei, "/courses/machinery")
    standing = words(wei, "/me/standing")
    assert "还差： 机械制造工伤预防（学习中） 须线下" in standing
    with database.session() as session:
        asked = OpenSession("machinery", clock.today(), 120, "二楼", "农工", "龙江机械", in_person.longjiang, None)
        held = open_session(SYSTEM, session, asked, shared.OPERATOR, clock.now())
        enlist(SYSTEM, session, held, [in_person.wei], shared.OPERATOR, clock.now())
    assert f"已排上线下培训：{clock.today()}，二楼" in words(wei, "/learning")


def test_a_certificate_from_before_the_plan_explains_why_the_course_comes_again(
    wei: Browser, database: Database
) -> None:
    rows = [("证件号码", "课程代码", "完成日期", "培训方式"), (shared.WEI, LAW, "2020-06-01", "线下")]
    with database.session() as session:
        assert not shared.fill(session, "records", rows, clock.now()).errors
    assert "起的培训，2020-06-01 的证书在此之前" in words(wei, "/learning")


def test_a_course_page_shows_modules_exam_and_what_comes_next(wei: Browser) -> None:
    text = words(wei, f"/courses/{LAW}")
    assert "从第 1 单元“谁参保，谁缴费，谁担责”学起" in text
    assert "0 / 10 单元" in text
    assert "25 题，35 分钟" in text


def test_me_shows_the_masked_number_and_the_posts(wei: Browser) -> None:
    text = words(wei, "/me")
    for part in ("韦大勇", "0000**********", "一线班组长 · 钳工", "龙江机械有限公司", "2021-03-01 至今"):
        assert part in text


def test_every_page_speaks_english_too(wei: Browser) -> None:
    wei.submit("/language", language="en", back="/learning")
    assert "5 of 5 required courses are missing. Next:" in words(wei, "/learning")
    assert "Questions" in words(wei, f"/courses/{LAW}/exam")
