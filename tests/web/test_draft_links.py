"""Every figure of the plan that a draft stands beside opens the rows that it counts: of the plan, day and instant."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.coverage import drafting
from app.coverage.draft_sums import tally
from app.coverage.queries import drafts as results
from app.coverage.queries import runs as reads
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import drafts, queries
from tests import world
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.web.filled import settled_once
from tests.web.liuzhou import settle_own
from tests.web.pages import opened, rows
from tests.web.test_draft_publication import publish
from tests.web.test_drafts import HERE, PLAN, send, text_of, without_operators
from tests.world import World

DAY = "2025-06-30"
settled, database_url, lived_in = settled_once(settle_own)


def figures(browser: Browser, address: str = HERE) -> list[tuple[str, int]]:
    """Give the numbers of a draft's page that are links, each with its address."""
    found = opened(browser.get(address).text.partition("<main")[2])
    return [(href, n) for href, n in found if href.startswith(("/coverage/", "/enterprises/"))]


def assert_counted(browser: Browser, found: list[tuple[str, int]]) -> None:
    for address, n in found:
        assert f"plan={PLAN}" in address
        assert f"on={DAY}" in address
        assert rows(browser, address) == n, address


def test_each_figure_so_far_opens_what_it_counts(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    found = figures(luo)
    assert len(found) >= 20
    assert not any("known_at" in address for address, _ in found)
    assert_counted(luo, found)
    kinds = {re.match(r"/[a-z]+(?:/[a-z]+)?", address)[0] for address, _ in found}  # type: ignore[index]
    assert {"/coverage/people", "/coverage/missing", "/coverage/enterprises", "/enterprises"} <= kinds
    below = f"{HERE}?region=450205"
    assert_counted(luo, figures(luo, below))
    assert all("region=450205" in address for address, _ in figures(luo, below) if address.startswith("/coverage"))


def test_the_figures_of_a_course_open_who_must_hold_it_and_who_lacks_it(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    found = [(address, n) for address, n in figures(luo) if "course=" in address]
    assert len({re.search("course=([^&]+)", address)[1] for address, _ in found}) > 3  # type: ignore[index]
    assert {address.partition("?")[0] for address, _ in found} == {"/coverage/people", "/coverage/missing"}
    assert_counted(luo, found)
    for address, n in found:
        path, _, asked = address.partition("?")
        exported = luo.get(f"{path}.csv?{asked}").content.decode("utf-8-sig")
        assert "缺少“" in exported or "应修“" in exported
        assert exported.partition("姓名")[2].count("*" * 10) == n
    page = luo.get(found[0][0]).text
    assert re.search(r"<p>[^\0]*，(?:应修|缺少)“[^”]+”", page.partition("<h1>")[2].partition("</div>")[0])
    assert re.search(r'<option value="[a-z-]+" selected>[^<]+</option>[^\0]*<button class="button">筛选', page)


def test_a_course_of_another_plan_is_no_filter(luo: Browser) -> None:
    asked = f"/coverage/missing?plan={PLAN}&on={DAY}"
    assert rows(luo, f"{asked}&course=none-such") == rows(luo, asked)
    assert "none-such" not in luo.get(f"{asked}&course=none-such").text.partition("<main")[2]


def test_an_enterprise_opens_under_the_plan_compared_with_on_the_day(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    listed = luo.get(f"{HERE}/enterprises").text
    (address,) = re.findall(r'<th scope="row"><a href="([^"]+)">', listed)
    assert f"plan={PLAN}&amp;on={DAY}" in address
    page = luo.get(address.replace("&amp;", "&")).text
    assert f'<option value="{PLAN}" selected>' in page
    assert_counted(luo, [found for found in opened(listed) if found[0].startswith("/enterprises")])


def test_what_changed_since_does_not_change_what_a_figure_opens(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    before = [n for _, n in figures(luo)]
    with database.session() as session:
        end(session)
    found = figures(luo)
    assert [n for _, n in found] == before
    assert all("known_at=" in address for address, _ in found)
    assert_counted(luo, found)
    luo.submit(f"{HERE}/runs", region="450200", on=DAY)
    assert publish(luo, past="1", reason="市局会议决定").status_code == 303
    found = figures(luo)
    assert_counted(luo, found)
    assert len(found) > 15
    assert not any("high_risk_operator" in address for address, _ in found), "it can no longer be asked for"


def end(session: Session) -> None:
    """Let Wei's post have ended before the day."""
    header, wei = world.ROSTER[0], world.ROSTER[1]
    world.fill(session, "roster", (header, (*wei[:-1], "2025-01-01")), datetime.now(UTC))


def test_an_enterprise_opens_whom_the_draft_touches(luo: Browser, lived_in: World, database: Database) -> None:
    text = without_operators(text_of(database))
    send(luo, text.replace('"team-leader"]', '"team-leader", "responsible-officer"]'), on=DAY)
    listed = luo.get(f"{HERE}/enterprises").text
    (address,) = re.findall(rf'href="({HERE}/enterprises/{lived_in.longjiang}\?run=\d+)"', listed)
    page = read(luo.get(address).text)
    line = re.findall(r'<tr><th scope="row"[^>]*><a href="([^"]+)">([^<]+)</a>.*?</tr>', page, re.DOTALL)
    assert [name for _, name in line][:1] == ["韦大勇"], "who is newly missing stands first"
    assert luo.get(line[0][0]).status_code == 200
    assert re.search(r"莫小兰.*?不再要求培训.*?未达标.*?不要求", page, re.DOTALL)
    assert re.search(r"韦大勇.*?新增未达标.*?已达标.*?未达标.*?《[^》]*分管负责人[^》]*》", page, re.DOTALL)
    assert "推演只存汇总数，不逐人保存" in page
    assert "可能对不上" not in page
    with database.session() as session:
        end(session)
    page = luo.get(address).text
    assert "可能对不上" in page
    assert "韦大勇" not in page


def test_who_is_touched_adds_up_to_the_figures_of_the_comparison(luo: Browser, database: Database) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    with database.reading() as session:
        draft = drafts.find(SYSTEM, session, 1)
        run = reads.runs(SYSTEM, session, 1)[0]
        asked = drafting.comparison(session, queries.plan(session, PLAN), draft.plan, run.region, run.on)
        lines = results.enterprises(session, run.id, asked.regions).rows
        assert lines
        for line in lines:
            judged = drafting.people(session, asked, line.id)
            now, then = (tally(both[side] for _, *both in judged) for side in (0, 1))
            assert (now, then) == (line.pair.now.tally, line.pair.then.tally)


def test_whom_a_draft_touches_elsewhere_is_not_there(
    sign_in: SignIn, staff: Callable[..., int], luo: Browser, lived_in: World, database: Database
) -> None:
    send(luo, without_operators(text_of(database)), on=DAY)
    assert "推演没有发现这家用人单位有变化" in luo.get(f"{HERE}/enterprises/{lived_in.liubei}").text
    assert luo.get(f"{HERE}/enterprises/{lived_in.foshan}").status_code == 404
    guang = sign_in(staff("广", "bureau_manager", region="440000"))
    assert guang.get(f"{HERE}/enterprises/{lived_in.longjiang}").status_code == 404
