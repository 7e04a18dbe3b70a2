"""A waiver covers one assignment in one plan for its days; withdrawn, it is gone from then on, and the past is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy.orm import Session

from app.coverage import queries, service
from app.coverage.queries import Ask
from app.coverage.service import Waive, Withdraw
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.organisations.models import PostAssignment
from tests.coverage import chronicle
from tests.coverage.histories import tell

TODAY = date(2026, 3, 1)
FIRST, SECOND, NOW = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
ON = date(2024, 12, 30)
UNCOVERED = 7
ASKED = Waive(UNCOVERED, "alpha", date(2024, 12, 1), None, "abroad until spring", "Luo")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    chronicle.write(database, tell(Random(31), 40))
    with database.session() as opened:
        yield opened


def waive(session: Session, asked: Waive) -> int:
    posting = service.open_posting(session, FIRST, "waiver")
    waiver = service.waive(session, asked, posting.recorded_at)
    service.post(session, posting, assignments=[asked.assignment_id])
    return waiver


def withdraw(session: Session, asked: Withdraw) -> None:
    posting = service.open_posting(session, SECOND, "waiver")
    assignment = service.withdraw(session, asked, posting.recorded_at)
    service.post(session, posting, assignments=[assignment])


def waived(session: Session, on: date, known_at: datetime | None = None) -> tuple[int, int]:
    said = queries.coverage(SYSTEM, session, Ask("alpha", on, known_at), TODAY, NOW).figures
    return said.covered, said.waived


def test_a_waiver_covers_from_its_day_on(session: Session) -> None:
    covered, before = waived(session, ON)
    waive(session, ASKED)
    assert waived(session, ON) == (covered + 1, before + 1)
    assert waived(session, date(2024, 11, 30))[1] == 0
    assert waived(session, ON, datetime(2025, 12, 1, tzinfo=UTC)) == (covered, before)


def test_a_withdrawn_waiver_never_was_but_is_remembered(session: Session) -> None:
    figures = waived(session, ON)
    waiver = waive(session, ASKED)
    withdraw(session, Withdraw(waiver, None, "came back", "Luo"))
    assert waived(session, ON) == figures
    assert waived(session, ON, FIRST) == (figures[0] + 1, figures[1] + 1)
    with pytest.raises(Problem, match="does not exist"):
        service.withdraw(session, Withdraw(waiver, None, "again", "Luo"), NOW)


def test_a_waiver_withdrawn_from_a_day_on_holds_until_then(session: Session) -> None:
    waiver = waive(session, ASKED)
    withdraw(session, Withdraw(waiver, date(2024, 12, 20), "came back", "Luo"))
    assert waived(session, date(2024, 12, 19))[1] == 1
    assert waived(session, date(2024, 12, 20))[1] == 0
    row = person(session)
    assert [(w.from_on, w.until_on, w.reason) for w in row] == [
        (date(2024, 12, 1), date(2024, 12, 20), "abroad until spring")
    ]


def person(session: Session) -> tuple[queries.WaiverRow, ...]:
    who = session.get_one(PostAssignment, UNCOVERED).person_id
    standing = queries.person_standing(SYSTEM, session, who, TODAY, NOW, on=ON)
    assignment = next(a for a in standing.assignments if a.id == UNCOVERED)
    return next(plan for plan in assignment.plans if plan.plan.code == "alpha").waivers


def test_a_waiver_needs_a_reason_a_span_and_an_assignment(session: Session) -> None:
    for asked, code in (
        (replace(ASKED, reason=" "), "reason_missing"),
        (replace(ASKED, until_on=date(2024, 12, 1)), "waiver_dates"),
        (replace(ASKED, assignment_id=999), "not_found"),
        (replace(ASKED, plan_code="gamma"), "not_found"),
    ):
        with pytest.raises(Problem) as refused:
            service.waive(session, asked, NOW)
        assert refused.value.code == code
