"""Who became covered, and who ceased or will cease to be, between two days while in post: the people behind a path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.coverage import planned, rules
from app.coverage.facts import Record
from app.coverage.models import Standing
from app.coverage.queries.asking import Ask, Question, narrowing, resolve
from app.coverage.records import records
from app.coverage.versions import visible
from app.kit.dates import iso_day
from app.kit.errors import forbidden
from app.kit.paging import Page, no_such_page, page
from app.kit.scope import Scope
from app.organisations.models import Enterprise, Person

Kind = Literal["gained", "lost"]
WAIVED, WAIVER_ENDED = "waived", "waiver_ended"


@dataclass(frozen=True)
class Turning:
    """Which turns: gained (became covered) or lost (ceased to be), from a day to a day, both included; by post."""

    kind: Kind
    from_on: date
    to_on: date
    industry: str | None = None
    post: str | None = None


@dataclass(frozen=True)
class Turn:
    """Somebody in post became covered, or ceased to be, on a day.

    course: the last in plan order that was completed that day, or the first that is missing from then on; '' for none.
    cause: waived, waiver_ended, a reason for which a course is missing, or '' for a course that was completed.
    """

    on: date
    assignment_id: int
    person_id: int
    name: str
    masked_id: str
    enterprise_id: int
    enterprise: str
    region: str
    industry: str
    post: str
    course: str
    cause: str


def turns(
    scope: Scope,
    session: Session,
    ask: Ask,
    wanted: Turning,
    today: date,
    now: datetime,
    *,
    after: str | None = None,
    size: int = 50,
) -> Page[Turn]:
    """List a page of turns by day, then enterprise; Problem 403 without personal data."""
    if not scope.personal:
        raise forbidden()
    question = resolve(scope, session, ask, today, now)
    rows = session.execute(_query(question, wanted, after).limit(size + 1)).all()
    return page(_told(session, question, wanted, rows), size, lambda t: _text(t.on, t.enterprise_id, t.assignment_id))


def turn_counts(
    session: Session, question: Question, after: date, until: date, industry: str | None, post: str | None
) -> dict[date, tuple[int, int]]:
    """Count by day, after a day up to another, who became covered and who ceased to be: as `turns` lists them."""
    row, before = Standing, aliased(Standing)
    query = select(row.from_on, row.covered, func.count()).join(before, _before(row, before, question))
    query = query.where(*_here(question), row.from_on > after, row.from_on <= until, row.covered.in_((True, False)))
    query = query.where(before.covered != row.covered, *narrowing(Standing, industry, post))
    found: dict[date, tuple[int, int]] = {}
    for day, covered, count in session.execute(query.group_by(row.from_on, row.covered)):
        gained, lost = found.get(day, (0, 0))
        found[day] = (count, lost) if covered else (gained, count)
    return found


def _query(question: Question, wanted: Turning, after: str | None) -> Select[*tuple[Any, ...]]:
    row, before = Standing, aliased(Standing)
    order = (row.from_on, row.enterprise_id, row.assignment_id)
    who = (row.assignment_id, row.person_id, Person.name, Person.resident_id_masked.label("masked_id"))
    where = (row.enterprise_id, Enterprise.name.label("enterprise"), row.region, row.industry, row.post)
    query: Select[*tuple[Any, ...]] = select(row.from_on, *who, *where, row.waived, before.waived.label("was_waived"))
    query = query.join(before, _before(row, before, question)).join(Person, Person.id == row.person_id)
    query = query.join(Enterprise, Enterprise.id == row.enterprise_id).order_by(*order)
    gained = wanted.kind == "gained"
    query = query.where(*_here(question), row.covered.is_(gained), before.covered.is_(not gained))
    query = query.where(row.from_on >= wanted.from_on, row.from_on <= wanted.to_on)
    query = query.where(*narrowing(row, wanted.industry, wanted.post))
    if after is not None:
        last = (literal(part, column.type) for part, column in zip(_key(after), order, strict=True))
        query = query.where(tuple_(*order) > tuple_(*last))
    return query


def _before(row: type[Standing], before: Any, question: Question) -> ColumnElement[bool]:  # noqa: ANN401 - an alias
    """Join the span that stood just before."""
    return and_(
        before.assignment_id == row.assignment_id,
        before.plan_id == row.plan_id,
        before.until_on == row.from_on,
        visible(before, question.known_at),
    )


def _here(question: Question) -> list[ColumnElement[bool]]:
    """Give the conditions that a stored span is of the question: its plan and places, known then, on whatever day."""
    row = Standing
    return [row.plan_id == question.plan.id, visible(row, question.known_at), *question.here(row)]


def _told(session: Session, question: Question, wanted: Turning, rows: Sequence[Any]) -> list[Turn]:
    retakes = planned.retakes(session, question.known_at)
    done = records(session, {row.person_id for row in rows}, retakes, question.known_at)
    plan = planned.shaped(question.plan, question.parents)
    return [_turn(row, *_why(row, wanted.kind, plan, done[row.person_id])) for row in rows]


def _turn(row: Any, course: str, cause: str) -> Turn:  # noqa: ANN401 - a row of the query
    who = (row.assignment_id, row.person_id, row.name, row.masked_id, row.enterprise_id, row.enterprise)
    return Turn(row.from_on, *who, row.region, row.industry, row.post, course, cause)


def _why(row: Any, kind: Kind, plan: Any, record: Record) -> tuple[str, str]:  # noqa: ANN401 - a row of the query
    """Give the course and the cause of a turn, from what the person has done."""
    if kind == "gained":
        if row.waived:
            return "", WAIVED
        completed = {award.course for award in record.awards if award.completed_on == row.from_on}
        courses = rules.courses_on(plan, row.post, row.industry, row.from_on)
        return next((course for course in reversed(courses) if course in completed), ""), ""
    missing = rules.reasons(plan, row.post, row.industry, record, row.from_on)
    course, reason = (missing[0].course, missing[0].reason) if missing else ("", "")
    return course, WAIVER_ENDED if row.was_waived else reason


def _text(on: date, enterprise_id: int, assignment_id: int) -> str:
    return f"{on.isoformat()}.{enterprise_id}.{assignment_id}"


def _key(after: str) -> tuple[date, int, int]:
    try:
        on, enterprise, assignment = after.split(".")
        return iso_day(on), int(enterprise), int(assignment)
    except ValueError:
        raise no_such_page() from None
