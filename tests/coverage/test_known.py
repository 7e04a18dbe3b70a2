"""What was said to be known at an instant stays so, even of a change that was under way then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.coverage import known
from app.coverage.models import Posting
from app.coverage.queries import Ask, coverage
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.organisations import roster
from app.workflows.reporting import fix_known
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment
from tests import world

PLAN = "liuzhou-2021-2025"
DAY = date(2025, 12, 31)


def test_a_change_that_was_asked_for_before_and_recorded_after_is_not_known_then(database: Database) -> None:
    began = datetime.now(UTC)
    with database.session() as session:
        lived = world.build(session)
        held = roster.posts_of(SYSTEM, session, lived.wei)[0]
    asked_at = began + timedelta(seconds=2)
    now = asked_at + timedelta(seconds=1)

    def waived() -> int:
        with database.reading() as session:
            found = coverage(SYSTEM, session, Ask(PLAN, DAY, asked_at), DAY, now).to_json()
            return int(found["waived"])

    fix_known(database, asked_at, now)
    assert waived() == 0
    with database.session() as session:
        waiver = WaiveAssignment(held.assignment_id, PLAN, date(2025, 1, 1), None, "long illness")
        waive_assignment(SYSTEM, session, waiver, world.OPERATOR, asked_at - timedelta(seconds=1))
    assert waived() == 0


def postings(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Posting)) or 0


def test_an_instant_is_made_final_once_and_only_when_it_is_recent_and_past(database: Database) -> None:
    now = datetime(2026, 11, 22, 4, tzinfo=UTC)
    for instant in (None, now + timedelta(seconds=1), now - timedelta(minutes=10)):
        fix_known(database, instant, now)
    assert postings(database) == 0
    for instant in (now - timedelta(minutes=9), now - timedelta(minutes=9), now - timedelta(minutes=9, seconds=1)):
        fix_known(database, instant, now)
    assert postings(database) == 1


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_while_something_large_is_recorded_it_says_so_instead_of_waiting_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST_WAIT", "200ms")
    now = datetime(2026, 11, 22, 4, tzinfo=UTC)
    with database.session() as importing:
        known.fix(importing, now)
        with pytest.raises(Problem) as refused:
            fix_known(database, now, now)
    assert refused.value.status == 503
