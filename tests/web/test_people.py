"""One person's page, and what officers and bureau managers do on it, each with who and why."""

import re
from datetime import UTC, date, datetime

import pytest

from app.awards import service as awards
from app.awards.service import AwardRecord
from app.coverage import service as coverage
from app.identity import queries as identity
from app.identity import service
from app.kit.dates import shanghai_time
from app.ops.db import Database
from app.organisations import roster
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.pages import words
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


COVERED = '<span class="chip covered">已达标</span>'


@pytest.fixture
def wei(lived_in: World) -> str:
    return f"/enterprises/{lived_in.longjiang}/people/{lived_in.wei}"


def trained(database: Database, person_id: int, completed_on: date = date(2024, 5, 1)) -> list[int]:
    """Record that somebody completed everything that is asked of a team leader."""
    with database.session() as session:
        posting = coverage.open_posting(session, datetime.now(UTC), "test")
        courses = [course.code for course in world.shipped().courses]
        earned = [
            AwardRecord(person_id, code, completed_on, "韦大勇", provider="柳州市安全培训中心") for code in courses
        ]
        ids = awards.record_many(session, earned, posting.recorded_at)
        coverage.post(session, posting, persons=[person_id])
    return ids


def day_and_time(at: datetime) -> str:
    return shanghai_time(at)[:16]


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.action for row in identity.audit_trail(session)]


def test_the_page_says_what_is_missing_and_why(chen: Browser, wei: str) -> None:
    said = words(chen.get(wei).text)
    assert "韦大勇" in said
    assert "一线班组长" in said
    assert "未开始" in said
    assert "2021-03-01 到岗" in said
    assert "上岗：一线班组长" in said
    assert world.WEI not in said


def test_what_is_held_links_to_its_certificate(chen: Browser, database: Database, lived_in: World, wei: str) -> None:
    ids = trained(database, lived_in.wei)
    page = chen.get(wei).text
    assert COVERED in page
    assert f'href="/certificates/{ids[0]}"' in page
    assert "培训记录入档" in words(page)
    assert COVERED not in chen.get(f"{wei}?on=2024-04-30").text


def test_a_move_of_the_enterprise_says_who_recorded_it_and_when(chen: Browser, database: Database, wei: str) -> None:
    at = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    headers = ("uscc", "name", "region", "industry", "effective_on")
    with database.session() as session:
        row = (world.LONGJIANG, "龙江机械有限公司", "450205", "C34", "2025-07-01")
        assert not world.fill(session, "enterprises", (headers, row), now=at).errors
    said = words(chen.get(f"{wei}?on=2025-12-31").text)
    assert "此后计入柳北区，机械制造 单位信息“地区”，经办：the operator · 记录于 2026-02-03 12:05" in said
    assert "纳入计划：城中区，机械制造 名册导入，经办：the operator · 记录于 2026-01-05 10:00" in said
    assert "此后计入" not in words(chen.get(f"{wei}?on=2025-12-31&known_at=2026-02-02").text)


def test_how_the_standing_came_about_is_told_step_by_step(
    chen: Browser, database: Database, wei: str, lived_in: World
) -> None:
    before = datetime.now(UTC)
    trained(database, lived_in.wei)
    page = chen.get(wei).text
    said = words(page)
    assert "达标经过" in said
    known = re.search(r"2024-05-01 自此达标 记录于 ([\d -]{10} [\d:]{5})", said)
    assert known, "when it became known, not the day on which it began"
    assert known[1] in {day_and_time(at) for at in (before, datetime.now(UTC))}
    for step in (
        "上岗：一线班组长 名册导入，经办：the operator · 记录于 2026-01-05 10:00",
        "纳入计划：城中区，机械制造",
        "2024-05-01 自此达标",
    ):
        assert step in said, step
    assert said.index("2024-05-01 自此达标") < said.rindex("2021-03-01 上岗：一线班组长")
    assert page.count('<svg class="chart stand wide"') == 2
    then = words(chen.get(f"{wei}?known_at=2026-01-06").text)
    assert "按 2026-01-06 23:59 所知" in then
    assert "自此达标" not in then


def test_what_a_former_employer_is_told_ends_with_the_post(
    sign_in: SignIn, database: Database, lived_in: World
) -> None:
    trained(database, lived_in.qin, date(2025, 9, 1))
    said = words(sign_in(lived_in.chen).get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.qin}").text)
    assert "2025-06-01 离岗：安全管理部门主要负责人" in said
    assert "2025-09-01" not in said


def test_everybody_sees_how_the_own_standing_came_about(sign_in: SignIn, database: Database, lived_in: World) -> None:
    trained(database, lived_in.wei)
    with database.session() as session:
        account = service.open_worker_account(session, lived_in.wei, "韦大勇", datetime.now(UTC))
    browser = sign_in(account)
    assert 'href="/me/standing"' in browser.get("/me").text
    said = words(browser.get("/me/standing").text)
    assert "2024-05-01 自此达标" in said
    assert "一线班组长 · 龙江机械有限公司" in said
    assert sign_in(lived_in.chen).get("/me/standing").status_code == 403


def test_revealing_the_number_is_on_record(chen: Browser, database: Database, wei: str) -> None:
    assert world.WEI in chen.submit(f"{wei}/reveal").text
    assert actions(database)[0] == "person.reveal"
    assert world.WEI not in chen.get(wei).text


def test_a_bureau_viewer_reads_but_reveals_and_changes_nothing(sign_in: SignIn, staff: object, wei: str) -> None:
    assert callable(staff)
    viewer = sign_in(staff("看", "bureau_viewer", region="450200"))
    page = viewer.get(wei)
    assert page.status_code == 200
    assert "处理这份记录" not in page.text
    assert "显示完整号码" not in page.text
    for act in ("reveal", "correction", "merge", "waivers", "revocations"):
        assert viewer.submit(f"{wei}/{act}", award="1").status_code == 403, act


def test_people_elsewhere_do_not_exist(chen: Browser, luo: Browser, lived_in: World) -> None:
    for path in (
        f"/enterprises/{lived_in.liubei}/people/{lived_in.liang}",
        f"/enterprises/{lived_in.longjiang}/people/{lived_in.liang}",
        f"/enterprises/{lived_in.longjiang}/people/999999",
    ):
        assert chen.get(path).status_code == 404, path
        assert chen.submit(f"{path}/reveal").status_code == 404, path
    assert luo.get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.liang}").status_code == 404
    assert luo.get(f"/enterprises/{lived_in.foshan}/people/{lived_in.zhou}").status_code == 404


def test_a_wrong_number_is_corrected_with_a_reason(luo: Browser, database: Database, wei: str) -> None:
    right = world.resident_id(77)
    assert luo.submit(f"{wei}/correction", resident_id=right).status_code == 422
    refused = luo.submit(f"{wei}/correction", resident_id=right[:-1] + "0", reason="抄错")
    assert refused.status_code == 422
    assert "韦大勇" in refused.text
    answer = luo.submit(f"{wei}/correction", resident_id=right, reason="录入时抄错")
    assert answer.status_code == 303
    assert "已更正" in luo.get(answer.headers["location"]).text
    assert right in luo.submit(f"{wei}/reveal").text
    assert "person.correct" in actions(database)


def test_two_records_of_one_human_being_become_one(luo: Browser, lived_in: World, wei: str) -> None:
    assert luo.submit(f"{wei}/merge", resident_id=world.STRANGER, reason="同一人").status_code == 422
    assert luo.submit(f"{wei}/merge", resident_id=world.ZHOU, reason="同一人").status_code == 422
    answer = luo.submit(f"{wei}/merge", resident_id=world.MO, reason="同一人，两次录入")
    assert answer.status_code == 303
    said = words(luo.get(answer.headers["location"]).text)
    assert "两份记录已合并" in said
    assert "工伤事故频发岗位作业人员" in said
    moved = luo.get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.mo}")
    assert moved.headers["location"] == wei


def test_a_waiver_counts_as_covered_until_it_is_withdrawn(
    luo: Browser, database: Database, lived_in: World, wei: str
) -> None:
    with database.reading() as session:
        held = roster.posts_of(world.scope_of(session, lived_in.luo), session, lived_in.wei)[0].assignment_id
    form = {"of": f"{held}:national-2026-2030", "from_on": "2026-02-01", "last_on": "2030-01-31"}
    assert luo.submit(f"{wei}/waivers", **form).status_code == 422
    assert luo.submit(f"{wei}/waivers", **form, reason="长期驻外").status_code == 303
    said = words(luo.get(f"{wei}?on=2026-03-01").text)
    assert "已豁免" in said
    assert "2026-02-01 至 2030-01-31 豁免" in said
    assert "长期驻外" in said
    found = re.search(r'action="([^"]+/withdrawal)"', luo.get(wei).text)
    assert found
    assert luo.submit(found[1], reason="已回国").status_code == 303
    assert "2030-01-31 豁免" not in words(luo.get(f"{wei}?on=2026-03-01").text)


def test_a_waiver_is_for_this_persons_posts_only(luo: Browser, database: Database, lived_in: World, wei: str) -> None:
    with database.reading() as session:
        other = roster.posts_of(world.scope_of(session, lived_in.luo), session, lived_in.mo)[0].assignment_id
    form = {"of": f"{other}:national-2026-2030", "from_on": "2026-02-01", "reason": "弄错了人"}
    assert luo.submit(f"{wei}/waivers", **form).status_code == 404


def test_a_revoked_certificate_is_held_no_more(luo: Browser, database: Database, lived_in: World, wei: str) -> None:
    award = trained(database, lived_in.wei)[0]
    assert COVERED in luo.get(wei).text
    assert luo.submit(f"{wei}/revocations", award=str(award)).status_code == 422
    other = f"/enterprises/{lived_in.longjiang}/people/{lived_in.mo}"
    assert luo.submit(f"{other}/revocations", award=str(award), reason="弄错了人").status_code == 404
    assert luo.submit(f"{wei}/revocations", award=str(award), reason="培训记录不实").status_code == 303
    said = words(luo.get(wei).text)
    assert "已撤销" in said
    assert "培训记录不实" in said


def test_an_officer_may_not_correct_waive_or_revoke(chen: Browser, wei: str) -> None:
    for act in ("correction", "merge", "waivers", "revocations", "waivers/1/withdrawal"):
        assert chen.submit(f"{wei}/{act}", award="1", reason="x").status_code == 403, act


def test_who_was_retrained_elsewhere_keeps_the_record(chen: Browser, lived_in: World) -> None:
    left = chen.get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.qin}")
    assert "离岗：" in words(left.text)
    assert "至 2025-05-31" in words(left.text)


def test_a_number_beyond_all_ids_is_the_callers_mistake_not_a_fault(chen: Browser, wei: str, lived_in: World) -> None:
    beyond = 10**25
    for path in (f"/enterprises/{beyond}", f"{wei.rpartition('/')[0]}/{beyond}", f"{wei}?on=9999-12-31"):
        assert chen.get(path).status_code < 500
    codes = f"/enterprises/{lived_in.longjiang}/activation-codes"
    assert chen.submit(codes, person=str(beyond)).status_code in {404, 422}


def test_a_former_employer_follows_nobody_past_the_last_day(
    chen: Browser, luo: Browser, lived_in: World, database: Database
) -> None:
    trained(database, lived_in.qin, date(2025, 5, 30))
    path = f"/enterprises/{lived_in.longjiang}/people/{lived_in.qin}"
    before = words(chen.get(path).text)
    assert "2025-05-30" in before
    with database.session() as session:
        late = AwardRecord(lived_in.qin, "team-leader", date(2025, 9, 9), "覃志强", provider="新单位的培训中心")
        awards.record_many(session, [late], datetime.now(UTC))
        last = ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期")
        world.fill(session, "roster", [last, (world.LIUBEI, "覃志强", world.QIN, "safety_head", "2025-08-01")])
    assert words(chen.get(path).text) == before
    assert words(chen.get(path + "?on=2025-12-31").text) == before
    assert "新单位的培训中心" in words(luo.get(path).text)
