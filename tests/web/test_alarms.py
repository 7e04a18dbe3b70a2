"""What Guan, who keeps the accounts, sees of the nightly check: alarms, who acknowledged them, and the last runs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.coverage import enterprise_figures
from app.kit.dates import day_of
from app.ops import alarms, clock, runs
from app.ops.alarms import Found
from app.ops.db import Database
from app.workflows import nightly_check
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime.now(UTC)
FOUND = tuple(Found("standing", f"row {n} does not follow from the facts") for n in range(250))


@pytest.fixture
def guan(sign_in: SignIn, staff: Callable[..., int]) -> Browser:
    return sign_in(staff("管平", "administrator"))


def check(database: Database, found: int, at: datetime = NOW, kind: str = "proof.findings") -> None:
    with database.session() as session:
        run_id = runs.claim(session, "proof", at)
        assert run_id is not None
        runs.finish(session, run_id, "findings" if found else "clean", found, at + timedelta(minutes=3))
        if found:
            alarms.raise_alarm(session, run_id, kind, f"{found} findings", found, FOUND, at)


def test_a_fresh_installation_says_that_nothing_was_checked_yet(guan: Browser) -> None:
    page = guan.get("/admin/alarms").text
    assert "还没有核对过" in page
    assert "没有未确认的告警" in page
    assert "每日作业" in page


def test_a_clean_night_is_seen_and_no_banner_stands_anywhere(guan: Browser, database: Database) -> None:
    check(database, 0)
    page = guan.get("/admin/alarms").text
    assert "无差异" in page
    assert "全部数字核对" in page
    assert "告警还没有确认" not in guan.get("/admin/accounts").text


def test_differences_stand_on_every_page_of_the_administrator_until_acknowledged(
    guan: Browser, database: Database
) -> None:
    check(database, 1234)
    for path in ("/admin/accounts", "/admin/audit"):
        assert "有 1 条告警还没有确认" in guan.get(path).text
    assert "数字与原始记录对不上" in guan.get("/admin/alarms").text
    page = guan.get("/admin/alarms/1").text
    assert "共发现 1,234 处差异" in page
    assert "只列前 200 处" in page
    assert "row 199 does not" in page
    assert "row 200 does not" not in page
    assert guan.submit("/admin/alarms/1/acknowledgement", note="").status_code == 422
    assert guan.submit("/admin/alarms/1/acknowledgement", note="已修复并复核").status_code == 303
    assert "告警还没有确认" not in guan.get("/admin/accounts").text
    assert "已修复并复核" in guan.get("/admin/alarms").text
    assert "管平" in guan.get("/admin/alarms/1").text
    assert guan.submit("/admin/alarms/1/acknowledgement", note="再来").status_code == 409
    assert "确认告警" in guan.get("/admin/audit").text


def test_the_rows_found_can_be_taken_along(guan: Browser, database: Database) -> None:
    check(database, 250)
    rows = guan.get("/admin/alarms/1.csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("standing,row 0 does not follow from the facts,")
    assert len(rows) == 201


def test_checks_that_stopped_running_are_told(guan: Browser, database: Database) -> None:
    check(database, 0, NOW - timedelta(days=3))
    assert "上次核对是" in guan.get("/admin/alarms").text


def test_a_run_that_died_is_told(guan: Browser, database: Database) -> None:
    with database.session() as session:
        runs.claim(session, "proof", NOW - timedelta(hours=1))
    assert "已中断" in guan.get("/admin/alarms").text
    with database.session() as session:
        runs.claim(session, "other", clock.now())
    assert "进行中" in guan.get("/admin/alarms").text


def test_old_alarms_are_paged(guan: Browser, database: Database) -> None:
    for day in range(25):
        check(database, 1, NOW + timedelta(days=day))
    guan.submit("/admin/alarms/25/acknowledgement", note="一次全部处理")
    first = guan.get("/admin/alarms").text
    assert 'href="/admin/alarms?before=6"' in first
    assert first.count("一次全部处理") == 20
    assert guan.get("/admin/alarms?before=6").text.count("一次全部处理") == 5


def test_health_tells_monitors_of_an_open_alarm(guan: Browser, database: Database) -> None:
    assert guan.get("/healthz").text == "ok"
    check(database, 3)
    answer = guan.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok, 1 open alarm")


WRONG = {
    "standing": "UPDATE standing SET covered = NOT covered WHERE id = (SELECT min(id) FROM standing)",
    "sums": "UPDATE tally_rollup SET required = required + 5 WHERE node = '450202' AND NOT each AND required > 0",
    "figure": "UPDATE enterprise_figure SET status = 'full', covered = 9 WHERE slot = 0",
    "ledger": "UPDATE entry SET covered = covered + 2 WHERE id = (SELECT min(id) FROM entry)",
}
TOLD = {
    "standing": ("任职达标记录", "已达标", "未达标", "第 1 条任职"),
    "sums": ("分地区人次合计", "城中区", "应培训 +6", "应培训 +1"),
    "figure": ("企业当日数字", "已达标 9", "全覆盖"),
    "ledger": ("应培训、已达标流水", "已达标多 2", "没有这个差额"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_difference_is_told_in_words_with_what_to_do(guan: Browser, database: Database, what: str) -> None:
    with database.session() as session:
        world.build(session)
        enterprise_figures.roll(session, day_of(NOW))
        spoilt = session.execute(text(WRONG[what]))
        assert spoilt.rowcount  # type: ignore[attr-defined]
    nightly_check.prove(database)
    page = guan.get("/admin/alarms/1").text
    for word in (*TOLD[what], "柳州 2021—2025", "coverall rebuild", "coverall check --alarm"):
        assert word in page
    assert "coverall restore" not in page
    rows = guan.get("/admin/alarms/1.csv").content.decode("utf-8-sig")
    assert TOLD[what][0] in rows
    assert '"{' not in rows


def test_facts_that_contradict_each_other_are_not_mended_by_a_rebuild(guan: Browser, database: Database) -> None:
    with database.session() as session:
        world.build(session)
        session.execute(text("UPDATE post_assignment SET ends_on = starts_on WHERE id = 1"))
    nightly_check.prove(database)
    page = guan.get("/admin/alarms/1").text
    for word in ("离岗日期不晚于上岗日期", "coverall restore", "coverall check --alarm"):
        assert word in page
    assert "coverall rebuild" not in page
