"""Spans of status say nothing of stale rosters: a confirmation leaves them alone, and old ones were joined."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, func, select, text

from app.coverage import proof, service
from app.coverage.models import EnterpriseEntry, EnterpriseStanding
from app.kit.dates import add_days
from app.ops import migrations
from app.ops.db import Database, Session
from app.organisations.models import Declaration
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.driver import PLANS
from tests.coverage.histories import ENTERPRISES, tell
from tests.coverage.test_rebuild import ledger, rebuilt, story_in

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = "20261202_thin_indexes"
"""The last schema whose spans of status were cut where the roster became stale."""
CUT = [
    ("confirmed", 0, 100, "full", False, 1, 3),
    ("confirmed", 100, 200, "full", True, 1, 3),
    ("confirmed", 0, 130, "full", False, 3, 6),
    ("confirmed", 130, 200, "full", True, 3, 6),
    ("confirmed", 0, 200, "full", False, 6, None),
    ("shortened", 0, 100, "none", False, 1, None),
    ("shortened", 100, 200, "none", True, 1, 5),
    ("shortened", 100, 150, "none", True, 5, None),
    ("alone", 0, 100, "none", False, 1, 9),
    ("alone", 100, 200, "none", True, 2, 5),
    ("alone", 100, 200, "full", True, 5, 9),
    ("again", 0, 100, "none", True, 1, 4),
    ("again", 0, 100, "none", True, 7, None),
    ("at once", 0, 100, "none", False, 4, 4),
]
WHOLE = [
    ("confirmed", 0, 200, "full", 1, None),
    ("shortened", 0, 200, "none", 1, 5),
    ("shortened", 0, 150, "none", 5, None),
    ("alone", 0, 100, "none", 1, 2),
    ("alone", 0, 200, "none", 2, 5),
    ("alone", 0, 100, "none", 5, 9),
    ("alone", 100, 200, "full", 5, 9),
    ("again", 0, 100, "none", 1, 4),
    ("again", 0, 100, "none", 7, None),
]
"""Region, from and until, status, (stale,) recorded and superseded."""


def test_a_confirmation_moves_the_first_stale_day_and_nothing_else(database: Database) -> None:
    chronicle.write(database, tell(Random(2), 25))
    with database.session() as session:
        spans = standing(session)
        last = session.scalar(select(func.max(EnterpriseEntry.id))) or 0
        confirmed = select(Declaration.enterprise_id, func.max(Declaration.confirmed_on))
        days = {id: add_days(day, 30) for id, day in session.execute(confirmed.group_by(Declaration.enterprise_id))}
        posting = service.open_posting(session, NOW, "confirmation")
        for id, day in days.items():
            session.add(said(id, day, posting.recorded_at))
        service.post(session, posting, declared=days)
        assert standing(session) == spans
        lines = session.execute(select(EnterpriseEntry.kind).where(EnterpriseEntry.id > last)).all()
        assert Counter(line.kind for line in lines) == {"stale": len(lines)}
        assert lines
    with database.reading() as session:
        assert list(proof.check(session)) == []


@pytest.mark.parametrize("seed", range(3))
def test_cut_spans_become_those_that_a_rebuild_stores(database: Database, seed: int) -> None:
    story = tell(Random(seed), 40)
    story_in(database, seed)
    rebuilt(database)
    with database.reading() as session:
        whole = ledger(session)
    migrations.downgrade(database.engine, BEFORE)
    compared = 0
    with database.reading() as session:
        for on, known_at in chronicle.moments(Random(seed), story, 60):
            for plan in PLANS:
                found = oracle.enterprises(story.history, plan, on, known_at or NOW)
                wanted = {id: (found[id]["status"], found[id]["stale"]) for id in ENTERPRISES if id in found}
                wanted = {id: told for id, told in wanted.items() if told[0] not in {"outside", "closed"}}
                assert cut_spans(session, PLANS[plan], on, known_at or NOW) == wanted
                compared += sum(stale for _, stale in wanted.values())
        assert compared
        assert wrong_figures(session) == []
    migrations.upgrade(database.engine)
    with database.reading() as session:
        assert ledger(session) == whole
        assert list(proof.check(session)) == []


def test_halves_are_one_as_long_as_both_were_known(database: Database) -> None:
    story_in(database, 2)
    migrations.downgrade(database.engine, BEFORE)
    columns = "region, from_on, until_on, status, stale, recorded_at, superseded_at"
    values = ":region, :from_on, :until_on, :status, :stale, :recorded_at, :superseded_at"
    with database.session() as session:
        session.execute(text("DELETE FROM enterprise_standing"))
        session.execute(
            text(
                f"INSERT INTO enterprise_standing (plan_id, enterprise_id, industry, key_enterprise, {columns})"  # noqa: S608 - constants
                f" VALUES (1, 1, '', false, {values})"
            ),
            [dict(zip(columns.split(", "), row, strict=True)) for row in CUT],
        )
    migrations.upgrade(database.engine)
    told = text("SELECT region, from_on, until_on, status, recorded_at, superseded_at FROM enterprise_standing")
    with database.reading() as session:
        assert sorted(map(str, session.execute(told))) == sorted(map(str, WHOLE))


def said(enterprise: int, day: date, recorded_at: datetime) -> Declaration:
    """Make a confirmation of a roster."""
    days = {"declared_from": day, "confirmed_on": day}
    return Declaration(
        enterprise_id=enterprise, kind="confirmation", head_count=0, actor="", recorded_at=recorded_at, **days
    )


def standing(session: Session) -> Counter[Row[Any]]:
    """Give all spans of status."""
    return Counter(session.execute(select(*EnterpriseStanding.__table__.columns)).all())


def cut_spans(session: Session, plan: int, on: date, known_at: datetime) -> dict[int, tuple[str, bool]]:
    """Give status and staleness by enterprise as spans of before say it."""
    query = text(
        "SELECT enterprise_id, status, stale FROM enterprise_standing WHERE plan_id = :plan AND from_on <= :day "
        "AND until_on > :day AND recorded_at <= :at AND (superseded_at IS NULL OR superseded_at > :at)"
    )
    at = int(known_at.timestamp()) * 10**6 + known_at.microsecond
    rows = session.execute(query, {"plan": plan, "day": on.toordinal(), "at": at})
    return {id: (status, bool(stale)) for id, status, stale in rows}


def wrong_figures(session: Session) -> list[Any]:
    """Give the kept figures that say something else of staleness than spans of before do."""
    query = text(
        "SELECT figure.enterprise_id FROM enterprise_figure AS figure "
        "JOIN figure_slot ON figure_slot.slot = figure.slot "
        "JOIN enterprise_standing AS span ON span.plan_id = figure.plan_id AND span.superseded_at IS NULL "
        "AND span.enterprise_id = figure.enterprise_id AND from_on <= as_of AND until_on > as_of "
        "WHERE span.stale <> figure.stale"
    )
    return list(session.execute(query))
