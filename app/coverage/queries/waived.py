"""Who counts as covered by a waiver on a day: the assignment, and who waived it, until when and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.coverage.models import Standing, Waiver
from app.coverage.queries.asking import Ask, narrowing, resolve
from app.coverage.versions import visible
from app.kit.errors import forbidden
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.organisations.models import Enterprise, Person


@dataclass(frozen=True)
class WaivedRow:
    """A waiver in force and whom it covers; `until_on` is the first day on which it no longer applies."""

    waiver_id: int
    assignment_id: int
    person_id: int
    name: str
    enterprise_id: int
    enterprise: str
    post: str
    from_on: date
    until_on: date | None
    reason: str
    actor: str
    recorded_at: datetime


def waived(
    scope: Scope,
    session: Session,
    ask: Ask,
    today: date,
    now: datetime,
    *,
    industry: str | None = None,
    post: str | None = None,
    after: str | None = None,
    size: int = 50,
) -> Page[WaivedRow]:
    """List a page of the waivers in force, by enterprise; Problem 403 without personal data."""
    if not scope.personal:
        raise forbidden()
    question = resolve(scope, session, ask, today, now)
    row = Standing
    order = (row.enterprise_id, row.assignment_id, Waiver.id)
    query: Select[*tuple[Any, ...]] = (
        select(
            Waiver.id,
            row.assignment_id,
            row.person_id,
            Person.name,
            row.enterprise_id,
            Enterprise.name,
            row.post,
            Waiver.from_on,
            Waiver.until_on,
            Waiver.reason,
            Waiver.actor,
            Waiver.recorded_at,
        )
        .join(Person, Person.id == row.person_id)
        .join(Enterprise, Enterprise.id == row.enterprise_id)
        .join(Waiver, (Waiver.assignment_id == row.assignment_id) & (Waiver.plan_id == row.plan_id))
        .where(*question.spans(row), *narrowing(row, industry, post), row.waived.is_(True))
        .where(visible(Waiver, question.known_at))
        .where(Waiver.from_on <= question.on, or_(Waiver.until_on.is_(None), Waiver.until_on > question.on))
        .order_by(*order)
        .limit(size + 1)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(part) for part in numbers(after, 3))))
    rows = [WaivedRow(*values) for values in session.execute(query)]
    return page(rows, size, lambda r: f"{r.enterprise_id}.{r.assignment_id}.{r.waiver_id}")
