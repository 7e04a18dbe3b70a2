"""Luo holds a course in person: who was there gets an award that says so, and coverage follows on the same day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.awards import attendance, evidence, session_queries
from app.awards.models import Award
from app.awards.session_models import SessionAttendance, TrainingSession
from app.awards.sessions import Mark, OpenSession
from app.catalogue import queries as catalogue
from app.coverage import proof, queries
from app.coverage.models import Posting
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import sheets
from app.reports.import_columns import PEOPLE
from app.workflows import hold_session as holding
from app.workflows.close_session import close_session
from app.workflows.merge_people import merge_people
from app.workflows.replay_award import replay_award
from app.workflows.revoke_award import RevokeAward, revoke_award
from tests import world as shared
from tests.world import BEGAN, World, scope_of

COURSE = "team-leader"
LUO = Actor(None, "罗明")
NOW = BEGAN + timedelta(days=10)
HELD_ON = day_of(NOW)


def asked(world: World, **changes: object) -> OpenSession:
    fields = {
        "course_code": COURSE,
        "held_on": HELD_ON,
        "minutes": 480,
        "place": "龙江机械二楼会议室",
        "trainer": "农工",
        "provider": "龙江机械有限公司",
        "enterprise_id": world.longjiang,
        "region": None,
    }
    return OpenSession(**(fields | changes))  # type: ignore[arg-type]  # a test's shorthand


def opened(session: Session, world: World, *people: int, **changes: object) -> int:
    scope = scope_of(session, world.luo)
    id = holding.open_session(scope, session, asked(world, **changes), LUO, NOW)
    if people:
        holding.enlist(scope, session, id, people, LUO, NOW)
    return id


def mark(session: Session, world: World, id: int, scores: dict[int, float | None], now: datetime = NOW) -> None:
    """Mark those named as there, with their scores, and the others as absent."""
    rows = attendance.attendees(session, id)
    marks = [Mark(one.id, one.person_id in scores, scores.get(one.person_id)) for one in rows]
    holding.mark_attendance(scope_of(session, world.luo), session, id, marks, LUO, now)


def close(session: Session, world: World, id: int, now: datetime = NOW) -> dict[str, int]:
    return close_session(scope_of(session, world.luo), session, id, LUO, now)


def awards_of(session: Session, id: int) -> dict[int, int]:
    return {one.person_id: one.award_id for one in attendance.attendees(session, id) if one.award_id}


def refused(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value.status, problem.value.code


def test_who_was_there_gets_an_award_and_coverage_follows_in_one_posting(session: Session, world: World) -> None:
    id = opened(session, world, world.wei, world.mo, world.huang)
    assert session.scalar(select(func.count()).select_from(Award)) == 0
    before = session.scalar(select(func.count()).select_from(Posting)) or 0
    mark(session, world, id, {world.wei: None, world.mo: 90.0})
    assert close(session, world, id) == {"awarded": 2, "absent": 1}
    assert session.scalar(select(func.count()).select_from(Posting)) == before + 1

    made = awards_of(session, id)
    assert set(made) == {world.wei, world.mo}
    award = session.get_one(Award, made[world.wei])
    assert (award.mode, award.origin, award.completed_on, award.score) == ("offline", "session", HELD_ON, None)
    assert award.evidence["trainer"] == "农工"
    assert award.evidence["marked_by"] == "罗明"
    assert award.reference == session_queries.session_number(HELD_ON, id)
    assert award.recorded_at == session.get_one(TrainingSession, id).closed_at
    standing = queries.person_standing(SYSTEM, session, world.wei, HELD_ON, NOW)
    held = {one.course for post in standing.assignments for plan in post.plans for one in plan.held}
    assert COURSE in held
    assert list(proof.check(session)) == []


def test_a_score_below_the_pass_mark_earns_nothing(session: Session, world: World) -> None:
    id = opened(session, world, world.wei, world.mo)
    mark(session, world, id, {world.wei: 12.0, world.mo: 100.0})
    assert close(session, world, id) == {"failed": 1, "awarded": 1}
    assert set(awards_of(session, id)) == {world.mo}


def test_a_session_shorter_than_the_course_gives_no_awards(session: Session, world: World) -> None:
    hours = catalogue.current(session, COURSE, HELD_ON).hours
    id = opened(session, world, world.wei, minutes=round(hours * 45) - 1)
    mark(session, world, id, {world.wei: None})
    found = session_queries.find(SYSTEM, session, id)
    version = catalogue.version(session, found.version_id)
    rows = attendance.attendees(session, id)
    assert set(attendance.outcomes(session, found, version, rows).values()) == {"short"}
    assert close(session, world, id) == {"short": 1}
    assert awards_of(session, id) == {}


def test_the_same_course_twice_on_a_day_is_one_award(session: Session, world: World) -> None:
    first = opened(session, world, world.wei)
    mark(session, world, first, {world.wei: None})
    close(session, world, first)
    second = opened(session, world, world.wei, world.mo)
    mark(session, world, second, {world.wei: None, world.mo: None})
    assert close(session, world, second) == {"repeated": 1, "awarded": 1}
    revoke_award(SYSTEM, session, RevokeAward(awards_of(session, first)[world.wei], None, "签错"), LUO, NOW)
    third = opened(session, world, world.wei)
    mark(session, world, third, {world.wei: None})
    assert close(session, world, third) == {"awarded": 1}


def test_a_closed_session_does_not_change(session: Session, world: World) -> None:
    id = opened(session, world, world.wei)
    mark(session, world, id, {world.wei: None})
    close(session, world, id)
    scope = scope_of(session, world.luo)
    assert refused(lambda: close(session, world, id)) == (409, "session_closed")
    assert refused(lambda: mark(session, world, id, {})) == (409, "session_closed")
    assert refused(lambda: holding.enlist(scope, session, id, [world.mo], LUO, NOW)) == (409, "session_closed")
    assert refused(lambda: holding.strike(scope, session, id, [1], LUO, NOW)) == (409, "session_closed")


def test_a_day_to_come_can_be_prepared_but_not_marked_or_closed(session: Session, world: World) -> None:
    id = opened(session, world, world.wei, held_on=HELD_ON + timedelta(days=3))
    assert refused(lambda: mark(session, world, id, {world.wei: None})) == (422, "session_ahead")
    assert refused(lambda: close(session, world, id)) == (422, "session_early")
    later = NOW + timedelta(days=3)
    mark(session, world, id, {world.wei: None}, later)
    assert close(session, world, id, later) == {"awarded": 1}


def test_only_the_holders_own_people_come_on_a_list(session: Session, world: World) -> None:
    scope = scope_of(session, world.luo)
    id = opened(session, world)
    assert refused(lambda: close(session, world, id)) == (422, "session_empty")
    assert refused(lambda: holding.enlist(scope, session, id, [world.liang], LUO, NOW))[0] == 404
    region = opened(session, world, world.wei, world.liang, enterprise_id=None, region="450200")
    assert len(attendance.attendees(session, region)) == 2
    assert refused(lambda: holding.enlist(scope, session, region, [world.zhou], LUO, NOW))[0] == 404
    chen = scope_of(session, world.chen)
    assert session_queries.find(chen, session, id).id == id
    assert refused(lambda: session_queries.find(chen, session, region))[0] == 404
    assert (
        refused(lambda: holding.open_session(chen, session, asked(world, enterprise_id=world.liubei), LUO, NOW))[0]
        == 404
    )
    assert [one.id for one in session_queries.listing(scope, session, session_queries.SessionFilter()).rows] == [
        region,
        id,
    ]


def test_a_list_comes_from_a_sheet_and_its_faults_are_told(session: Session, world: World) -> None:
    rows = [("姓名", "证件号码"), ("韦大勇", shared.WEI), ("莫小兰", shared.WEI), ("梁秀英", shared.LIANG), ("谁", "1")]
    sheet = sheets.read(shared.as_csv(rows), PEOPLE)
    scope = scope_of(session, world.chen)
    id = opened(session, world)
    found = holding.enlist_sheet(scope, session, id, sheet, LUO, NOW)
    assert (found.added, found.known) == (1, 0)
    codes = [(one.row, one.code) for one in found.refused]
    assert codes == [(3, "name_mismatch"), (4, "person_unknown"), (5, "id_length")]
    assert holding.enlist_sheet(scope, session, id, sheet, LUO, NOW).known == 1


def test_people_who_turn_out_to_be_one_get_one_award(session: Session, world: World) -> None:
    id = opened(session, world, world.wei, world.mo)
    mark(session, world, id, {world.wei: None, world.mo: None})
    merge_people(SYSTEM, session, world.mo, world.wei, "同一人", LUO, NOW)
    assert close(session, world, id) == {"awarded": 1, "repeated": 1}


def test_an_award_of_a_session_comes_out_of_the_sessions_rows(session: Session, world: World) -> None:
    id = opened(session, world, world.wei)
    mark(session, world, id, {world.wei: 85.0})
    close(session, world, id)
    award = awards_of(session, id)[world.wei]
    found = replay_award(session, award)
    assert (found.right, len(found.steps)) == (True, 5)
    assert evidence.evidence(session, award).origin == "session"


FORGERIES: list[tuple[str, Callable[[Session], None]]] = [
    ("Session", lambda s: _set(s, TrainingSession, minutes=5)),
    ("Session", lambda s: _set(s, TrainingSession, trainer="别人")),
    ("Award", lambda s: _set(s, TrainingSession, held_on=date(2026, 1, 2))),
    ("Attendance", lambda s: _set(s, SessionAttendance, attended=False)),
    ("Attendance", lambda s: _set(s, SessionAttendance, marked_by="别人")),
    ("Score", lambda s: _set(s, SessionAttendance, score=12.0)),
    ("Score", lambda s: _set(s, Award, score=99.0)),
    ("Award", lambda s: _set(s, Award, mode="online")),
    ("Session: no list", lambda s: _set(s, SessionAttendance, award_id=None)),
]


def _set(session: Session, table: type, **values: object) -> None:
    session.execute(update(table).values(**values))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("said", "forge"), FORGERIES, ids=range(len(FORGERIES)))
def test_whatever_is_changed_afterwards_is_found(
    session: Session, world: World, said: str, forge: Callable[[Session], None]
) -> None:
    id = opened(session, world, world.wei)
    mark(session, world, id, {world.wei: 85.0})
    close(session, world, id)
    award = awards_of(session, id)[world.wei]
    forge(session)
    session.flush()
    session.expire_all()
    wrong = [step.message for step in replay_award(session, award).steps if not step.right]
    assert any(message.startswith(said) for message in wrong), wrong
