"""The learner's home: what is owed, by which plan, for which post, by when; and what is done."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser
from tests.web.learning.conftest import LAW
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def words(browser: Browser, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(path).text))


def test_home_names_the_next_course_its_plan_post_employer_and_deadline(wei: Browser) -> None:
    text = words(wei, "/learning")
    assert "3 门必修，还差 3 门" in text
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
    assert "3 of 3 required courses are missing. Next:" in words(wei, "/learning")
    assert "Questions" in words(wei, f"/courses/{LAW}/exam")
