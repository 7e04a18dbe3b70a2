"""Who finds whom: enterprises, people and rosters, in reach and out of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.coverage.queries import Ask, EnterpriseFilter, enterprises, person_standing
from app.coverage.queries.steps import lines
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.organisations import persons, queries, regions, roster
from app.organisations.models import INTAKE, Person
from app.organisations.roster import RosterAsk
from app.workflows.merge_people import merge_people
from tests import world as shared
from tests.world import World

NOW = datetime(2026, 1, 6, tzinfo=UTC)


def names(session: Session, scope: Scope, enterprise: int, **asked: object) -> list[str]:
    return [row.name for row in roster.roster(scope, session, RosterAsk(enterprise, **asked)).rows]  # type: ignore[arg-type]


def test_the_region_tree_knows_who_lies_under_whom(session: Session, world: World) -> None:
    tree = regions.tree(session)
    assert [row.code for row in tree.ancestors("450202")] == ["100000", "450000", "450200", "450202"]
    assert len(tree.children("450200")) == 10
    assert len(tree.children("440000")) == 21
    assert tree.within("450000") == {"450000", "450200", *(row.code for row in tree.children("450200"))}
    assert tree.name("450202") == "城中区"
    assert world.longjiang


def test_chen_sees_her_enterprise_and_no_other(session: Session, world: World) -> None:
    chen = shared.scope_of(session, world.chen)
    assert queries.enterprise(chen, session, world.longjiang).name == "龙江机械有限公司"
    with pytest.raises(Problem) as refused:
        queries.enterprise(chen, session, world.liubei)
    assert refused.value.status == 404
    with pytest.raises(Problem):
        roster.roster(chen, session, RosterAsk(world.liubei))


def test_luo_sees_his_city_and_not_the_next_province(session: Session, world: World) -> None:
    luo = shared.scope_of(session, world.luo)
    found = queries.enterprises(luo, session, (world.longjiang, world.liubei, world.foshan))
    assert {row.id for row in found} == {world.longjiang, world.liubei}
    assert queries.person(luo, session, world.wei).name == "韦大勇"
    with pytest.raises(Problem):
        queries.person(luo, session, world.zhou)


def test_xie_sees_nobody_of_other_districts(session: Session, world: World) -> None:
    xie = shared.scope_of(session, world.xie)
    assert queries.people(xie, session, (world.wei, world.liang, world.zhou)) == ()
    assert queries.enterprises_named(xie, session, "", None).rows == ()


def test_guan_keeps_the_accounts_and_sees_no_roster(session: Session, world: World) -> None:
    guan = shared.scope_of(session, world.guan)
    assert queries.people(guan, session, (world.wei,)) == ()


def test_a_worker_sees_herself(session: Session, world: World) -> None:
    mo = Scope(person=world.mo)
    assert queries.person(mo, session, world.mo).masked_id.startswith("0000**********")
    assert [post.enterprise for post in roster.posts_of(mo, session, world.mo)] == ["龙江机械有限公司"]
    with pytest.raises(Problem):
        queries.person(mo, session, world.wei)


def test_the_roster_filters_by_post_name_and_day(session: Session, world: World) -> None:
    everybody = ["韦大勇", "莫小兰", "黄建国", "覃志强"]
    assert names(session, SYSTEM, world.longjiang) == everybody
    assert names(session, SYSTEM, world.longjiang, post="team_leader") == ["韦大勇"]
    assert names(session, SYSTEM, world.longjiang, name="小") == ["莫小兰"]
    assert names(session, SYSTEM, world.longjiang, on=date(2025, 5, 31)) == everybody
    assert names(session, SYSTEM, world.longjiang, on=date(2025, 6, 1)) == everybody[:3]
    assert names(session, SYSTEM, world.longjiang, on=date(2021, 1, 31)) == ["黄建国"]


def test_the_roster_is_paged_by_key(session: Session, world: World) -> None:
    first = roster.roster(SYSTEM, session, RosterAsk(world.longjiang, size=3))
    assert len(first.rows) == 3
    rest = roster.roster(SYSTEM, session, RosterAsk(world.longjiang, size=3, after=first.after))
    assert [row.name for row in rest.rows] == ["覃志强"]
    assert rest.after is None


def test_enterprises_are_found_by_part_of_the_name_or_by_code(session: Session, world: World) -> None:
    assert [e.id for e in queries.enterprises_named(SYSTEM, session, "化工", None).rows] == [world.liubei]
    assert [e.id for e in queries.enterprises_named(SYSTEM, session, shared.FOSHAN.lower(), None).rows] == [
        world.foshan
    ]
    assert queries.enterprises_named(SYSTEM, session, "%", None).rows == ()
    first = queries.enterprises_named(SYSTEM, session, "", None, size=2)
    rest = queries.enterprises_named(SYSTEM, session, "", first.after, size=2)
    assert {e.id for e in (*first.rows, *rest.rows)} == {world.longjiang, world.liubei, world.foshan}


def test_names_are_found_however_letters_are_written(session: Session, world: World) -> None:
    rows = [("uscc", "name", "region", "industry"), (shared.uscc(9), "龙江 Tools 100%", "450202", "C34")]
    shared.fill(session, "enterprises", rows)
    people = [("uscc", "name", "resident_id", "post", "starts_on")]
    people.append((shared.LONGJIANG, "Ana Wei", shared.STRANGER, "team_leader", "2024-01-01"))
    shared.fill(session, "roster", people)
    for text in ("龙江 tools", "TOOLS", "100%"):
        assert [e.uscc for e in queries.enterprises_named(SYSTEM, session, text, None).rows] == [shared.uscc(9)]
        asked = Ask("liuzhou-2021-2025"), EnterpriseFilter(text=text), date(2026, 1, 6), NOW
        assert [e.uscc for e in enterprises(SYSTEM, session, *asked).rows] == [shared.uscc(9)]
    assert names(session, SYSTEM, world.longjiang, name="ana w") == ["Ana Wei"]


def test_posts_that_began_on_one_day_stand_in_the_order_they_came_in(session: Session, world: World) -> None:
    def roster_of(*rows: tuple[str, str, str]) -> None:
        heads = ("uscc", "name", "resident_id", "post", "starts_on", "ends_on")
        filled = [(code, "赖小红", shared.STRANGER, post, "2024-01-01", ends_on) for code, post, ends_on in rows]
        shared.fill(session, "roster", [heads, *filled])

    roster_of((shared.LONGJIANG, "team_leader", ""), (shared.LIUBEI, "safety_head", ""))
    roster_of((shared.LONGJIANG, "team_leader", "2025-01-01"))
    told = person_standing(SYSTEM, session, shared.person(session, shared.STRANGER), date(2026, 1, 6), NOW)
    assert [row.post for row in told.assignments] == ["team_leader", "safety_head"]


def test_certificates_of_one_day_are_told_in_the_order_they_came_in(session: Session, world: World) -> None:
    heads = ("resident_id", "course", "completed_on", "mode")
    for who, mode in ((shared.MO, "offline"), (shared.WEI, "online")):
        shared.fill(session, "records", [heads, (who, shared.LEADER[0], "2024-05-20", mode)])
    merge_people(SYSTEM, session, world.mo, world.wei, "the same", shared.OPERATOR, NOW)
    told = lines(session, person_standing(SYSTEM, session, world.wei, date(2026, 1, 6), NOW))
    passed = [[step.evidence.mode for step in line.steps if step.kind == "passed"] for line in told]
    assert [modes for modes in passed if modes] == [["offline", "online"]] * 2


def test_people_sign_in_by_id_or_phone(session: Session, world: World) -> None:
    assert queries.people_by_id_or_phone(session, shared.WEI.lower()) == (world.wei,)
    assert queries.people_by_id_or_phone(session, "13911110002") == (world.mo,)
    assert queries.people_by_id_or_phone(session, shared.STRANGER) == ()


@pytest.mark.parametrize("number", [INTAKE - 1, INTAKE, 5 * INTAKE + 1])
def test_phones_are_found_in_every_intake_and_outside_of_them(session: Session, world: World, number: int) -> None:
    sealed = {"resident_id_sealed": b"", "resident_id_hash": "late", "resident_id_masked": ""}
    late = Person(id=number, name="莫小兰", **sealed, phone_hash=persons.phone_hash("13911119999"))
    late.created_at, late.intake = datetime(2026, 1, 1, tzinfo=UTC), number // INTAKE
    session.add(late)
    session.flush()
    assert queries.people_by_id_or_phone(session, "13911119999") == (number,)
    assert queries.people_by_id_or_phone(session, "13911110002") == (world.mo,)
    session.execute(update(Person).values(intake=None))
    assert queries.people_by_id_or_phone(session, "13911119999") == (number,)
    assert queries.people_by_id_or_phone(session, "13911110002") == (world.mo,)
