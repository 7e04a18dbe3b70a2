"""What anybody reads of a region that publishes its coverage, and how Luo, who manages Liuzhou, switches it on and off.

The world here: Liuzhou's districts with enterprises enough to stand alone, but for Liubei, where there is one.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from app.kit.dates import day_of
from app.ops.db import Database
from app.organisations import regions
from tests import world
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.web.filled import settled_once
from tests.world import World

PLAN = "liuzhou-2021-2025"
CITY, CHENGZHONG, YUFENG, LIUBEI = "450200", "450202", "450203", "450205"
PAGE = f"/open/{CITY}/{PLAN}"
COURSES = {*world.MACHINERY_LEADER, *world.CHEMICALS_LEADER}
RECORDED = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)
NAMES = ("龙江机械", "柳北化工", "新厂", "韦大勇", "莫小兰", "工人")


def settle(session: Session) -> World:
    """Add four factories of three workers to Chengzhong, and three to Yufeng; a third of the workers is trained."""
    lived = world.build(session)
    headers = ("uscc", "name", "region", "industry", "insured")
    factories = [(number, CHENGZHONG if number < 15 else YUFENG) for number in range(11, 18)]
    firms = [(world.uscc(n), f"新厂{n}有限公司", region, "C34" if n % 2 else "26", "40") for n, region in factories]
    people = [(n, n * 10 + worker) for n, _ in factories for worker in range(3)]
    posts = [(world.uscc(n), f"工人{p}", world.resident_id(p), "", "班组长", "", "2022-01-01", "") for n, p in people]
    trained = [p for _, p in people if p % 10 == 0]
    world.fill(session, "enterprises", (headers, *firms), RECORDED)
    world.fill(session, "roster", (world.ROSTER[0], *posts), RECORDED + timedelta(minutes=1))
    learn(session, trained, RECORDED + timedelta(minutes=2))
    return lived


def learn(session: Session, workers: Iterable[int], now: datetime) -> None:
    rows = [(world.resident_id(p), course, "2024-05-20", "线下") for p in workers for course in COURSES]
    assert not world.fill(session, "records", [("证件号码", "课程代码", "完成日期", "培训方式"), *rows], now).errors


settled, database_url, lived_in = settled_once(settle)


@pytest.fixture
def stranger(app: ASGIApp) -> Iterator[Browser]:
    with Browser(app, follow_redirects=False) as found:
        found.headers["accept"] = "text/html"
        yield found


def switch_on(luo: Browser, region: str = CITY) -> None:
    sent = luo.submit("/coverage/publications", plan=PLAN, region=region, reason="按要求主动公开")
    assert sent.status_code == 303, sent.text


def figures(stranger: Browser, region: str = CITY) -> dict[str, object]:
    found: dict[str, object] = json.loads(stranger.get(f"/open/{region}/{PLAN}.json").content)
    return found


def test_nothing_is_public_until_it_is_switched_on(luo: Browser, stranger: Browser) -> None:
    for kind in ("", ".json", ".csv"):
        assert stranger.get(PAGE + kind).status_code == 404
    assert "目前没有地区公开" in stranger.get("/open").text
    switch_on(luo)
    for kind in ("", ".json", ".csv"):
        assert stranger.get(PAGE + kind).status_code == 200
    assert PAGE in stranger.get("/open").text


def test_switched_off_it_is_gone_at_once_and_both_acts_are_on_record(
    luo: Browser, stranger: Browser, lived_in: World, sign_in: SignIn
) -> None:
    switch_on(luo)
    assert "按要求主动公开" in luo.get(f"/coverage/publications?plan={PLAN}&region={CITY}").text
    assert luo.submit("/coverage/publications/1/withdrawal", plan=PLAN, region=CITY, reason="").status_code == 422
    assert luo.submit("/coverage/publications/1/withdrawal", plan=PLAN, region=CITY, reason="核数中").status_code == 303
    assert stranger.get(PAGE).status_code == 404
    assert luo.submit("/coverage/publications/1/withdrawal", plan=PLAN, region=CITY, reason="再来").status_code == 409
    assert "核数中" in luo.get("/coverage/publications").text
    trail = sign_in(lived_in.guan).get("/admin/audit").text
    assert "开启公开页面" in trail
    assert "关闭公开页面" in trail


def test_a_page_cannot_be_switched_on_twice_without_a_reason_or_out_of_reach(luo: Browser, stranger: Browser) -> None:
    assert luo.submit("/coverage/publications", plan=PLAN, region=CITY, reason=" ").status_code == 422
    switch_on(luo)
    assert luo.submit("/coverage/publications", plan=PLAN, region=CITY, reason="再来").status_code == 409
    for region, plan in (("440600", PLAN), ("450000", PLAN), (CITY, "guangdong-2021-2025"), (CITY, "none")):
        assert luo.submit("/coverage/publications", plan=plan, region=region, reason="越权").status_code == 404
    assert stranger.get("/open").text.count('href="/open/') == 1


def test_the_figures_are_those_of_the_bureau_as_known_at_the_end_of_last_month(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    told = figures(stranger)
    month_end = day_of(datetime.now(UTC)).replace(day=1) - timedelta(days=1)
    assert told["known_at"] == f"{month_end}T23:59:59+08:00"
    assert told["on"] == "2025-12-31"
    assert (told["required"], told["covered"]) == (25, 7)
    assert told["ratio"] == 0.28
    assert told["enterprises"] == 9
    sample = told["trend"]
    assert isinstance(sample, list)
    assert {"on": "2025-12-31", "required": 25, "covered": 7, "ratio": 0.28} in sample
    page = read(stranger.get(PAGE).text)
    assert re.search(r"28\.0<small>%", page)
    assert "截至 2025-12-31" in page
    assert f"按 {month_end} 日终数据" in page


def test_what_is_recorded_today_shows_with_the_rest_of_the_month(
    luo: Browser, stranger: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(luo)
    before = stranger.get(PAGE).content
    now = datetime.now(UTC)
    with database.session() as session:
        learn(session, [111], now)
    assert stranger.get(PAGE).content == before
    in_month = (day_of(now).replace(day=1) + timedelta(days=32)).replace(day=1)
    for day, covered in ((in_month - timedelta(days=1), 7), (in_month, 8)):
        then = datetime.combine(day, time(4), UTC)
        monkeypatch.setattr("app.ops.clock.now", lambda then=then: then)
        assert figures(stranger)["covered"] == covered


def test_nobody_is_named(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    for kind in ("", ".json", ".csv"):
        said = stranger.get(PAGE + kind).content.decode()
        assert not [name for name in NAMES if name in said]
        assert not re.search(r"\d{17}[\dX]|91450200", said)


def test_a_district_with_one_enterprise_is_united_with_another(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    by_region = figures(stranger)["by_region"]
    assert isinstance(by_region, dict)
    open_rows = {row["code"]: row["required"] for row in by_region["rows"]}
    assert open_rows[CHENGZHONG] + by_region["other"]["required"] == 25
    assert LIUBEI not in open_rows
    assert YUFENG not in open_rows
    assert by_region["other"]["united"] == 2
    assert "其他（2 项合并）" in stranger.get(PAGE).text


def test_a_district_with_few_shows_nothing(luo: Browser, stranger: Browser) -> None:
    switch_on(luo, LIUBEI)
    told = figures(stranger, LIUBEI)
    assert told["withheld"] == "small"
    assert told["required"] is told["covered"] is told["ratio"] is told["by_status"] is None
    assert told["trend"] == []
    page = stranger.get(f"/open/{LIUBEI}/{PLAN}").text
    assert "不予公布" in page


def test_a_districts_page_does_not_uncover_what_the_citys_hides(luo: Browser, stranger: Browser) -> None:
    switch_on(luo, YUFENG)
    alone = figures(stranger, YUFENG)
    assert (alone["required"], alone["withheld"], alone["above"]) == (9, None, None)
    assert alone["by_post"]
    switch_on(luo, CHENGZHONG)
    switch_on(luo)
    under = figures(stranger, YUFENG)
    assert (under["required"], under["withheld"]) == (None, "united_above")
    shown = figures(stranger, CHENGZHONG)
    assert (shown["required"], shown["withheld"]) == (15, None)
    assert shown["by_post"] is shown["by_industry"] is None
    assert shown["trend"] == []
    page = stranger.get(f"/open/{CHENGZHONG}/{PLAN}").text
    assert f'href="{PAGE}"' in page
    assert f'href="/open/{CHENGZHONG}/{PLAN}"' in stranger.get(PAGE).text


def test_what_is_hidden_cannot_be_had_by_subtraction(luo: Browser, stranger: Browser, database: Database) -> None:
    """Add up all that is public, page by page, and look for a sum about few."""
    for region in (CITY, CHENGZHONG, YUFENG, LIUBEI):
        switch_on(luo, region)
    told = {region: figures(stranger, region) for region in (CITY, CHENGZHONG, YUFENG, LIUBEI)}
    whole = told[CITY]["required"]
    known = [found["required"] for region, found in told.items() if region != CITY and found["required"] is not None]
    assert isinstance(whole, int)
    assert whole - sum(n for n in known if isinstance(n, int)) >= 5
    with database.reading() as session:
        assert len(regions.tree(session).children(CITY)) > 2


def test_csv_is_one_tidy_table_with_its_notes(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    answer = stranger.get(PAGE + ".csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (total,) = [row for row in rows if row["part"] == "total"]
    assert (total["required"], total["covered"], total["ratio"], total["name"]) == ("25", "7", "0.280000", "柳州市")
    parts = {part: sum(int(row["required"]) for row in rows if row["part"] == part) for part in ("region", "post")}
    assert parts == {"region": 25, "post": 25}
    assert "注明来源" in rows[-1]["name"]


def test_it_may_be_kept_for_five_minutes_and_asked_for_again_cheaply(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    for kind in ("", ".json", ".csv"):
        answer = stranger.get(PAGE + kind)
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert "set-cookie" not in answer.headers
        again = stranger.get(PAGE + kind, headers={"if-none-match": f'"other", W/{answer.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
    assert stranger.get(PAGE + "?lang=en").headers["etag"] != stranger.get(PAGE).headers["etag"]
    assert "Training coverage in" in stranger.get(PAGE + "?lang=en").text


def test_many_readers_cost_little(luo: Browser, stranger: Browser, database: Database) -> None:
    switch_on(luo)
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
    stranger.get(PAGE)
    first = len(counted)
    stranger.get(PAGE)
    assert first <= 25
    assert len(counted) - first <= 5


def test_it_says_when_the_accounts_were_checked(luo: Browser, stranger: Browser, database: Database) -> None:
    switch_on(luo)
    assert "尚未整体核对" in stranger.get(PAGE).text
    insert = "INSERT INTO job_run (name, started_at, alive_at, finished_at, outcome, findings) VALUES "
    with database.session() as session:
        session.execute(text(insert + "('proof', 1767628860000000, 1, 1, 'clean', 0)"))
    assert "账目核对于 2026-01-06 00:01，无差异" in read(stranger.get(PAGE).text)


def test_the_preview_is_the_page_and_is_not_public(luo: Browser, stranger: Browser) -> None:
    asked = f"?plan={PLAN}&region={CITY}"
    preview = luo.get("/coverage/publications/preview" + asked)
    assert "这是预览" in preview.text
    assert "28.0<small>%" in preview.text
    assert preview.headers["cache-control"] == "no-store"
    assert stranger.get(PAGE).status_code == 404
    assert stranger.get("/coverage/publications/preview" + asked).status_code == 303


def test_crawlers_may_read_what_is_public_and_nothing_else(stranger: Browser) -> None:
    assert stranger.get("/robots.txt").text == "User-agent: *\nAllow: /open\nDisallow: /\n"


LIUNAN = "450204"
HEADERS = ("uscc", "name", "region", "industry", "insured")


def found_liunan(database: Database, declaring: int) -> None:
    """Give Liunan three factories, of which so many name ten workers each."""
    with database.session() as session:
        firms = [(world.uscc(n), f"新厂{n}有限公司", LIUNAN, "C34", "40") for n in (31, 32, 33)]
        posts = [
            (world.uscc(n), f"工人{n}{w}", world.resident_id(n * 10 + w), "", "班组长", "", "2022-01-01", "")
            for n in range(31, 31 + declaring)
            for w in range(10)
        ]
        world.fill(session, "enterprises", (HEADERS, *firms), RECORDED + timedelta(minutes=3))
        assert not world.fill(session, "roster", (world.ROSTER[0], *posts), RECORDED + timedelta(minutes=4)).errors


def test_three_enterprises_of_which_two_declared_show_nothing(
    luo: Browser, stranger: Browser, database: Database
) -> None:
    found_liunan(database, 2)
    switch_on(luo, LIUNAN)
    told = figures(stranger, LIUNAN)
    assert told["withheld"] == "small"
    hidden = ("required", "covered", "enterprises", "declared", "by_status", "by_post", "by_region", "stale", "waived")
    assert [told[name] for name in hidden] == [None] * len(hidden)
    assert "status" not in {row["part"] for row in csv_rows(stranger, LIUNAN)}
    assert "不予公布" in stranger.get(f"/open/{LIUNAN}/{PLAN}").text
    switch_on(luo)
    by_region = figures(stranger)["by_region"]
    assert isinstance(by_region, dict)
    assert LIUNAN not in {row["code"] for row in by_region["rows"] if row["required"]}


def test_three_that_declared_show_their_figure_but_not_the_post_that_two_of_them_have(
    luo: Browser, stranger: Browser, database: Database
) -> None:
    found_liunan(database, 3)
    people = [(n, n * 10 + w) for n in (31, 32) for w in range(5, 9)]
    posts = [
        (world.uscc(n), f"副总{p}", world.resident_id(p + 500), "", "分管负责人", "", "2022-01-01", "")
        for n, p in people
    ]
    with database.session() as session:
        assert not world.fill(session, "roster", (world.ROSTER[0], *posts), RECORDED + timedelta(minutes=5)).errors
    switch_on(luo, LIUNAN)
    told = figures(stranger, LIUNAN)
    assert (told["required"], told["declared"], told["enterprises"]) == (38, 3, 3)
    by_post = told["by_post"]
    assert isinstance(by_post, dict)
    assert [row["code"] for row in by_post["rows"] if row["required"]] == []
    assert (by_post["other"]["required"], by_post["other"]["united"]) == (38, 2)


def csv_rows(stranger: Browser, region: str = CITY) -> list[dict[str, str]]:
    said = stranger.get(f"/open/{region}/{PLAN}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said)))


def test_the_page_says_its_rule_and_tells_no_status_of_one_or_two(luo: Browser, stranger: Browser) -> None:
    switch_on(luo)
    told = figures(stranger)
    by_status = told["by_status"] or {}
    assert isinstance(by_status, dict)
    assert not {1, 2} & set(by_status.values())
    assert {int(row["enterprises"]) for row in csv_rows(stranger) if row["part"] == "status"}.isdisjoint({1, 2})
    page = stranger.get(PAGE).text
    for said in ("有应训人员的用人单位（不是全部纳入单位）少于 3 家", "不单列", "每月更新一次"):
        assert said in page
    switch_on(luo, CHENGZHONG)
    under = figures(stranger, CHENGZHONG)
    assert under["required"]
    assert under["by_status"] is under["stale"] is under["waived"] is None
