"""What one person's posts are worth: in every plan, on a day, with what is held, what is missing and why, over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.coverage import gather, planned, rules
from app.coverage.facts import Assignment, Award, Record
from app.coverage.models import Standing, Waiver
from app.coverage.prepared import KNOWN_AT, asked, run
from app.coverage.queries.asking import day_asked, instant_of
from app.coverage.records import records
from app.coverage.rules import Missing, Span
from app.coverage.versions import visible
from app.kit.errors import forbidden, not_found
from app.kit.offline import plain
from app.kit.scope import Scope
from app.ops.listed import among
from app.organisations.models import Enterprise, Person
from app.plans import queries as plan_queries
from app.plans.queries import Plan


@dataclass(frozen=True)
class Held:
    """A required course that is held: by which award, and the first day it no longer will be (None: no end known)."""

    course: str
    award_id: int
    completed_on: date
    until_on: date | None


@dataclass(frozen=True)
class WaiverRow:
    """A waiver of the assignment in the plan, as known then."""

    id: int
    from_on: date
    until_on: date | None
    reason: str
    actor: str
    recorded_at: datetime


@dataclass(frozen=True)
class PlanStanding:
    """What an assignment is worth in a plan: required on the day or not, covered or not, and its spans over time.

    held and missing are the required courses in plan order; both are empty where the post is not required on the day.
    """

    plan: Plan
    required: bool
    covered: bool
    waived: bool
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]
    waivers: tuple[WaiverRow, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class AssignmentRow:
    """A post that the person holds, held or will hold, and its standing in each plan that ever requires it."""

    id: int
    enterprise_id: int
    uscc: str
    enterprise: str
    post: str
    starts_on: date
    ends_on: date | None
    plans: tuple[PlanStanding, ...]


@dataclass(frozen=True)
class PersonStanding:
    """A person's posts, as known at an instant, judged on a day."""

    person_id: int
    on: date
    known_at: datetime | None
    assignments: tuple[AssignmentRow, ...]


def person_standing(
    scope: Scope,
    session: Session,
    person_id: int,
    today: date,
    now: datetime,
    *,
    on: date | None = None,
    known_at: date | datetime | None = None,
) -> PersonStanding:
    """Give what a person's posts are worth on a day (default: today); Problem 404 out of scope, 403 for want of right.

    An officer or bureau sees the posts in their reach only; the person sees all of their own.
    """
    instant, day = instant_of(known_at, today, now), day_asked(on) if on else today
    if scope.person != person_id and not scope.personal:
        raise forbidden()
    if run(session, _PERSON, {"person": person_id}).first() is None:
        raise not_found()
    assignments = gather.assignments_of(session, person_id, instant)
    places = _enterprises(scope, session, person_id, assignments)
    if not places and scope.person != person_id and not scope.everywhere:
        raise not_found()
    shown = [a for a in assignments if a.enterprise in places]
    return PersonStanding(person_id, day, instant, _Judge(session, person_id, day, instant).rows(shown, places))


def _enterprises(
    scope: Scope, session: Session, person_id: int, assignments: Iterable[Assignment]
) -> dict[int, tuple[str, str]]:
    """Give code and name of the enterprises in reach."""
    rows = run(session, _ENTERPRISES, asked({a.enterprise for a in assignments}))
    own = scope.person == person_id
    return {r.id: (r.uscc, r.name) for r in rows if own or scope.reaches_enterprise(r.id, r.region)}


_PERSON = select(Person.id).where(Person.id == bindparam("person"))
_ENTERPRISES = select(Enterprise.id, Enterprise.uscc, Enterprise.name, Enterprise.region).where(among(Enterprise.id))


class _Judge:
    """The facts about one person that judging their posts needs, read once."""

    def __init__(self, session: Session, person_id: int, on: date, known_at: datetime | None) -> None:
        self.session, self.on, self.known_at = session, on, known_at
        retakes = planned.retakes(session, known_at)
        self.record = records(session, [person_id], retakes, known_at)[person_id]
        self.plans = planned.pairs(plan_queries.stored(session, known_at), planned.tree(session))

    def rows(
        self, assignments: Sequence[Assignment], places: Mapping[int, tuple[str, str]]
    ) -> tuple[AssignmentRow, ...]:
        ids = [assignment.id for assignment in assignments]
        spans = _spans(self.session, ids, self.known_at)
        waivers = _waivers(self.session, ids, self.known_at)
        found = []
        for a in assignments:
            plans = self._plans(spans.get(a.id, ()), {key[0]: rows for key, rows in waivers.items() if key[1] == a.id})
            ends_on = None if a.ends_on == date.max else a.ends_on
            found.append(AssignmentRow(a.id, a.enterprise, *places[a.enterprise], a.post, a.starts_on, ends_on, plans))
        return tuple(found)

    def _plans(self, spans: Sequence[Span], waivers: Mapping[int, tuple[WaiverRow, ...]]) -> tuple[PlanStanding, ...]:
        found = []
        for plan, shaped in self.plans:
            mine = tuple(span for span in spans if span.plan == plan.id)
            if not mine:
                continue
            now = next((span for span in mine if span.from_on <= self.on < span.until_on), None)
            held: tuple[Held, ...] = ()
            missing: tuple[Missing, ...] = ()
            if now is not None:
                missing = rules.reasons(shaped, now.post, now.industry, self.record, self.on)
                keys = rules.keys_on(shaped, now.post, now.industry, self.on)
                lacking = {one.course for one in missing}
                have = (key for key in keys if plain(key) not in lacking)
                held = tuple(_held(self.record, shaped.counts_from, key, self.on) for key in have)
            covered, waived = (now.covered, now.waived) if now else (False, False)
            theirs = waivers.get(plan.id, ())
            found.append(PlanStanding(plan, now is not None, covered, waived, held, missing, theirs, mine))
        return tuple(found)


def _held(record: Record, counts_from: date, key: str, on: date) -> Held:
    """Give the award by which a held course is held longest; one that must be held in person by no online one."""
    course = plain(key)
    fit = [award for award in record.awards if award.course == course and (award.offline or key == course)]

    def until(award: Award) -> date:
        end = rules.ending(award, record.retakes)
        return end[0] if end else date.max

    holding = [a for a in fit if counts_from <= a.completed_on <= on < until(a)]
    award = max(holding, key=lambda a: (until(a), a.completed_on, a.id))
    end = until(award)
    return Held(course, award.id, award.completed_on, None if end == date.max else end)


def _spans(session: Session, ids: Sequence[int], known_at: datetime | None) -> dict[int, tuple[Span, ...]]:
    found: dict[int, tuple[Span, ...]] = {}
    for values in run(session, _standing(then=known_at is not None), asked(ids, known_at)):
        span = Span._make(values)
        found[span.assignment] = (*found.get(span.assignment, ()), span)
    return found


@cache
def _standing(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = Standing
    who = (row.plan_id, row.assignment_id, row.person_id, row.enterprise_id, row.post)
    where = (row.region, row.industry, row.key_enterprise)
    query = select(*who, *where, row.from_on, row.until_on, row.covered, row.waived)
    query = query.where(among(row.assignment_id), visible(row, KNOWN_AT if then else None))
    return query.order_by(row.plan_id, row.from_on)


def _waivers(
    session: Session, ids: Sequence[int], known_at: datetime | None
) -> dict[tuple[int, int], tuple[WaiverRow, ...]]:
    found: dict[tuple[int, int], tuple[WaiverRow, ...]] = {}
    for plan, assignment, *shown in run(session, _waived(then=known_at is not None), asked(ids, known_at)):
        found[plan, assignment] = (*found.get((plan, assignment), ()), WaiverRow(*shown))
    return found


@cache
def _waived(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = Waiver
    shown = (row.id, row.from_on, row.until_on, row.reason, row.actor, row.recorded_at)
    query = select(row.plan_id, row.assignment_id, *shown)
    return query.where(among(row.assignment_id), visible(row, KNOWN_AT if then else None)).order_by(row.from_on)
