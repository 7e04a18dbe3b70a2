"""Commands with who and why: correct, merge, close, confirm, waive; coverage follows each of them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.awards.models import Award
from app.coverage.models import Standing, Waiver
from app.identity import queries as accounts
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.organisations import queries, roster
from app.organisations.models import PersonCorrection, PersonMerge
from app.plans import queries as plans
from app.workflows.close_enterprise import CloseEnterprise, close_enterprise
from app.workflows.confirm_roster import confirm_roster
from app.workflows.correct_person import CorrectPerson, correct_person
from app.workflows.merge_people import merge_people
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment, withdraw_waiver
from tests import world as shared
from tests.world import LONGJIANG, STRANGER, WEI, World

LATER = shared.BEGAN + timedelta(days=30)
LUO = Actor(3, "罗明")
PLAN = "national-2026-2030"
COURSES = ("injury-insurance-law", "safety-rights-and-lessons", "team-leader")
TWIN = shared.resident_id(42)


def required(session: Session, person: int, on: date) -> list[tuple[int, bool, bool]]:
    """Give a person's assignments that some plan requires on a day, as known now: whether covered, whether waived."""
    rows = session.execute(
        select(Standing.assignment_id, Standing.covered, Standing.waived)
        .where(
            Standing.person_id == person,
            Standing.superseded_at.is_(None),
            Standing.from_on <= on,
            Standing.until_on > on,
            Standing.plan_id == plans.plan(session, PLAN).id,
        )
        .order_by(Standing.assignment_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def train(session: Session, resident: str, *courses: str) -> None:
    rows = [("证件号码", "姓名", "课程代码", "完成日期"), *((resident, "", c, "2026-01-10") for c in courses)]
    assert shared.fill(session, "records", rows, LATER).refused == 0


def twin_of_wei(session: Session) -> int:
    """Enter Wei a second time under a wrong ID: a longer time in the same post, and one at Liubei."""
    rows = [
        ("uscc", "name", "resident_id", "post", "starts_on", "ends_on"),
        (LONGJIANG, "韦大勇", TWIN, "班组长", "2020-01-01", "2022-01-01"),
        (shared.LIUBEI, "韦大勇", TWIN, "班组长", "2022-02-01", ""),
    ]
    assert shared.fill(session, "roster", rows, LATER).added == 2
    return shared.person(session, TWIN)


def test_a_name_is_corrected_and_the_former_one_kept_sealed(session: Session, world: World) -> None:
    asked = CorrectPerson(world.wei, "韦大永", "", "身份证上是“永”")
    assert correct_person(SYSTEM, session, asked, LUO, LATER) == world.wei
    assert queries.person(SYSTEM, session, world.wei).name == "韦大永"
    (kept,) = session.scalars(select(PersonCorrection))
    assert (kept.field, kept.actor, kept.reason) == ("name", "罗明", "身份证上是“永”")
    assert "韦".encode() not in kept.former_sealed


def test_an_id_is_corrected_and_the_old_sheet_cannot_bring_it_back(session: Session, world: World) -> None:
    correct_person(SYSTEM, session, CorrectPerson(world.wei, "", STRANGER, "录入错误"), LUO, LATER)
    assert shared.person(session, STRANGER) == world.wei
    again = shared.fill(session, "roster", shared.ROSTER, LATER)
    assert [(e.row, e.code) for e in again.errors] == [(2, "id_corrected")]
    assert again.unchanged == 5


def test_correcting_to_a_recorded_id_unites_the_two(session: Session, world: World) -> None:
    twin = twin_of_wei(session)
    train(session, TWIN, *COURSES)
    assert required(session, world.wei, date(2026, 3, 1))[0][1:] == (False, False)
    kept = correct_person(SYSTEM, session, CorrectPerson(twin, "", WEI, "同一人"), LUO, LATER)
    assert kept == world.wei
    held = roster.posts_of(SYSTEM, session, world.wei)
    assert [(row.enterprise_id, row.starts_on, row.ends_on) for row in held] == [
        (world.liubei, date(2022, 2, 1), None),
        (world.longjiang, date(2020, 1, 1), None),
    ]
    assert [row[1:] for row in required(session, world.wei, date(2026, 3, 1))] == [(True, False)] * 2
    assert required(session, twin, date(2026, 3, 1)) == []
    assert queries.resolved(session, twin) == world.wei
    assert queries.person(SYSTEM, session, twin).id == world.wei
    merged = session.scalars(select(PersonMerge)).one()
    assert (merged.source_id, merged.target_id, merged.actor) == (twin, world.wei, "罗明")
    assert {a.recorded_person_id for a in session.scalars(select(Award).where(Award.person_id == world.wei))} == {twin}
    assert shared.fill(session, "roster", shared.ROSTER, LATER).refused == 0


def test_an_id_of_another_name_is_not_taken_over(session: Session, world: World) -> None:
    with pytest.raises(Problem) as refused:
        correct_person(SYSTEM, session, CorrectPerson(world.wei, "", shared.MO, "录入错误"), LUO, LATER)
    assert refused.value.code == "id_taken"


@pytest.mark.parametrize(
    ("name", "resident", "reason", "code"),
    [
        ("韦大永", "", " ", "reason"),
        ("", "", "why", "nothing"),
        ("", "123", "why", "id_length"),
        ("=1", "", "why", "name_characters"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_correction_needs_a_value_and_a_reason(
    session: Session, world: World, name: str, resident: str, reason: str, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        correct_person(SYSTEM, session, CorrectPerson(world.wei, name, resident, reason), LUO, LATER)
    assert refused.value.code == code


def test_merged_people_keep_one_account(session: Session, world: World) -> None:
    twin = twin_of_wei(session)
    lost = identity.open_worker_account(session, twin, "韦大勇", LATER)
    merge_people(SYSTEM, session, twin, world.wei, "同一人", LUO, LATER)
    assert [a.id for a in accounts.by_person(session, (world.wei, twin))] == [lost]
    with pytest.raises(Problem) as refused:
        merge_people(SYSTEM, session, twin, world.wei, "同一人", LUO, LATER)
    assert refused.value.code == "merge_self"


def test_luo_cannot_merge_people_he_does_not_reach(session: Session, world: World) -> None:
    luo = shared.scope_of(session, world.luo)
    with pytest.raises(Problem) as refused:
        merge_people(luo, session, world.zhou, world.wei, "同一人", LUO, LATER)
    assert refused.value.status == 404


def test_a_closed_enterprise_counts_no_more_and_a_mistake_is_taken_back(session: Session, world: World) -> None:
    on = date(2026, 3, 1)
    close_enterprise(SYSTEM, session, CloseEnterprise(world.longjiang, date(2026, 2, 1), "已注销"), LUO, LATER)
    assert required(session, world.wei, on) == []
    assert len(required(session, world.wei, date(2026, 1, 31))) == 1
    assert len(roster.posts_of(SYSTEM, session, world.wei)) == 1
    close_enterprise(SYSTEM, session, CloseEnterprise(world.longjiang, None, "记错了"), LUO, LATER)
    assert len(required(session, world.wei, on)) == 1
    with pytest.raises(Problem):
        close_enterprise(SYSTEM, session, CloseEnterprise(world.longjiang, on, ""), LUO, LATER)


def test_confirming_a_roster_declares_it_even_when_empty(session: Session, world: World) -> None:
    head = ("统一社会信用代码", "企业名称", "行政区划代码", "行业代码")
    shared.fill(session, "enterprises", [head, (shared.uscc(9), "空厂", "450203", "33")])
    empty = queries.enterprise_by_uscc(SYSTEM, session, shared.uscc(9)).id
    assert confirm_roster(SYSTEM, session, empty, LUO, LATER) == 0
    assert confirm_roster(SYSTEM, session, empty, LUO, LATER + timedelta(hours=1)) == 0
    (word,) = queries.declarations(SYSTEM, session, empty)
    assert (word.kind, word.declared_from, word.head_count, word.actor) == (
        "confirmation",
        date(2026, 2, 4),
        0,
        "罗明",
    )
    chen = shared.scope_of(session, world.chen)
    with pytest.raises(Problem):
        confirm_roster(chen, session, empty, LUO, LATER)


def test_a_waiver_covers_while_it_lasts_and_follows_a_merge(session: Session, world: World) -> None:
    twin = twin_of_wei(session)
    held = min(roster.posts_of(SYSTEM, session, twin), key=lambda row: row.starts_on)
    asked = WaiveAssignment(held.assignment_id, PLAN, date(2026, 3, 1), date(2026, 4, 1), "产假")
    waive_assignment(SYSTEM, session, asked, LUO, LATER)
    merge_people(SYSTEM, session, twin, world.wei, "同一人", LUO, LATER)
    at_longjiang = roster.posts_of(SYSTEM, session, world.wei)[-1].assignment_id
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    on = [{row[0]: row[2] for row in required(session, world.wei, day)}[at_longjiang] for day in days]
    assert on == [False, True, True, False]
    waiver = session.scalars(select(Waiver).where(Waiver.superseded_at.is_(None))).one()
    withdraw_waiver(SYSTEM, session, waiver.id, date(2026, 3, 15), "已返岗", LUO, LATER)
    on = [{row[0]: row[2] for row in required(session, world.wei, day)}[at_longjiang] for day in days]
    assert on == [False, True, False, False]


def test_a_waiver_needs_reach_and_a_reason(session: Session, world: World) -> None:
    held = roster.posts_of(SYSTEM, session, world.wei)[0].assignment_id
    with pytest.raises(Problem) as refused:
        waive_assignment(SYSTEM, session, WaiveAssignment(held, PLAN, date(2026, 3, 1), None, ""), LUO, LATER)
    assert refused.value.code == "reason"
    xie = shared.scope_of(session, world.xie)
    with pytest.raises(Problem) as refused:
        waive_assignment(xie, session, WaiveAssignment(held, PLAN, date(2026, 3, 1), None, "产假"), LUO, LATER)
    assert refused.value.status == 404
