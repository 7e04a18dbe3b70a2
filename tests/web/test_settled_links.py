"""The figures of a settlement and of its comparison open the rows they count, as known then and as known now."""

import re
from datetime import UTC, datetime

import pytest

from tests import world
from tests.web import test_settlements
from tests.web.conftest import SignIn
from tests.web.filled import statements
from tests.web.pages import opened, plain, rows
from tests.web.test_settlements import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
office = test_settlements.office
MANY_QUERIES = 33
"""Everybody at an enterprise is judged twice: as known then, and now."""


@pytest.fixture
def corrected(office: Office) -> Office:
    """Give the office after Liang's records came in late, and a team leader of Longjiang's."""
    office.record(*((world.LIANG, course) for course in world.CHEMICALS_LEADER))
    headers = ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期")
    late = (world.LONGJIANG, "石有为", world.STRANGER, "班组长", "2023-02-01")
    with office.database.session() as session:
        assert not world.fill(session, "roster", (headers, late), now=datetime.now(UTC)).errors
    return office


def figures(office: Office, path: str) -> list[tuple[str, int]]:
    """Give the links on a page that are numbers, but for amounts of people where enterprises are listed."""
    page = re.sub(r"<dt>名册人数.*?</dd>", "", office.luo.get(path).text.partition("<main")[2], flags=re.DOTALL)
    return opened(page)


def test_every_settled_figure_opens_the_rows_as_known_then(corrected: Office) -> None:
    found = figures(corrected, corrected.base)
    assert len(found) >= 20
    for address, n in found:
        assert "known_at=" in address
        assert rows(corrected.luo, address) == n, address
    whole = re.search(r'href="(/coverage\?[^"]+)"[^>]*>按封账时所知', corrected.luo.get(corrected.base).text)
    assert whole
    assert "25.0 % 1 已达标 / 4 应培训" in corrected.text(whole[1].replace("&amp;", "&"))


@pytest.mark.parametrize("path", ["/settlements", "/settlements/new?plan=liuzhou-2021-2025&on=2025-12-30"])
def test_the_list_and_what_is_to_be_frozen_open_their_rows(corrected: Office, path: str) -> None:
    found = figures(corrected, path)
    assert len(found) >= 2
    for address, n in found:
        assert rows(corrected.luo, address) == n, address


def test_a_comparison_opens_both_sides(corrected: Office) -> None:
    table = corrected.luo.get(f"{corrected.base}/comparison").text.partition("<tbody>")[2].partition("</tbody>")[0]
    sides = opened(table)
    assert len(sides) >= 8
    for address, n in sides:
        assert rows(corrected.luo, address) == n, address


def test_a_difference_opens_the_enterprises_and_each_of_these_its_people(corrected: Office) -> None:
    page = corrected.luo.get(f"{corrected.base}/comparison").text
    differing = dict(re.findall(r'differs=(\w+)#changed">([+−]\d+)<', page))
    assert differing["required"] == differing["covered"] == "+1"
    required = corrected.text(f"{corrected.base}/comparison?differs=required")
    assert "龙江机械有限公司" in required
    assert "柳北化工有限公司" not in required
    covered = corrected.luo.get(f"{corrected.base}/comparison?differs=covered").text
    assert "差额全部有据" in plain(covered)
    assert "只看有变化的： 已达标" in plain(covered)
    assert "龙江机械有限公司" not in covered
    for address in set(re.findall(r'href="(/settlements/\d+/comparison/\d+/people[^"]*)"', covered)):
        said = corrected.text(address)
        assert "应培训 0，已达标 +1" in said
        assert "梁秀英 一线班组长 未开始 已达标 0 +1" in said
        assert "韦大勇" not in said
    for address, n in opened(covered.partition('id="changed"')[2]):
        assert rows(corrected.luo, address) == n, address
    assert corrected.luo.get(f"{corrected.base}/comparison?differs=luck").status_code == 422


def test_statuses_that_differ_open_their_enterprises(corrected: Office) -> None:
    closing = f"/enterprises/{corrected.lived.liubei}/closure"
    assert corrected.luo.submit(closing, closed_on="2025-12-01", reason="厂区搬迁").status_code == 303
    page = corrected.luo.get(f"{corrected.base}/comparison").text
    differing = dict(re.findall(r'differs=(\w+)#changed">([+−]\d+)<', page))
    assert differing["incomplete"] == differing["enterprises"] == "−1"
    for differs in ("incomplete", "enterprises"):
        narrowed = corrected.text(f"{corrected.base}/comparison?differs={differs}")
        assert "柳北化工有限公司" in narrowed
        assert "龙江机械有限公司" not in narrowed
    assert "柳北化工有限公司" not in corrected.text(f"{corrected.base}/comparison?differs=partial")


def test_the_people_behind_one_posting_are_those_it_changed(corrected: Office) -> None:
    page = corrected.luo.get(f"{corrected.base}/comparison").text
    postings = re.findall(r'href="(/settlements/\d+/comparison/\d+/people\?posting=\d+)">([+−])(\d+)<', page)
    assert postings
    for address, _, n in postings:
        assert rows(corrected.luo, address) == int(n)
        assert "这一笔记录的影响" in corrected.text(address)
    files = [corrected.luo.get(address.replace("?", ".csv?")).content.decode("utf-8-sig") for address, _, _ in postings]
    assert all("柳州市工伤预防" in file for file in files)
    assert any("梁秀英" in file for file in files)


def test_who_is_behind_a_difference_is_for_those_alone_who_look_after_them(corrected: Office, sign_in: SignIn) -> None:
    here = f"{corrected.base}/comparison/{corrected.lived.liubei}/people"
    assert corrected.luo.get(here).status_code == 200
    assert corrected.luo.get(f"{here}?posting=999999").status_code == 404
    assert corrected.luo.get(f"{corrected.base}/comparison/{corrected.lived.foshan}/people").status_code == 404
    assert sign_in(corrected.lived.xie).get(here).status_code == 404
    assert sign_in(corrected.lived.guan).get(here).status_code == 403


def test_who_is_behind_a_difference_is_asked_of_the_database_in_few_words(corrected: Office) -> None:
    for path in (f"comparison/{corrected.lived.longjiang}/people", "comparison?differs=covered"):
        with statements(corrected.database.engine) as seen:
            assert corrected.luo.get(f"{corrected.base}/{path}").status_code == 200
        assert len(seen) <= MANY_QUERIES, (path, len(seen))
