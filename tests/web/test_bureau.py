"""What Luo, who manages Liuzhou's bureau, sees of coverage: figures on any day, in reach only.

The world: tests/web/liuzhou.py.
"""

import re
from collections.abc import Callable

import pytest

from tests.web.browsers import read
from tests.web.bureau import Bureau
from tests.web.conftest import SignIn
from tests.web.filled import settled_once
from tests.web.liuzhou import PLAN, settle
from tests.web.pages import plain

settled, database_url, lived_in = settled_once(settle)


def test_the_headline_has_its_fraction_its_day_and_what_limits_it(bureau: Bureau) -> None:
    text = bureau.text("/coverage", on="2025-12-31")
    assert "覆盖率，截至 2025-12-31 50.0 % 2 已达标 / 4 应培训" in text
    assert "已申报用人单位 2 / 3 ， 1 家未报" in text
    assert "名册人数 / 参保人数 4 / 240" in text
    assert "未达标 2 个任职，看名单" in text
    assert "达标中含豁免 1" in text


def test_regions_add_up_to_the_total_with_the_citys_own_enterprises_apart(bureau: Bureau) -> None:
    text = bureau.text("/coverage", on="2025-12-31", view="list")
    assert re.search(r"1 柳北区 100\.0% 1 / 1 0 1 / 1 0 0", text)
    assert re.search(r"2 城中区 33\.3% 1 / 3 2 1 / 1 0 0", text)
    assert re.search(r"柳州市本级 无应训人员 0 / 0 0 0 / 1 1 0", text)
    assert re.search(r"合计 50\.0% 2 / 4 2 2 / 3 1 0", text)


def test_tiles_stand_in_the_order_of_codes_and_say_the_same(bureau: Bureau) -> None:
    text = bureau.text("/coverage", on="2025-12-31")
    assert re.search(r"城中区 33\.3 % 1 / 3 已申报 1 / 1 .*柳北区 100\.0 % 1 / 1 .*柳州市本级 无应训人员 0 / 0", text)
    assert text.index("鱼峰区") < text.index("柳北区") < text.index("柳州市本级")
    page = bureau.get("/coverage", on="2025-12-31").text
    assert 'aria-label="名册 90 天内确认 0 家，陈旧 0 家，未报 1 家"' in page.partition("柳州市本级")[2]


@pytest.mark.parametrize(
    ("order", "first", "second"),
    [("ratio", "柳北区", "城中区"), ("missing", "城中区", "柳北区"), ("code", "城中区", "柳北区")],
)
def test_regions_are_sorted_as_asked_in_either_layout(bureau: Bureau, order: str, first: str, second: str) -> None:
    for view in ("grid", "list"):
        part = bureau.get("/coverage", on="2025-12-31", view=view, order=order).text.partition('id="regions"')[2]
        assert part.index(f">{first}</a>") < part.index(f">{second}</a>"), view


def test_the_layout_stays_with_the_question(bureau: Bureau) -> None:
    page = bureau.get("/coverage", on="2025-12-31", view="list", order="stale").text
    inner = re.search(r'href="(/coverage\?[^"]*region=450202[^"]*)"', page)
    assert inner
    assert "view=list" in inner[1]
    assert "order=stale" in inner[1]
    assert '<input type="hidden" name="order" value="stale">' in page


@pytest.mark.parametrize("view", ["grid", "list"])
def test_a_province_shows_its_cities_or_all_their_counties(
    bureau: Bureau, staff: Callable[..., int], sign_in: SignIn, view: str
) -> None:
    lu = sign_in(staff("陆远", "bureau_viewer", region="450000"))
    asked = {"plan": PLAN, "region": "450000", "on": "2025-12-31", "view": view}
    cities = plain(lu.get("/coverage", params=asked).text)
    assert "城中区" not in cities.partition("按地区")[2].partition("按重点行业")[0]
    assert re.search(r"柳州市 50\.0", cities)
    counties = plain(lu.get("/coverage", params=asked | {"level": "deeper"}).text)
    parts = counties.partition("按地区")[2].partition("按重点行业")[0]
    assert re.search(r"柳州市 城中区 33\.3 ?% 1 / 3", parts)
    assert re.search(r"柳州市 柳北区 全覆盖 100|柳州市 柳北区 100\.0 ?% 1 / 1", parts)
    assert re.search(r"柳州市本级 无应训人员 0 / 0", parts)
    shown = re.findall(r"(?:%|无应训人员) (\d+) / (\d+)", parts.partition("合计")[0])
    assert (sum(int(c) for c, _ in shown), sum(int(r) for _, r in shown)) == (2, 4)


NUMBER = re.compile(r'<a[^>]* href="(/coverage/(?:people|missing|enterprises|waivers)\?[^"]*)">\s*(?:<b>)?([\d,]+)<')


@pytest.mark.parametrize("view", ["grid", "list"])
def test_every_number_leads_to_as_many_rows(bureau: Bureau, view: str) -> None:
    page = bureau.get("/coverage", on="2025-12-31", view=view).text
    heads = page.partition("名册人数 / 参保人数")[2].partition("</div>")[0]
    found = [(link.replace("&amp;", "&"), int(n)) for link, n in NUMBER.findall(page.replace(heads, ""))]
    assert len(found) > 20
    for link, number in dict.fromkeys(found):
        rows = re.findall(r"<tr>", bureau.browser.get(link).text.partition("<tbody>")[2])
        assert len(rows) == number, link


def test_reasons_add_up_to_the_missing_and_lead_to_them(bureau: Bureau) -> None:
    page = bureau.get("/coverage", on="2025-12-31").text
    counts = re.findall(r'href="[^"]*missing\?[^"]*reason=\w+[^"]*">[^<]*<b>(\d+)</b>', page)
    assert sum(map(int, counts)) == 2
    assert "2 个任职未达标的原因" in plain(page)


def test_everybody_is_listed_with_their_standing(bureau: Bureau) -> None:
    text = bureau.text("/coverage/people", on="2025-12-31")
    assert re.search(r"韦大勇 龙江机械有限公司 城中区 机械制造 一线班组长 已达标 2024-05-20 5 / 5 2024-05-20", text)
    assert re.search(r"梁秀英 柳北化工有限公司 柳北区 危险化学品 一线班组长 已豁免 2025-01-01 0 / 5", text)
    assert re.search(r"莫小兰 .* 未开始 2022-05-01 1 / 6 2024-05-20", text)
    assert "应培训 4 已达标 2 其中豁免 1 未达标 2" in text
    waived = bureau.text("/coverage/people", on="2025-12-31", held="waived")
    assert "梁秀英" in waived
    assert "韦大勇" not in waived
    assert bureau.get("/coverage/people", held="splendid").status_code == 422


def test_paper_has_the_question_in_words(bureau: Bureau) -> None:
    for path in ("/coverage", "/coverage/enterprises", "/coverage/missing", "/coverage/people"):
        page = bureau.get(path, on="2024-06-30", known_at="2026-02-01", key="1", post="team_leader").text
        words = re.search(r'<p class="on-paper">(.*?)</p>', page)
        assert words
        assert "柳州市；截至 2024-06-30；按 2026-02-01 23:59 所知；仅重点企业；一线班组长。" in read(words[1])


def test_posts_stand_against_industries_with_the_lowest_cell_named(bureau: Bureau) -> None:
    text = bureau.text("/coverage", on="2025-12-31")
    assert "最低一格是机械制造的分管负责人：还差 1 个任职。" in text
    assert re.search(r"一线班组长 危险化学品 100\.0% 1 / 1 .* 机械制造 100\.0% 1 / 1 合计 100\.0% 2 / 2", text)


def test_the_undeclared_come_first_and_have_no_figures(bureau: Bureau) -> None:
    text = bureau.text("/coverage/enterprises", on="2025-12-31")
    first, second = text.index("三门江建材有限公司"), text.index("龙江机械有限公司")
    assert first < second < text.index("柳北化工有限公司")
    assert re.search(r"三门江建材有限公司 柳州市 非煤矿山 未报 未知 未知 未知 参保 40 从未申报", text)
    assert re.search(r"龙江机械有限公司 城中区 机械制造 岗位不全 33\.3% 1 / 3 2 名册 3，参保 120", text)


def test_the_past_is_answered_as_it_was(bureau: Bureau) -> None:
    assert "0.0 % 0 已达标 / 5 应培训" in bureau.text("/coverage", on="2024-05-19")
    assert "20.0 % 1 已达标 / 5 应培训" in bureau.text("/coverage", on="2024-05-20")


def test_what_was_not_yet_recorded_was_not_yet_known(bureau: Bureau) -> None:
    text = bureau.text("/coverage", on="2025-12-31", known_at="2026-01-04")
    assert "按 2026-01-04 23:59 所知" in text
    assert "无应训人员" in text


def test_a_day_before_the_plan_says_so_and_a_day_to_come_is_called_a_forecast(bureau: Bureau) -> None:
    assert "尚未开始" in bureau.text("/coverage", on="2020-12-31")
    assert "预计" in bureau.text("/coverage", plan="national-2026-2030", on="2030-01-01")
    assert "预计" not in bureau.text("/coverage", on="2025-12-31")


def test_a_plan_that_is_not_settled_is_marked(bureau: Bureau) -> None:
    assert "暂行口径" in bureau.text("/coverage", plan="national-2026-2030")
    assert "暂行口径" not in bureau.text("/coverage").replace("（暂行口径）", "")


def test_only_plans_that_reach_the_region_are_offered(bureau: Bureau) -> None:
    page = bureau.get("/coverage").text
    assert 'value="liuzhou-2021-2025" selected' in page
    assert 'value="national-2026-2030"' in page
    assert "guangdong" not in page
    assert bureau.get("/coverage", plan="guangdong-2021-2025").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"region": "440000"}, 404),
        ({"region": "450000"}, 404),
        ({"region": "nowhere"}, 404),
        ({"plan": "none"}, 404),
        ({"on": "2025-02-30"}, 422),
        ({"known_at": "yesterday"}, 422),
        ({"known_at": "2099-01-01"}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(bureau: Bureau, asked: dict[str, str], status: int) -> None:
    for path in ("/coverage", "/coverage/enterprises", "/coverage/missing", "/coverage/waivers", "/coverage.csv"):
        assert bureau.get(path, **asked).status_code == status, path


def test_every_link_keeps_the_question(bureau: Bureau) -> None:
    page = bureau.get("/coverage", on="2024-06-30", known_at="2026-02-01", region="450202").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/coverage[^"]*\?[^"]*)"', page)]
    assert len(links) > 5
    years = page.partition("<details")[2].partition("</details>")[0].replace("&amp;", "&")
    for link in links:
        assert "on=2024-06-30" in link or link in years
        assert "known_at=2026-02-01" in link
        assert bureau.browser.get(link).status_code == 200, link
    inside = re.search(rf'href="(/enterprises/{bureau.lived.longjiang}\?[^"]*)"', page)
    assert inside
    assert "on=2024-06-30" in inside[1]


def test_a_district_sees_itself_only(bureau: Bureau, sign_in: SignIn) -> None:
    xie = sign_in(bureau.lived.xie)
    assert "柳州市" not in plain(xie.get("/coverage", params={"plan": PLAN}).text).replace("柳州市工伤预防", "")
    assert xie.get("/coverage", params={"plan": PLAN, "region": "450202"}).status_code == 404
    assert "没有纳入本计划的用人单位" in plain(xie.get("/coverage", params={"plan": PLAN}).text)


def test_an_officer_is_led_to_the_enterprise_and_the_administrator_turned_away(bureau: Bureau, sign_in: SignIn) -> None:
    chen = sign_in(bureau.lived.chen).get("/coverage")
    assert (chen.status_code, chen.headers["location"]) == (303, f"/enterprises/{bureau.lived.longjiang}")
    assert sign_in(bureau.lived.guan).get("/coverage").status_code == 403


def test_it_reads_in_english_too(bureau: Bureau) -> None:
    bureau.browser.submit("/language", language="en", back="/coverage")
    text = bureau.text("/coverage", on="2025-12-31")
    assert "Coverage rate, up to 2025-12-31 50.0 % 2 covered / 4 required" in text
