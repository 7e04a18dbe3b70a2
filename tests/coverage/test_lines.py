"""What is told of a post over time, with its evidence, as known now and as it was known."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.coverage.queries import person_standing
from app.coverage.queries.steps import Line, lines
from app.coverage.steps import Step
from app.kit.dates import end_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Database
from app.organisations import queries as organisations
from app.workflows.revoke_award import RevokeAward, revoke_award
from app.workflows.waive_assignment import withdraw_waiver
from tests import world
from tests.coverage import town
from tests.support.databases import sqlite_copy

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Database]:
    database = Database(sqlite_copy(sqlite_template, tmp_path_factory.mktemp("lines")))
    with database.session() as session:
        town.build(session)
    yield database
    database.close()


@pytest.fixture
def session(built: Database) -> Iterator[Session]:
    with built.reading() as session:
        yield session


def told(session: Session, number: int, known_at: date | None = None, scope: Scope = SYSTEM) -> tuple[Line, ...]:
    who = world.person(session, town.resident(number))
    return lines(session, person_standing(scope, session, who, TODAY, NOW, known_at=known_at))


def one(line: Line, kind: str) -> Step:
    (found,) = [step for step in line.steps if step.kind == kind]
    return found


def test_every_change_of_standing_is_a_step_of_its_day(session: Session) -> None:
    turned = 0
    for number in range(43):
        for line in told(session, number):
            days = {(s.on, s.kind) for s in line.steps if s.kind in {"covered", "uncovered"}}
            expected, before = set(), False
            for span in line.spans:
                if span.covered != before:
                    expected.add((span.from_on, "covered" if span.covered else "uncovered"))
                before = span.covered
            assert days == expected, number
            turned += len(days)
            assert line.steps[0].on == min(step.on for step in line.steps)
    assert turned > 25


def test_before_the_standing_turns_stands_what_turned_it(session: Session) -> None:
    causes = {"expired", "revoked", "outdated", "waiver_ended", "withdrawn"}
    lapsed = 0
    for number in range(40):
        for line in told(session, number):
            for step in line.steps:
                if step.kind == "uncovered":
                    assert causes & {other.kind for other in line.steps if other.on == step.on}, (number, step)
                    lapsed += 1
    assert lapsed > 3


def test_a_post_came_in_by_a_roster_and_a_certificate_by_a_record(session: Session) -> None:
    line = next(line for line in told(session, 42) if line.plan.code == town.PLAN)
    start = one(line, "assigned")
    assert (start.evidence.declared, start.evidence.actor) == ("import", world.OPERATOR.name)
    assert start.recorded_at == town.at(town.BATCHES[0])
    assert one(line, "taken_in").evidence.region == "450205"
    passed = [step for step in line.steps if step.kind == "passed"]
    assert sorted(step.course for step in passed) == sorted(town.courses("team_leader"))
    assert all(step.evidence.number and step.evidence.mode == "offline" for step in passed)
    assert one(line, "covered").on == town.FULL_ON


def test_a_waiver_says_who_and_why_and_is_not_known_before_it_was_recorded(session: Session) -> None:
    line = next(line for line in told(session, town.WAIVED) if line.plan.code == town.PLAN)
    step = one(line, "waived")
    assert (step.on, step.evidence.reason) == (date(2025, 11, 1), "长期病休")
    assert step.recorded_at is not None
    before = next(line for line in told(session, town.WAIVED, date(2026, 1, 6)) if line.plan.code == town.PLAN)
    assert "waived" not in {s.kind for s in before.steps}
    assert all(s.recorded_at is None or s.recorded_at <= end_of(date(2026, 1, 6)) for s in before.steps)


def test_what_was_recorded_later_was_not_known_then(session: Session) -> None:
    for number in range(40):
        for line in told(session, number, town.BATCHES[1]):
            assert all(s.recorded_at is None or s.recorded_at <= end_of(town.BATCHES[1]) for s in line.steps)


def test_a_revocation_and_a_withdrawal_are_told_with_who_and_why(tmp_path: Path, sqlite_template: Path) -> None:
    database = Database(sqlite_copy(sqlite_template, tmp_path))
    later = NOW + timedelta(days=1)
    with database.session() as session:
        town.build(session)
        line = next(line for line in told(session, 41) if line.plan.code == town.PLAN)
        award = next(step for step in line.steps if step.kind == "passed").evidence.award_id
        assert award
        revoke_award(SYSTEM, session, RevokeAward(award, date(2025, 2, 1), "培训不实"), world.OPERATOR, NOW)
        who = world.person(session, town.resident(town.WAIVED))
        held = person_standing(SYSTEM, session, who, TODAY, NOW).assignments
        (waiver,) = [w for a in held for plan in a.plans for w in plan.waivers]
        withdraw_waiver(SYSTEM, session, waiver.id, date(2025, 11, 20), "已返岗", world.OPERATOR, later)
    with database.reading() as session:
        line = next(line for line in told(session, 41) if line.plan.code == town.PLAN)
        revoked = one(line, "revoked")
        assert (revoked.on, revoked.evidence.reason, revoked.evidence.award_id) == (date(2025, 2, 1), "培训不实", award)
        assert revoked.evidence.actor == world.OPERATOR.name
        assert one(line, "uncovered").on == date(2025, 2, 1)
        line = next(line for line in told(session, town.WAIVED) if line.plan.code == town.PLAN)
        assert one(line, "withdrawn").evidence.reason == "已返岗"
        assert one(line, "waived").recorded_at == waiver.recorded_at
        assert one(line, "waiver_ended").on == date(2025, 11, 20)
    database.close()


def test_only_posts_in_reach_are_told(session: Session) -> None:
    mill = organisations.enterprise_id(session, town.MILL)
    assert mill
    officer = Scope(enterprises=frozenset({mill}), personal=True)
    assert told(session, 0, scope=officer)
    with pytest.raises(Problem) as unknown:
        told(session, town.WAIVED, scope=officer)
    assert unknown.value.status == 404
