"""Practice on screens: three questions a day, mistakes, the whole bank; authors and offices see figures."""

import re
from collections.abc import Callable

import pytest

from app.assessment import practice
from app.ops import clock
from app.ops.db import Database
from tests.web.browsers import Browser
from tests.web.learning.conftest import LAW
from tests.world import World

pytestmark = [pytest.mark.parametrize("database_url", ["sqlite"], indirect=True), pytest.mark.usefixtures("learned")]


def fail_exam(wei: Browser) -> str:
    attempt = wei.submit(f"/courses/{LAW}/attempts").headers["location"]
    wei.submit(attempt + "/submission")
    return attempt


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(course|item|k0)" value="([^"]*)"', page))


def test_nothing_is_there_before_the_first_exam(wei: Browser) -> None:
    assert "还没有可以练习的题" in wei.get("/practice").text
    assert "每日三题" not in wei.get("/learning").text


def test_three_questions_are_asked_explained_and_done(wei: Browser) -> None:
    fail_exam(wei)
    assert "练一练，两分钟" in wei.get("/learning").text
    for number in range(1, 4):
        page = wei.get("/practice").text
        assert f"第 {number} 题，共 3 题" in page
        assert "出处：" not in page
        sent = wei.submit("/practice/answers", **fields(page))
        assert sent.status_code == 303
        told = wei.get(sent.headers["location"]).text
        assert "出处：" in told
        assert "未答" in told
    assert "今天的题做完了" in told
    assert "已连续练习 1 天" in wei.get("/practice").text
    assert wei.submit("/practice/answers", **fields(page)).status_code == 303
    assert "今天的题做完了" in wei.get("/learning").text


def test_mistakes_are_explained(wei: Browser) -> None:
    assert "没有错题" in wei.get("/practice/mistakes").text
    asked = wei.get(fail_exam(wei)).text.count("出处：")
    page = wei.get("/practice/mistakes").text
    assert page.count("出处：") == asked >= 20
    folds = re.findall(r'<details class="fold topic"><summary>([^<]+)<span class="soft">(\d+) 题</span>', page)
    counts = [int(count) for _, count in folds]
    assert len(dict(folds)) == len(folds) > 1, "a fold for each topic"
    assert sum(counts) == asked
    assert counts == sorted(counts, reverse=True)


def test_the_whole_bank_is_practised_without_a_mark(wei: Browser, world: World, database: Database) -> None:
    page = wei.get(f"/courses/{LAW}/practice").text
    assert "自由练习" in page
    told = wei.submit(f"/courses/{LAW}/practice/1", q0="0").text
    assert "出处：" in told
    with database.reading() as session:
        assert practice.today(session, world.wei, [LAW], clock.now()).done == 0
    assert wei.submit(f"/courses/{LAW}/practice/1", q0="99").status_code == 422


def test_a_running_exam_closes_its_practice(wei: Browser) -> None:
    wei.submit(f"/courses/{LAW}/attempts")
    assert wei.get(f"/courses/{LAW}/practice").status_code == 409
    assert "还没有可以练习的题" in wei.get("/practice").text


def test_an_office_sees_topics_without_names(
    world: World, sign_in: Callable[[int], Browser], wei: Browser, database: Database
) -> None:
    page = sign_in(world.luo).get("/coverage/practice").text
    assert "还没有人复习过第二遍" in page


def test_authors_see_figures_and_reviewers_grade_anew(
    wei: Browser, staff: Callable[..., int], sign_in: Callable[[int], Browser]
) -> None:
    fail_exam(wei)
    author, expert = (
        sign_in(staff(name, role)) for name, role in (("苏文", "content_editor"), ("程仪", "content_reviewer"))
    )
    page = author.get(f"/authors/courses/{LAW}/figures").text
    assert "最近 1 份答卷" in page
    assert "重新计分" not in page
    assert author.submit(f"/authors/courses/{LAW}/regradings", item="x", reason="y").status_code == 403
    item = re.search(r"<option>([a-z0-9-]+)</option>", expert.get(f"/authors/courses/{LAW}/figures").text)
    assert item
    done = expert.submit(f"/authors/courses/{LAW}/regradings", item=item[1], reason="题目有误", void="1")
    assert done.status_code == 303
    assert expert.submit(f"/authors/courses/{LAW}/regradings", item=item[1], reason=" ").status_code == 422
