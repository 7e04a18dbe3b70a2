"""Every figure of the bureau's pages opens the rows that it counts: as many of them, of the same day, as known then.

The world: that of the bureau (liuzhou.py), with a team leader at Sanmei, directly under the city.
"""

from datetime import UTC, datetime

import pytest

from app.ops.db import Database
from tests import world
from tests.web.browsers import Browser
from tests.web.filled import settled_once, statements
from tests.web.liuzhou import PLAN, settle_own
from tests.web.pages import opened, rows
from tests.world import World

DAY = "2025-12-31"
MOST_QUERIES = 25
settled, database_url, lived_in = settled_once(settle_own)


@pytest.mark.parametrize("view", ["grid", "list"])
def test_what_lies_directly_under_the_city_opens_just_that(luo: Browser, view: str) -> None:
    page = luo.get("/coverage", params={"plan": PLAN, "on": DAY, "view": view}).text
    part = page.partition("柳州市本级")[2].partition("</tr>" if view == "list" else "</li>")[0]
    figures = opened(part)
    assert len(figures) >= 3, part
    for address, n in figures:
        assert rows(luo, address) == n, address
        text = luo.get(address).text
        assert "柳州市本级" in text
        assert "龙江机械" not in text
    assert "三门江建材" in luo.get(figures[0][0].replace("people", "missing").replace("held=covered", "")).text


@pytest.mark.parametrize("path", ["enterprises", "missing", "people", "waivers"])
def test_the_export_of_a_citys_own_says_and_holds_no_more(luo: Browser, path: str) -> None:
    sheet = luo.get(f"/coverage/{path}.csv?plan={PLAN}&on={DAY}&own=1&region=450200").content.decode("utf-8-sig")
    assert "柳州市本级" in sheet
    assert "龙江机械" not in sheet
    assert "柳北化工" not in sheet


def test_each_figure_of_an_enterprise_opens_just_those_it_counts(luo: Browser, lived_in: World) -> None:
    here = f"/enterprises/{lived_in.longjiang}"
    for asked in (f"plan={PLAN}&on={DAY}", f"plan={PLAN}&on=2025-01-01", f"plan={PLAN}&on={DAY}&known_at=2026-01-05"):
        page = luo.get(f"{here}?{asked}").text
        figures = opened(page.partition('class="figure')[2].partition("<dl")[0].partition('id="missing"')[0])
        assert len(figures) >= 8, asked
        for address, n in figures:
            assert rows(luo, address) == n, address
    assert "覃志强" not in luo.get(f"{here}/counted?plan={PLAN}&on={DAY}").text
    assert "覃志强" in luo.get(f"{here}/counted?plan={PLAN}&on=2025-01-01&post=safety_head").text


def test_who_is_counted_goes_out_by_the_same_filters(luo: Browser, lived_in: World) -> None:
    here = f"/enterprises/{lived_in.longjiang}/counted"
    sheet = luo.get(f"{here}.csv?plan={PLAN}&on={DAY}&held=missing").content.decode("utf-8-sig")
    assert "莫小兰" in sheet
    assert "韦大勇" not in sheet
    assert world.MO not in sheet
    assert luo.get(f"{here}.xlsx?plan={PLAN}&on={DAY}&post=team_leader").content[:2] == b"PK"
    assert luo.get(f"{here}?held=perhaps").status_code == 422


def test_a_list_of_enterprises_opens_the_people_behind_its_figures(luo: Browser) -> None:
    page = luo.get(f"/coverage/enterprises?plan={PLAN}&on={DAY}").text.partition("<tbody>")[2]
    figures = [found for found in opened(page) if found[0].startswith("/enterprises")]
    assert len(figures) >= 5
    for address, n in figures:
        assert rows(luo, address) == n, address


def test_an_enterprise_is_told_where_it_was_on_the_day_as_known_then(
    luo: Browser, lived_in: World, database: Database
) -> None:
    moved = (world.LONGJIANG, "龙江机械有限公司", "450205", "C34", "120", "2025-07-01")
    with database.session() as session:
        headers = ("uscc", "name", "region", "industry", "insured", "effective_on")
        assert not world.fill(session, "enterprises", (headers, moved), now=datetime.now(UTC)).errors
    here = f"/enterprises/{lived_in.longjiang}?plan={PLAN}"

    def place(asked: str) -> str:
        head = luo.get(f"{here}{asked}").text.partition('class="crumbs"')[2].partition('class="acts"')[0]
        found = {name for name in ("城中区", "柳北区") if name in head}
        assert len(found) == 1
        assert f"region={'450202' if found == {'城中区'} else '450205'}" in head.replace("&amp;", "&")
        return found.pop()

    assert place(f"&on={DAY}") == "柳北区"
    assert place("&on=2025-06-30") == "城中区"
    assert place(f"&on={DAY}&known_at=2026-01-05") == "城中区"


def test_a_roster_as_known_then_holds_those_who_were_on_it_then(
    luo: Browser, lived_in: World, database: Database
) -> None:
    late = (world.LONGJIANG, "韦大勇", world.WEI, "", "班组长", "", "2021-03-01", "2025-09-01")
    with database.session() as session:
        assert not world.fill(session, "roster", (world.ROSTER[0], late), now=datetime.now(UTC)).errors
    here = f"/enterprises/{lived_in.longjiang}"
    for known_at, n in (("", 2), ("&known_at=2026-01-05", 3)):
        page = luo.get(f"{here}?plan={PLAN}&on={DAY}{known_at}").text
        people = [found for found in opened(page) if "/roster" in found[0]]
        assert people[0][1] == n
        assert rows(luo, people[0][0]) == n
        assert ("韦大勇" in luo.get(people[0][0]).text) == (n == 3)


def test_the_lists_behind_an_enterprise_ask_the_database_little(
    luo: Browser, lived_in: World, database: Database
) -> None:
    here = f"/enterprises/{lived_in.longjiang}"
    for path in ("", "/counted", "/roster"):
        with statements(database.engine) as seen:
            assert luo.get(f"{here}{path}?on={DAY}&known_at=2026-01-05").status_code == 200
        assert len(seen) <= MOST_QUERIES, (path, len(seen))
