"""Enterprises and regions: dated facts, places in the tree, officers' accounts."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.dates import ALWAYS, day_of
from app.kit.scope import SYSTEM, Scope
from app.organisations import dated, queries, regions
from app.organisations.models import EnterpriseFact
from app.workflows.import_results import ImportResult
from tests import world as shared
from tests.world import FOSHAN, LIUBEI, LONGJIANG, World

LATER = shared.BEGAN + timedelta(days=30)
TODAY = day_of(LATER)
HEAD = ("统一社会信用代码", "企业名称", "行政区划代码", "行业代码")
NEW = shared.uscc(7)


def fill(
    session: Session, head: Sequence[str], *rows: Sequence[str], kind: str = "enterprises", scope: Scope = SYSTEM
) -> ImportResult:
    return shared.fill(session, kind, [head, *rows], LATER, scope=scope)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    assert result.rows == result.added + result.changed + result.unchanged + result.refused
    return result.added, result.changed, result.unchanged, result.refused


def reasons(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.code) for error in result.errors]


def history(session: Session, enterprise: int, attribute: str) -> list[tuple[date, str]]:
    rows = queries.facts(session, (enterprise,))[enterprise]
    return [(row.effective_on, row.value) for row in rows if row.attribute == attribute]


def test_the_same_file_twice_changes_nothing(session: Session, world: World) -> None:
    before = session.execute(select(EnterpriseFact.__table__).order_by(EnterpriseFact.id)).all()
    assert counts(shared.fill(session, "enterprises", shared.ENTERPRISES, LATER)) == (0, 0, 3, 0)
    assert session.execute(select(EnterpriseFact.__table__).order_by(EnterpriseFact.id)).all() == before
    assert world.longjiang


def test_a_first_import_holds_always_and_a_later_one_from_today(session: Session, world: World) -> None:
    assert history(session, world.longjiang, dated.INDUSTRY) == [(ALWAYS, "34")]
    assert counts(fill(session, HEAD, (LONGJIANG, "龙江重工有限公司", "450203", "C34"))) == (0, 1, 0, 0)
    assert history(session, world.longjiang, dated.REGION) == [(ALWAYS, "450202"), (TODAY, "450203")]
    assert history(session, world.longjiang, dated.INDUSTRY) == [(ALWAYS, "34")]
    now = queries.enterprise(SYSTEM, session, world.longjiang)
    assert (now.name, now.region) == ("龙江重工有限公司", "450203")


def test_a_correction_of_the_same_day_supersedes_what_was_recorded(session: Session, world: World) -> None:
    head = (*HEAD, "生效日期")
    fill(session, head, (LIUBEI, "柳北化工有限公司", "450202", "26", "2024-01-01"))
    fill(session, head, (LIUBEI, "柳北化工有限公司", "450203", "26", "2024-01-01"))
    assert history(session, world.liubei, dated.REGION) == [(ALWAYS, "450205"), (date(2024, 1, 1), "450203")]
    facts = session.scalars(select(EnterpriseFact).where(EnterpriseFact.value == "450202").order_by("id")).all()
    assert [fact.superseded_at is None for fact in facts if fact.enterprise_id == world.liubei] == [False]


def test_a_stated_day_is_a_fact_that_nothing_for_an_earlier_day_runs_over(session: Session, world: World) -> None:
    head = (*HEAD, "生效日期")
    said = (LIUBEI, "柳北化工有限公司", "450205", "26", "2024-01-01")
    assert counts(fill(session, head, said)) == (0, 1, 0, 0)
    assert counts(fill(session, head, said)) == (0, 0, 1, 0)
    fill(session, head, (LIUBEI, "柳北化工有限公司", "450203", "26", "2022-01-01"))
    assert history(session, world.liubei, dated.REGION) == [
        (ALWAYS, "450205"),
        (date(2022, 1, 1), "450203"),
        (date(2024, 1, 1), "450205"),
    ]


def test_one_file_may_tell_an_enterprises_history(session: Session, world: World) -> None:
    head = (*HEAD, "生效日期")
    rows = [(NEW, "新厂", "450203", "33", "2024-01-01"), (NEW, "新厂", "450202", "33", "2021-01-01")]
    assert counts(fill(session, head, *rows)) == (1, 1, 0, 0)
    created = queries.enterprise_by_uscc(SYSTEM, session, NEW)
    assert created.region == "450203"
    assert history(session, created.id, dated.REGION) == [
        (date(2021, 1, 1), "450202"),
        (date(2024, 1, 1), "450203"),
    ]
    assert counts(fill(session, head, *rows)) == (0, 0, 2, 0)
    again = fill(session, head, rows[0], rows[0], (NEW, "新厂", "450202", "33", ""))
    assert reasons(again) == [(3, "uscc", "row_repeated"), (4, "uscc", "row_repeated")]
    assert world.longjiang


def test_a_row_takes_back_what_an_earlier_row_of_its_file_says(session: Session, world: World) -> None:
    head = (*HEAD, "重点行业", "不适用岗位", "生效日期")
    rows = [
        (NEW, "新厂", "450203", "33", "建筑施工", "班组长", "2021-01-01"),
        (NEW, "新厂", "450203", "33", "无", "无", "2024-01-01"),
    ]
    assert counts(fill(session, head, *rows)) == (1, 1, 0, 0)
    created = queries.enterprise_by_uscc(SYSTEM, session, NEW).id
    for attribute, first in ((dated.KEY_INDUSTRY, "construction"), (dated.NOT_APPLICABLE, "team_leader")):
        assert history(session, created, attribute) == [(date(2021, 1, 1), first), (date(2024, 1, 1), "")]
    assert counts(fill(session, head, *rows)) == (0, 0, 2, 0)
    assert world.longjiang


def test_every_attribute_is_read(session: Session, world: World) -> None:
    head = (*HEAD, "危险化学品许可", "重点行业", "重点企业", "企业规模", "参保人数", "不适用岗位", "注销日期")
    row = (
        NEW,
        "新厂（柳州）",
        "450203",
        "8",
        "是",
        "建筑施工",
        "否",
        "中型",
        "1,200",
        "班组长；safety_head",
        "2025-12-31",
    )
    assert reasons(fill(session, head, row)) == []
    created = queries.enterprise_by_uscc(SYSTEM, session, NEW).id
    facts = {f.attribute: f.value for f in queries.facts(session, (created,))[created]}
    assert facts == {
        "region": "450203",
        "industry": "08",
        "hazardous_licence": "1",
        "key_industry": "construction",
        "key_enterprise": "0",
        "size": "medium",
        "insured": "1200",
        "not_applicable": "safety_head;team_leader",
        "closed_on": "2025-12-31",
    }
    taken_back = (NEW, "新厂（柳州）", "450203", "8", "", "无", "", "", "", "无", "无")
    assert counts(fill(session, head, taken_back)) == (0, 1, 0, 0)
    assert history(session, created, dated.CLOSED_ON) == [(ALWAYS, "")]
    assert history(session, created, dated.KEY_INDUSTRY) == [(ALWAYS, "construction"), (TODAY, "")]
    assert world.longjiang


def test_an_unlisted_county_becomes_a_child_of_its_city(session: Session, world: World) -> None:
    result = fill(session, HEAD, (NEW, "新厂", "450299", "33"), (shared.uscc(8), "远厂", "990199", "33"))
    assert reasons(result) == [(3, "region", "region_unknown")]
    found = queries.region(session, "450299")
    assert found is not None
    assert (found.name, found.parent) == ("未命名", "450200")
    assert world.longjiang


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        (HEAD, (NEW, "新厂", "450203", "05X"), ("industry", "industry")),
        (HEAD, (NEW, "新厂", "450203", "99"), ("industry", "industry")),
        (HEAD, (NEW, "新厂", "450203", "B26"), ("industry", "industry_letter")),
        (HEAD, (NEW, "新厂", "四五〇", "26"), ("region", "region_code")),
        (HEAD, (NEW, "@新厂", "450203", "26"), ("name", "text_characters")),
        (HEAD, (NEW, "厂" * 121, "450203", "26"), ("name", "text_length")),
        ((*HEAD, "重点行业"), (NEW, "新厂", "450203", "26", "养蜂"), ("key_industry", "key_industry")),
        ((*HEAD, "重点企业"), (NEW, "新厂", "450203", "26", "也许"), ("key_enterprise", "yes_no")),
        ((*HEAD, "企业规模"), (NEW, "新厂", "450203", "26", "巨型"), ("size", "choice")),
        ((*HEAD, "参保人数"), (NEW, "新厂", "450203", "26", "12.5"), ("insured", "number")),
        ((*HEAD, "不适用岗位"), (NEW, "新厂", "450203", "26", "宇航员"), ("not_applicable", "post_unknown")),
        ((*HEAD, "联系人"), (NEW, "新厂", "450203", "26", "陈静"), ("officer_phone", "officer_half")),
        (
            (*HEAD, "联系人", "手机"),
            (NEW, "新厂", "450203", "26", "陈静", "0772-123456"),
            ("officer_phone", "phone"),
        ),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_row_comes_back_with_its_reason(
    session: Session, world: World, head: tuple[str, ...], row: tuple[str, ...], expected: tuple[str, str]
) -> None:
    result = fill(session, head, row)
    assert reasons(result) == [(2, *expected)]
    assert queries.enterprise_id(session, NEW) is None
    assert world.longjiang


def test_an_officer_gets_an_account_once(session: Session, world: World) -> None:
    head = (*HEAD, "联系人", "手机")
    row = (FOSHAN, "佛山铸造有限公司", "440600", "C31", "何平", "138-0000-0009")
    assert counts(fill(session, head, row)) == (0, 1, 0, 0)
    assert counts(fill(session, head, row)) == (0, 0, 1, 0)
    assert shared.scope_of(session, world.chen).enterprises == {world.longjiang}


def test_luo_enters_enterprises_in_his_city_only(session: Session, world: World) -> None:
    luo = shared.scope_of(session, world.luo)
    result = fill(
        session,
        HEAD,
        (NEW, "新厂", "450222", "33"),
        (shared.uscc(8), "广东厂", "440100", "33"),
        (FOSHAN, "佛山铸造有限公司", "440600", "C31"),
        (LONGJIANG, "龙江机械有限公司", "440100", "C34"),
        scope=luo,
    )
    assert counts(result) == (1, 0, 0, 3)
    assert reasons(result) == [
        (3, "region", "region_reach"),
        (4, "uscc", "enterprise_taken"),
        (5, "region", "region_reach"),
    ]


def test_regions_may_stand_in_any_order_and_move(session: Session, world: World) -> None:
    head = ("行政区划代码", "名称", "上级代码")
    rows = [("450291A", "一号园", "450291"), ("450291", "柳东新区", "450200")]
    assert counts(fill(session, head, *rows, kind="regions")) == (2, 0, 0, 0)
    assert counts(fill(session, head, *rows, kind="regions")) == (0, 0, 2, 0)
    moved = ("450291A", "一号园", "450203")
    assert counts(fill(session, head, moved, kind="regions")) == (0, 1, 0, 0)
    assert [row.code for row in regions.tree(session).ancestors("450291A")][-2:] == ["450203", "450291A"]
    assert world.longjiang


def test_regions_refuse_circles_strangers_and_repeats(session: Session, world: World) -> None:
    result = fill(
        session,
        ("code", "name", "parent"),
        ("450200", "柳州市", "450202"),
        ("777", "孤岛", "778"),
        ("7771", "孤岛之下", "777"),
        ("450203", "鱼峰区", "450200"),
        ("450203", "鱼峰", "450200"),
        ("450204", "", "450200"),
        ("450205", "柳北区", ""),
        kind="regions",
    )
    assert reasons(result) == [
        (2, "parent", "region_circle"),
        (3, "parent", "region_parent"),
        (4, "parent", "region_parent"),
        (6, "code", "row_repeated"),
        (7, "name", "required"),
        (8, "parent", "required"),
    ]
    assert counts(result) == (0, 0, 1, 6)
    assert world.longjiang


def test_luo_adds_zones_in_his_city_only(session: Session, world: World) -> None:
    luo = shared.scope_of(session, world.luo)
    head = ("code", "name", "parent")
    rows = [("450291", "柳东新区", "450200"), ("440191", "南沙", "440100"), ("440100", "广州市", "450200")]
    result = fill(session, head, *rows, kind="regions", scope=luo)
    assert reasons(result) == [(3, "code", "region_reach"), (4, "code", "region_reach")]
