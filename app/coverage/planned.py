"""Reads what is planned, and shapes it for the pure rules: plans, the tree of regions they lie in, courses' retakes."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.catalogue.models import CourseVersion
from app.coverage.facts import Industry, Plan, Requirement, Retake
from app.coverage.prepared import KNOWN_AT, run
from app.coverage.versions import recorded
from app.kit.dates import ALWAYS, NEVER
from app.kit.offline import marked
from app.organisations.models import Region, RegionPast
from app.plans import queries as plan_queries


def region_parents(session: Session) -> Mapping[str, str | None]:
    """Give every region's parent."""
    return parents(tree(session))


def tree(session: Session) -> str:
    """Give the tree of regions as one text, of which parents() makes sense: cheap to read, and to compare."""
    return str(run(session, _tree()).scalar_one() or "")


@cache
def _tree() -> Select[str]:
    return select(func.aggregate_strings(Region.code + ":" + func.coalesce(Region.parent, ""), ";"))


@lru_cache(maxsize=8)
def parents(tree: str) -> Mapping[str, str | None]:
    """Give every region's parent in a tree()."""
    pairs = (line.split(":") for line in tree.split(";") if line)
    return MappingProxyType({code: parent or None for code, parent in pairs})


def trees(session: Session) -> list[tuple[datetime | None, Mapping[str, str | None]]]:
    """Give every region's parent as known until an instant, in order of these; None: as known now."""
    row = RegionPast
    query = select(row.superseded_at, row.code, row.parent).order_by(row.superseded_at.desc())
    found: list[tuple[datetime | None, Mapping[str, str | None]]] = [(None, region_parents(session))]
    for until, code, parent in session.execute(query):
        if until == found[-1][0]:
            found[-1] = until, {**found[-1][1], code: parent}
        else:
            found.append((until, {**found[-1][1], code: parent}))
    return found[::-1]


def below(parents: Mapping[str, str | None], tops: Iterable[str]) -> frozenset[str]:
    """Give the regions with everything below them."""
    children: dict[str | None, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)
    found, open_ones = set(), list(tops)
    while open_ones:
        code = open_ones.pop()
        if code not in found:
            found.add(code)
            open_ones += children.get(code, ())
    return frozenset(found)


@lru_cache(maxsize=64)
def pairs(plans: plan_queries.Stored, tree: str) -> tuple[tuple[plan_queries.Plan, Plan], ...]:
    """Give stored plans, each with its shape for the rules, by their first day, then code; what came of it is kept."""
    return tuple((plan, shaped(plan, parents(tree))) for plan in plan_queries.read(plans))


def shaped(plan: plan_queries.Plan, parents: Mapping[str, str | None]) -> Plan:
    """Give a plan in the shape of the rules, its regions with everything below them."""
    return Plan(
        id=plan.id,
        code=plan.code,
        starts_on=plan.starts_on,
        counts_from=plan.counts_from,
        deadline=plan.deadline,
        regions=below(parents, plan.regions),
        posts=tuple(post.code for post in plan.posts),
        expected=frozenset(post.code for post in plan.posts if post.expected),
        industries=tuple(Industry(i.code, frozenset(i.divisions), i.licence, *_term(i)) for i in plan.industries),
        requirements=tuple(
            Requirement(r.post, r.industry, r.from_on or ALWAYS, r.to_on or NEVER, _keys(r)) for r in plan.requirements
        ),
        terms={post.code: _term(post) for post in plan.posts if post.from_on or post.to_on},
    )


def _term(counted: plan_queries.PlanPost | plan_queries.PlanIndustry) -> tuple[date, date]:
    return counted.from_on or ALWAYS, counted.to_on or NEVER


def _keys(requirement: plan_queries.Requirement) -> tuple[str, ...]:
    """Give a requirement's courses, those to be held in person by their keys."""
    return tuple(marked(course) if course in requirement.offline else course for course in requirement.courses)


def retakes(session: Session, known_at: datetime | None = None) -> tuple[Retake, ...]:
    """Give the course versions that end the awards of older ones."""
    values = {} if known_at is None else {"known_at": known_at}
    rows = run(session, _retakes(then=known_at is not None), values)
    return tuple(Retake(course, number, day) for course, number, day in rows)


@cache
def _retakes(*, then: bool) -> Select[*tuple[Any, ...]]:
    wanted = (CourseVersion.course_code, CourseVersion.number, CourseVersion.retake_from)
    query = select(*wanted).where(CourseVersion.change == "retake", CourseVersion.retake_from.is_not(None))
    return query.where(recorded(CourseVersion.recorded_at, KNOWN_AT if then else None))
