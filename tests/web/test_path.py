"""The way to full coverage as Luo's bureau and Chen, Longjiang's officer, see it: ahead of the deadline and after it.

The world is that of liuzhou.py: of four posts two are covered at the deadline, one of them by a waiver that ends with
the year 2025.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.kit.dates import day_of
from tests import world
from tests.web.browsers import Browser
from tests.web.filled import settled_once, statements
from tests.web.liuzhou import PLAN, settle
from tests.web.pages import plain
from tests.world import World

TODAY = day_of(datetime.now(UTC))
MOST_QUERIES = 25
settled, database_url, lived_in = settled_once(settle)


@pytest.fixture
def queries(engine: Engine) -> Iterator[list[str]]:
    with statements(engine) as seen:
        yield seen


PROVISIONAL_HERE = ("/path/people", "/missing", "/roster")


def text(browser: Browser, path: str, **asked: str) -> str:
    answer = browser.get(path, params={"plan": PLAN} | asked)
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def test_after_the_deadline_the_result_stands_with_what_became_of_the_gap(luo: Browser) -> None:
    said = text(luo, "/coverage/path")
    assert "期限日结果，2025-12-31 50.0 % 2 已达标 / 4 应培训" in said
    assert "按期限日当天所知 — ，0 / 0" in said
    assert "期限日缺口 2" in said
    assert "期限后补训达标 0" in said
    assert "期限后失效 1" in said
    assert "仍缺 3" in said
    assert "首次全覆盖 尚未实现" in said


def test_before_the_deadline_it_says_what_each_week_needs_and_where_the_pace_leads(luo: Browser) -> None:
    said = text(luo, "/coverage/path", on="2024-06-02")
    assert "覆盖率，截至 2024-06-02 20.0 % 1 已达标 / 5 应培训" in said
    assert "还差 4" in said
    assert "距 2025-12-31 期限的天数 577" in said
    assert "今后每周需新达标 预计 1" in said
    assert "近 8 周平均每周新达标 0.1" in said
    assert "预计 2025-01-12" in said
    assert "比期限早 353 天" in said


def test_a_waiver_that_will_end_is_known_to_lapse_and_named(luo: Browser, lived_in: World) -> None:
    in_force = text(luo, "/coverage/path", on="2025-12-01", known_at="2026-01-06")
    assert "到期限日已知将失效 0" in in_force
    listed = text(luo, "/coverage/path/people", kind="lost", first="2025-12-02", last="2026-02-28")
    assert "梁秀英 2026-01-01 柳北化工有限公司 柳北区 一线班组长" in listed
    assert "豁免到期" in listed
    learned = text(luo, "/coverage/path/people", kind="gained", first="2024-05-01", last="2024-05-31")
    assert "韦大勇" in learned
    assert "学完课程" in learned
    assert "莫小兰" not in learned
    assert "这段时间没有人" in text(luo, "/coverage/path/people", kind="gained", first="2024-06-01", last="2024-06-30")
    page = luo.get(
        "/coverage/path/people", params={"plan": PLAN, "kind": "gained", "first": "2024-05-01", "last": "2024-05-31"}
    )
    assert f"/enterprises/{lived_in.longjiang}/people/{lived_in.wei}" in page.text


def test_the_list_is_exported_with_masked_ids_and_what_it_shows(luo: Browser, chen: Browser, lived_in: World) -> None:
    asked = {"plan": PLAN, "kind": "gained", "first": "2024-05-01", "last": "2024-05-31"}
    for browser, path in ((luo, "/coverage/path/people"), (chen, f"/enterprises/{lived_in.longjiang}/path/people")):
        answer = browser.get(path + ".csv", params=asked)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        (row,) = [row for row in rows if "韦大勇" in row]
        assert row[0] == "2024-05-20"
        assert rows[:3] == [["类别", "新达标名单"], ["起始日期", "2024-05-01"], ["截止日", "2024-05-31"]]
        assert (
            row[3:] == ["龙江机械有限公司", "城中区", "一线班组长", "工伤保险政策与待遇", "学完课程"]
            or row[-1] == "学完课程"
        )
        assert world.WEI not in answer.text
        assert browser.get(path + ".xlsx", params=asked).content[:2] == b"PK"


def test_an_officer_sees_the_path_of_the_own_enterprise_and_of_no_other(chen: Browser, lived_in: World) -> None:
    said = text(chen, f"/enterprises/{lived_in.longjiang}/path")
    assert "达标路径 期限日结果，2025-12-31 · 岗位不全 33.3 % 1 已达标 / 3 应培训" in said
    ahead = text(chen, f"/enterprises/{lived_in.longjiang}/path", on="2024-06-02")
    assert "近 8 周" in ahead
    assert chen.get(f"/enterprises/{lived_in.foshan}/path").status_code == 404
    assert chen.get(f"/enterprises/{lived_in.foshan}/path/people").status_code == 404
    assert chen.get("/coverage/path").status_code == 303


def test_days_to_come_are_labelled_and_nonsense_is_refused(luo: Browser) -> None:
    later = (TODAY + timedelta(days=30)).isoformat()
    for asked in ({"plan": "national-2026-2030", "on": later}, {"on": "2199-12-31"}):
        said = text(luo, "/coverage/path", **asked)
        assert f"{asked['on']} 尚未到来：达标路径从今天算起。" in said
    assert f"覆盖率，截至 {TODAY}" in text(luo, "/coverage/path", plan="national-2026-2030", on=later)
    assert "期限日结果" in text(luo, "/coverage/path", on="2199-12-31")
    assert "请填写 1900-01-01 至 2999-12-31 之间的日期" in luo.get("/coverage", params={"on": "9999-12-31"}).text
    assert "计划尚未开始" in text(luo, "/coverage/path", on="2000-01-01")
    for wrong in ({"kind": "found"}, {"first": "yesterday"}, {"after": "x"}):
        assert luo.get("/coverage/path/people", params={"plan": PLAN} | wrong).status_code == 422, wrong


def test_the_enterprises_page_and_the_path_lead_to_each_other(chen: Browser, lived_in: World) -> None:
    home = f"/enterprises/{lived_in.longjiang}"
    assert f'href="{home}/path' in chen.get(home).text
    assert f'href="{home}?plan={PLAN}' in chen.get(f"{home}/path", params={"plan": PLAN}).text


def test_the_pages_need_few_queries(luo: Browser, lived_in: World, queries: list[str]) -> None:
    for path in (
        "/coverage/path",
        "/coverage/path/people",
        f"/enterprises/{lived_in.longjiang}/path",
        f"/enterprises/{lived_in.longjiang}/path/people",
    ):
        for asked in ({}, {"on": "2024-06-02"}, {"on": "2025-12-31", "known_at": "2026-02-01", "key": "1"}):
            queries.clear()
            assert luo.get(path, params={"plan": PLAN} | asked).status_code == 200, path
            assert len(queries) <= MOST_QUERIES, (path, asked, len(queries))


def test_exports_say_that_a_plan_is_provisional(luo: Browser, chen: Browser, lived_in: World) -> None:
    here = f"/enterprises/{lived_in.longjiang}"
    for browser, path in ((luo, "/coverage/path/people"), *((chen, here + page) for page in PROVISIONAL_HERE)):
        for plan, marked in (("national-2026-2030", True), (PLAN, False)):
            said = browser.get(path + ".csv", params={"plan": plan}).content.decode("utf-8-sig")
            (title,) = [line for line in said.splitlines() if line.startswith("行动计划,")]
            assert title.endswith("（暂行口径）") is marked, path
