"""Who is missing, and why: people in required posts that are not covered, on a day, as known at an instant."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, literal, select, tuple_
from sqlalchemy.orm import Session

from app.coverage import gather, rules
from app.coverage.models import Standing
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.records import records
from app.coverage.rules import Missing
from app.kit.errors import Problem, forbidden
from app.kit.paging import Page, page
from app.kit.scope import Scope
from app.ops.i18n import N_
from app.organisations.models import Enterprise, Person

BATCH = 500


@dataclass(frozen=True)
class MissingRow:
    """A person in a required post who is not covered: where, in which post, and the courses missing in plan order.

    `since` is the day from which the post has stood uncovered in its place without a break.
    """

    assignment_id: int
    person_id: int
    name: str
    resident_id_masked: str
    enterprise_id: int
    uscc: str
    enterprise: str
    region: str
    industry: str
    post: str
    since: date
    missing: tuple[Missing, ...]

    @property
    def reason(self) -> str:
        """Give the reason under which the assignment is counted: that of the first missing course."""
        return self.missing[0].reason


@dataclass(frozen=True)
class MissingFilter:
    """Whom to list: of a post, under a reason, by part of the name, in an industry."""

    post: str | None = None
    reason: str | None = None
    name: str = ""
    industry: str | None = None


def missing(
    scope: Scope,
    session: Session,
    ask: Ask,
    only: MissingFilter,
    today: date,
    now: datetime,
    *,
    after: str | None = None,
    size: int = 50,
) -> Page[MissingRow]:
    """List a page of who is missing, by enterprise, then post in plan order; Problem 403 without personal data."""
    question = _question(scope, session, ask, today, now)
    found: list[MissingRow] = []
    for row in _reasoned(session, question, only, after, max(size + 1, BATCH if only.reason else 0)):
        if only.reason in {None, row.reason}:
            found.append(row)
        if len(found) > size:
            break
    positions = _positions(question)
    return page(found, size, lambda row: f"{row.enterprise_id}.{positions.get(row.post, 99)}.{row.assignment_id}")


def all_missing(session: Session, question: Question) -> tuple[MissingRow, ...]:
    """List everybody who is missing in the places of a resolved question, in the order of `missing`."""
    return tuple(_reasoned(session, question, MissingFilter(), None, BATCH))


def reason_counts(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> dict[str, int]:
    """Count who is missing by the reason they are counted under; the work grows with their number."""
    question = resolve(scope, session, ask, today, now)
    counts = Counter(row.reason for row in _reasoned(session, question, MissingFilter(), None, BATCH))
    return {reason: counts[reason] for reason in rules.REASONS if counts[reason]}


@dataclass(frozen=True)
class AssignmentStanding:
    """What an assignment is worth in a plan on a day; `missing` is empty where it is covered."""

    covered: bool
    waived: bool
    missing: tuple[Missing, ...]


def of_assignments(
    scope: Scope, session: Session, ask: Ask, ids: Collection[int], today: date, now: datetime
) -> dict[int, AssignmentStanding]:
    """Give the standing of assignments (a page of them); those not required on the day are left out."""
    question = _question(scope, session, ask, today, now)
    row = Standing
    query = select(row.assignment_id, row.person_id, row.post, row.industry, row.covered, row.waived)
    rows = session.execute(query.where(row.assignment_id.in_(ids), *question.spans(row))).all()
    reasons = _reasons(session, question, [r for r in rows if not r.covered])
    return {r.assignment_id: AssignmentStanding(r.covered, r.waived, reasons.get(r.assignment_id, ())) for r in rows}


def _question(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> Question:
    if not scope.personal:
        raise forbidden()
    return resolve(scope, session, ask, today, now)


def _reasoned(
    session: Session, question: Question, only: MissingFilter, after: str | None, size: int
) -> Iterator[MissingRow]:
    """Give who is missing with their reasons, reading so many at a time."""
    positions = _positions(question)
    while True:
        rows = session.execute(_query(question, only, positions, after).limit(size)).all()
        reasons = _reasons(session, question, rows)
        for row in rows:
            if reasons[row.assignment_id]:
                yield MissingRow(**row._mapping, missing=reasons[row.assignment_id])  # noqa: SLF001 - public, despite its name
        if len(rows) < size:
            return
        last = rows[-1]
        after = f"{last.enterprise_id}.{positions.get(last.post, 99)}.{last.assignment_id}"


def _positions(question: Question) -> dict[str, int]:
    return {post.code: position for position, post in enumerate(question.plan.posts)}


def _query(
    question: Question, only: MissingFilter, positions: Mapping[str, int], after: str | None
) -> Select[*tuple[Any, ...]]:
    row = Standing
    order = (row.enterprise_id, case(positions, value=row.post, else_=99), row.assignment_id)
    who = (row.assignment_id, row.person_id, Person.name, Person.resident_id_masked)
    where = (row.enterprise_id, Enterprise.uscc, Enterprise.name.label("enterprise"), row.region, row.industry)
    query: Select[*tuple[Any, ...]] = select(*who, *where, row.post, row.from_on.label("since"))
    query = query.join(Person, Person.id == row.person_id).join(Enterprise, Enterprise.id == row.enterprise_id)
    query = query.where(*question.spans(row), row.covered.is_(False)).order_by(*order)
    if only.post is not None:
        query = query.where(row.post == only.post)
    if only.industry is not None:
        query = query.where(row.industry == only.industry)
    if only.name.strip():
        query = query.where(Person.name.contains(only.name.strip(), autoescape=True))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(part) for part in _key(after))))
    return query


def _key(after: str) -> tuple[int, ...]:
    try:
        enterprise, position, assignment = (int(part) for part in after.split("."))
    except ValueError:
        raise Problem(422, "page_key", N_("This page of the list does not exist. Start at its beginning.")) from None
    return enterprise, position, assignment


def _reasons(session: Session, question: Question, rows: Sequence[Any]) -> dict[int, tuple[Missing, ...]]:
    """Give the missing courses of uncovered assignments by assignment, from the facts as then known."""
    retakes = gather.retakes(session, question.known_at)
    done = records(session, {row.person_id for row in rows}, retakes, question.known_at)
    plan = gather.shaped(question.plan, question.parents)
    return {
        row.assignment_id: rules.reasons(plan, row.post, row.industry, done[row.person_id], question.on) for row in rows
    }
