"""Lists say which of their rows stand on a page, on the screen and on paper: from which to which, of how many."""

import re

import pytest

from app.ops.db import Database
from app.web.paged import Shown, place_of
from tests import world
from tests.web.browsers import Browser, read
from tests.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLAN = "plan=liuzhou-2021-2025&on=2025-12-31"
MORE = 60


@pytest.fixture
def crowded(lived_in: World, database: Database) -> World:
    """Give the world with sixty more team leaders at Longjiang."""
    crew = [
        (world.LONGJIANG, f"工友{number:03d}", world.resident_id(number), "班组长", "2022-01-01")
        for number in range(100, 100 + MORE)
    ]
    headers = ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期")
    with database.session() as session:
        assert not world.fill(session, "roster", [headers, *crew]).errors
    return lived_in


def told(html: str) -> list[str]:
    """Give what a page says of its rows, above the list and below it."""
    return re.findall(r"(第 [\d,]+–[\d,]+ 条(?:，共 [\d,]+ 条|，后面还有)?|共 [\d,]+ 条)<", html)


def following(html: str) -> str:
    found = re.search(r'href="([^"]+)"[^>]*>下一页', html)
    assert found
    return found[1].replace("&amp;", "&")


@ON_SQLITE
@pytest.mark.parametrize(
    "path", ["/coverage/missing", "/coverage/people", "/enterprises/{id}", "/enterprises/{id}/roster"]
)
def test_a_page_of_many_says_so_above_and_below(luo: Browser, crowded: World, path: str) -> None:
    there = 63 + (not path.startswith("/enterprises"))
    address = path.format(id=crowded.longjiang)
    size = 100 if "roster" in path else 50
    page = luo.get(f"{address}?{PLAN}").text
    if there <= size:
        assert told(page) == [f"共 {there} 条"]
        return
    assert told(page) == [f"第 1–{size} 条", f"第 1–{size} 条，共 {there} 条"], "the sentence above has the total"
    rest = luo.get(following(page)).text
    assert told(rest) == [f"第 {size + 1}–{there} 条", f"第 {size + 1}–{there} 条，共 {there} 条"]


@ON_SQLITE
def test_where_the_total_is_not_counted_it_says_that_more_follow(luo: Browser, crowded: World) -> None:
    page = luo.get(f"/enterprises/{crowded.longjiang}/roster?{PLAN}&post=team_leader").text
    assert told(page) == [f"共 {MORE + 1} 条"]
    with_reason = luo.get(f"/coverage/missing?{PLAN}&reason=never_started&post=team_leader").text
    assert told(with_reason) == ["第 1–50 条", f"第 1–50 条，共 {MORE + 2} 条"]


@ON_SQLITE
def test_an_address_without_the_number_of_rows_before_still_shows_its_page(luo: Browser, crowded: World) -> None:
    address = following(luo.get(f"/coverage/missing?{PLAN}").text)
    assert "本页 14 条" in luo.get(re.sub("~50", "", address)).text
    assert luo.get(address.replace("~50", "~x")).status_code == 200
    assert luo.get(f"/coverage/missing?{PLAN}&after=x~50").status_code == 422
    assert crowded.longjiang


@pytest.mark.parametrize(
    ("after", "count", "following", "total", "shown"),
    [
        ("", 50, "k", 115, Shown(1, 50, 115, "k~50")),
        ("k~50", 50, "m", 115, Shown(51, 50, 115, "m~100")),
        ("m~100", 15, None, 115, Shown(101, 15, 115, None)),
        ("m~100", 14, None, 115, Shown(101, 14, 114, None)),
        ("m~100", 50, "n", 115, Shown(101, 50, None, "n~150")),
        ("k", 50, "m", 115, Shown(None, 50, 115, "m")),
        ("", 0, None, None, Shown(1, 0, 0, None)),
    ],
)
def test_rows_are_counted_through(
    after: str, count: int, following: str | None, total: int | None, shown: Shown
) -> None:
    assert place_of(after).shown(count, following, total) == shown


@pytest.mark.parametrize(
    ("after", "count", "total", "shown"),
    [
        ("", 0, None, Shown(1, 0, None, "k~0", unfinished=True)),
        ("m~100", 3, 115, Shown(101, 3, 115, "k~103", unfinished=True)),
        ("m~100", 15, 115, Shown(101, 15, 115, None)),
        ("m", 3, 115, Shown(None, 3, 115, "k", unfinished=True)),
    ],
)
def test_a_page_that_ended_early_goes_on_unless_all_are_found(
    after: str, count: int, total: int | None, shown: Shown
) -> None:
    assert place_of(after).shown(count, "k", total, unfinished=True) == shown


@ON_SQLITE
def test_a_search_goes_on_where_its_first_page_ends(luo: Browser, lived_in: World, database: Database) -> None:
    headers = ("uscc", "name", "region", "industry", "insured")
    firms = [(world.uscc(number), f"试点{number}机械厂", "450202", "C34", "15") for number in range(100, 155)]
    with database.session() as session:
        assert not world.fill(session, "enterprises", [headers, *firms]).errors
    address = f"/coverage/enterprises?{PLAN}"
    first = luo.submit(address, text="试点").text
    assert "共 57 家，<b>第 1–50 条</b>" in read(luo.get(address).text)
    assert told(first) == ["第 1–50 条，后面还有"] * 2
    assert "57 家中的 50 家以上" in first
    place = re.search(r'name="after" value="([^"]+)"', first)
    assert place
    rest = luo.submit(address, text="试点", after=place[1]).text
    assert told(rest) == ["第 51–55 条", "第 51–55 条，共 55 条"]
    assert "57 家中的 55 家" in rest
    assert not set(re.findall(r"试点\d+", first)) & set(re.findall(r"试点\d+", rest))
    assert lived_in.longjiang
