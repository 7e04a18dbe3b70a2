"""What came far ahead or long after: summed up by month, told alike with the sums and without, proved and rebuilt."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import func, select, text

from app.coverage import ahead, jobs, projection_proof, proof
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.partial import is_far, is_long
from app.coverage.projection_models import MONTH, YEAR, AheadKind, AheadMonth, AheadTally
from app.coverage.queries import Ask, coverage
from app.coverage.queries.dashboard import dashboard
from app.coverage.queries.trends import trend
from app.kit.dates import add_months, day_of
from app.kit.scope import SYSTEM
from app.ops.db import Database, Session
from tests.coverage import chronicle
from tests.coverage.driver import PLANS
from tests.coverage.histories import tell
from tests.coverage.test_answers import compare

TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
SPOILS = {
    "a month": "UPDATE ahead_tally SET required = required + 1 WHERE grain = 1 AND each",
    "a year": "UPDATE ahead_kind SET delta = delta + 1 WHERE grain = 0 AND each",
    "a total": "DELETE FROM ahead_kind WHERE NOT each AND grain = 1",
    "a row too many": "UPDATE ahead_tally SET effective_on = effective_on + 1 WHERE grain = 0",
    "a month left out": "DELETE FROM ahead_month WHERE month = (SELECT min(month) FROM ahead_month)",
    "a month that is not over": "INSERT INTO ahead_month SELECT max(month) + 31 FROM ahead_month",
}
SEEDS = (4, 5)
"""Of stories in which much is known far ahead."""


def written(database: Database, seed: int) -> list[datetime]:
    """Write a story, its months summed up; gives when it was recorded."""
    story = tell(Random(seed), 40)
    chronicle.write(database, story)
    with database.session() as session:
        jobs.roll(session, TODAY)
        jobs.fold(session)
    return [step.at for step in story.steps]


def said(session: Session, instants: list[datetime]) -> list[object]:
    """Ask about days to come, and days past, as known at instants: parts, totals and trends."""
    found: list[object] = []
    for known_at in (*instants, *(at - timedelta(microseconds=1) for at in instants)):
        for plan, days in product(PLANS, (200, -40)):
            on = known_at.date() + timedelta(days=days)
            ask = Ask(plan, on, known_at, "440000", by="region")
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            found += [coverage(SYSTEM, session, ask, TODAY, NOW), trend(SYSTEM, session, ask, 8, TODAY, NOW)]
            found += [board.figures(), sorted(board.by_region("440000").items()), sorted(board.by_industry().items())]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_and_entries_say_the_same(database: Database, seed: int) -> None:
    instants = written(database, seed)[seed % 6 :: 6]
    with database.session() as session:
        for table in (AheadTally, AheadKind):
            for grain in (MONTH, YEAR):
                assert session.scalar(select(func.count()).select_from(table).where(table.grain == grain))
        with_sums = said(session, instants)
        session.execute(text("DELETE FROM ahead_month WHERE month > (SELECT min(month) + 100 FROM ahead_month)"))
        assert said(session, instants) == with_sums
        for name in ("ahead_month", "ahead_tally", "ahead_kind"):
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names above
        assert said(session, instants) == with_sums


def test_answers_from_sums_are_the_oracles(database: Database) -> None:
    rng = Random(8)
    story = tell(rng, 40)
    chronicle.write(database, story)
    with database.session() as session:
        jobs.roll(session, TODAY)
        assert ahead.due(session) == ()
    with database.reading() as session:
        for step in rng.sample(story.steps, 4):
            for plan in PLANS:
                compare(
                    session, story, Ask(plan, step.at.date() + timedelta(days=rng.randrange(60, 300)), step.at), rng
                )


def test_only_months_that_are_over_are_summed_up(database: Database) -> None:
    instants = written(database, SEEDS[0])
    with database.reading() as session:
        months = session.scalars(select(AheadMonth.month).order_by(AheadMonth.month)).all()
    assert months[0] == day_of(instants[0]).replace(day=1)
    assert add_months(months[-1], 1) == day_of(instants[-1]).replace(day=1)


def test_what_is_spoilt_is_found(database: Database) -> None:
    written(database, SEEDS[0])
    with database.session() as session:
        assert [finding.text for finding in proof.check(session)] == []
        for what, spoil in SPOILS.items():
            with session.begin_nested() as spoilt:
                assert session.execute(text(spoil)).rowcount, what  # type: ignore[attr-defined]
                assert any(projection_proof.rollups(session)), what
                spoilt.rollback()


def test_a_rebuild_makes_the_same_sums(database: Database) -> None:
    written(database, SEEDS[1])
    with database.session() as session:
        kept = stored(session)
        assert all(kept)
        jobs.rebuild(session, TODAY)
        assert stored(session) == kept


def stored(session: Session) -> list[list[tuple[object, ...]]]:
    """Give all the sums."""
    tables = (AheadTally, AheadKind, AheadMonth)
    rows = (session.execute(select(*table.__table__.columns)) for table in tables)
    return [sorted(tuple(row) for row in found) for found in rows]


def test_far_entries_are_there(database: Database) -> None:
    written(database, SEEDS[0])
    with database.reading() as session:
        for table in (Entry, EnterpriseEntry):
            for came in (is_far(table), is_long(table)):
                assert session.scalar(select(func.count()).select_from(table).where(came))
