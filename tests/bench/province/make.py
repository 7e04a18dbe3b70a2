"""Fills an empty database with a made province's facts: no standing, no entries, no projections yet."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from app.catalogue.models import CourseVersion
from app.identity.service import Actor
from app.kit.dates import SHANGHAI
from app.ops.db import Database
from app.ops.migrations import upgrade
from app.ops.settings import ROOT
from app.organisations import service as registry
from app.plans import queries as plans
from app.plans.shapes import Plan
from app.workflows.load_content import load_content
from app.workflows.read_content import read_content
from tests.bench.province import places
from tests.bench.province.engine import ensure
from tests.bench.province.facts import Ground, Maker
from tests.bench.province.writing import writer

COURSES = ROOT / "courses"
KNOWN = datetime(2021, 11, 1, 9, tzinfo=SHANGHAI).astimezone(UTC)
"""When courses and plans were loaded."""
PLAN, NATIONAL = "guangdong-2021-2025", "national-2026-2030"
SEED = "province"


def make(url: str, assignments: int, say: Callable[[str], None]) -> None:
    """Make the province in a database that does not hold anything yet."""
    begun = time.monotonic()
    if not url.startswith("sqlite"):
        ensure(url)
    maker = Maker(SEED, _ground(url))
    done = 0
    with writer(url) as into:
        for rows in maker.chunks(assignments):
            for name, values in rows.items():
                into.put(name, values)
            into.put_postings(maker.ticks.taken())
            before, done = done, maker.ids["post_assignment"]
            if done * 20 // assignments > before * 20 // assignments:
                say(f"{done:,} assignments, {time.monotonic() - begun:.0f} s")
    say(", ".join(f"{name} {count:,}" for name, count in maker.ids.items()))
    say(f"posting {maker.ticks.count:,}; made in {time.monotonic() - begun:.0f} s")


def _ground(url: str) -> Ground:
    """Migrate the database; enter regions, courses and plans."""
    database = Database(url)
    upgrade(database.engine)
    content, errors = read_content(COURSES)
    assert not errors, errors[0]
    content = replace(content, plans=tuple(_for_any_industry(one) for one in content.plans))
    regions, counties = places.read(COURSES / "plans" / "regions.csv")
    with database.session() as session:
        registry.add_regions(session, regions)
        load_content(session, content, Actor(None, "bench"), KNOWN)
    with database.reading() as session:
        versions = {code: id for code, id in session.execute(select(CourseVersion.course_code, CourseVersion.id))}  # noqa: C416
        plan = plans.plan(session, PLAN).id
    database.close()
    return Ground(counties, versions, plan)


def _for_any_industry(plan: Plan) -> Plan:
    """Leave out what a source plan demands by industry: training.py tells the rest, and figures stay comparable."""
    if plan.code == NATIONAL:
        return plan
    return replace(plan, requirements=tuple(one for one in plan.requirements if one.industry is None))
