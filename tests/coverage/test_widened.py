"""A plan that reaches further now than was known then: what lies beyond does not count then."""

from dataclasses import replace
from datetime import date, timedelta

from app.coverage import jobs, service
from app.coverage.queries import Ask, EnterpriseFilter, coverage, enterprises
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import queries as plans
from app.plans import service as plan_service
from tests import world

PLAN = "guangdong-2021-2025"
DAY = date(2026, 1, 10)


def test_enterprises_beyond_what_was_known_of_the_plan_are_not_listed(database: Database) -> None:
    with database.session() as session:
        world.build(session)
        world.settle(session)
    known_at = world.BEGAN + timedelta(days=10)
    now = known_at + timedelta(days=10)
    ask = Ask(PLAN, DAY, known_at, by="enterprise")
    with database.reading() as session:
        before = coverage(SYSTEM, session, ask, now.date(), now).to_json()
    with database.session() as session:
        posting = service.open_posting(session, now - timedelta(days=5), "plan")
        plan = plans.plan(session, PLAN)
        plan_service.publish(session, replace(plan, regions=(*plan.regions, "450200")), posting.recorded_at)
        service.post(session, posting, everything=True)
        jobs.rebuild(session, now.date())
    with database.reading() as session:
        assert coverage(SYSTEM, session, ask, now.date(), now).to_json() == before
        listed = enterprises(SYSTEM, session, ask, EnterpriseFilter(), now.date(), now).rows
        assert {row.uscc for row in listed} == {row["key"] for row in before["rows"]}
        since = coverage(SYSTEM, session, replace(ask, known_at=None), now.date(), now).to_json()
    assert len(since["rows"]) > len(before["rows"]) > 0
