"""Reads plans, enterprises and assignments, as known now or at an instant, and shapes them for the pure rules."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalogue.models import CourseVersion
from app.coverage.facts import (
    Assignment,
    Declaration,
    EnterpriseTimeline,
    Industry,
    Plan,
    Requirement,
    Retake,
    Waiver,
)
from app.coverage.models import EnterpriseStanding, Standing
from app.coverage.models import Waiver as WaiverRow
from app.coverage.prepared import KNOWN_AT, asked, run
from app.coverage.status import Hold
from app.kit.dates import ALWAYS, NEVER
from app.kit.offline import marked
from app.ops.listed import among
from app.organisations.models import Declaration as DeclarationRow
from app.organisations.models import (
    EnterpriseFact,
    PostAssignment,
    PostAssignmentVersion,
    Region,
)
from app.plans import queries as plan_queries

CHUNK = 2000
Item = TypeVar("Item")


Versioned = type[EnterpriseFact | PostAssignmentVersion | WaiverRow | Standing | EnterpriseStanding]
"""Tables whose rows are valid in recorded time."""


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Cut items into lists short enough for an IN."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


Known = datetime | BindParameter[datetime] | None
"""An instant, or a parameter that stands for one; None: now."""


def visible(table: Versioned, known_at: Known) -> ColumnElement[bool]:
    """Give the condition that a version is what was known at an instant (None: now)."""
    if known_at is None:
        return table.superseded_at.is_(None)
    later = or_(table.superseded_at.is_(None), table.superseded_at > known_at)
    return and_(table.recorded_at <= known_at, later)


def recorded(column: InstrumentedAttribute[Any], known_at: Known) -> ColumnElement[bool]:
    """Give the condition that an append-only row had been recorded by an instant (None: now)."""
    return true() if known_at is None else column <= known_at


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


def plans(session: Session, parents: Mapping[str, str | None], known_at: datetime | None = None) -> tuple[Plan, ...]:
    """Give all plans in the shape of the rules, by their first day, then code."""
    return tuple(shaped(plan, parents) for plan in plan_queries.plans(session, known_at))


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


def timelines(
    session: Session, enterprises: Collection[int], known_at: datetime | None = None
) -> dict[int, EnterpriseTimeline]:
    """Give the dated facts of enterprises; one of which nothing is known has an empty timeline."""
    values: dict[int, dict[str, list[tuple[date, str]]]] = {enterprise: {} for enterprise in enterprises}
    for chunk in chunks(enterprises):
        rows = run(session, _facts(then=known_at is not None), asked(chunk, known_at)).all()
        for enterprise, attribute, day, value in rows:
            values[enterprise].setdefault(attribute, []).append((day, value))
    return {
        enterprise: EnterpriseTimeline(enterprise, {name: tuple(dated) for name, dated in attributes.items()})
        for enterprise, attributes in values.items()
    }


@cache
def _facts(*, then: bool) -> Select[*tuple[Any, ...]]:
    fact = EnterpriseFact
    query = select(fact.enterprise_id, fact.attribute, fact.effective_on, fact.value)
    query = query.where(among(fact.enterprise_id), visible(fact, KNOWN_AT if then else None))
    return query.order_by(fact.effective_on)


def assignments(session: Session, ids: Collection[int]) -> list[Assignment]:
    """Give the assignments as they stand now; void ones are left out."""
    found = []
    for chunk in chunks(ids):
        for id, person, enterprise, post, starts_on, ends_on in run(session, _assignments(), asked(chunk)).all():
            found.append(Assignment(id, person, enterprise, post, starts_on, ends_on or NEVER))
    return found


@cache
def _assignments() -> Select[*tuple[Any, ...]]:
    row = PostAssignment
    query = select(row.id, row.person_id, row.enterprise_id, row.post, row.starts_on, row.ends_on)
    return query.where(among(row.id), row.void.is_(False))


def assignments_of(session: Session, person: int, known_at: datetime | None = None) -> list[Assignment]:
    """Give a person's assignments, void ones left out, as known at an instant."""
    values = {"person": person} if known_at is None else {"person": person, "known_at": known_at}
    rows = run(session, _of_person(then=known_at is not None), values).all()
    return [
        Assignment(id, person, enterprise, post, starts_on, ends_on or NEVER)
        for id, enterprise, post, starts_on, ends_on in rows
    ]


@cache
def _of_person(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = PostAssignmentVersion
    query = select(row.assignment_id, row.enterprise_id, row.post, row.starts_on, row.ends_on)
    known = visible(row, KNOWN_AT if then else None)
    return query.where(row.person_id == bindparam("person"), row.void.is_(False), known).order_by(row.starts_on)


def holds(session: Session, enterprises: Collection[int]) -> dict[int, list[Hold]]:
    """Give who holds which post when at each enterprise."""
    found: dict[int, list[Hold]] = {enterprise: [] for enterprise in enterprises}
    for chunk in chunks(enterprises):
        for enterprise, person, post, starts_on, ends_on in run(session, _holds(), asked(chunk)).all():
            found[enterprise].append(Hold(person, post, starts_on, ends_on or NEVER))
    return found


@cache
def _holds() -> Select[*tuple[Any, ...]]:
    row = PostAssignment
    query = select(row.enterprise_id, row.person_id, row.post, row.starts_on, row.ends_on)
    return query.where(among(row.enterprise_id), row.void.is_(False))


def declarations(session: Session, enterprises: Collection[int]) -> dict[int, list[Declaration]]:
    """Give what each enterprise declared."""
    found: dict[int, list[Declaration]] = {enterprise: [] for enterprise in enterprises}
    for chunk in chunks(enterprises):
        for enterprise, declared_from, confirmed_on in run(session, _declarations(), asked(chunk)).all():
            found[enterprise].append(Declaration(declared_from, confirmed_on))
    return found


@cache
def _declarations() -> Select[*tuple[Any, ...]]:
    row = DeclarationRow
    return select(row.enterprise_id, row.declared_from, row.confirmed_on).where(among(row.enterprise_id))


def waivers(
    session: Session, ids: Collection[int], known_at: datetime | None = None
) -> dict[tuple[int, int], tuple[Waiver, ...]]:
    """Give the waivers of assignments by (plan, assignment)."""
    found: dict[tuple[int, int], tuple[Waiver, ...]] = {}
    for chunk in chunks(ids):
        rows = run(session, _waivers(then=known_at is not None), asked(chunk, known_at))
        for plan, assignment, from_on, until_on in rows:
            found[plan, assignment] = (*found.get((plan, assignment), ()), Waiver(from_on, until_on or NEVER))
    return found


@cache
def _waivers(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = WaiverRow
    query = select(row.plan_id, row.assignment_id, row.from_on, row.until_on)
    return query.where(among(row.assignment_id), visible(row, KNOWN_AT if then else None))
