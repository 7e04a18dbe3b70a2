"""Reads enterprises, post assignments and waivers, now or as known at an instant, shaped for the pure rules."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.coverage.facts import Assignment, Declaration, EnterpriseTimeline, Waiver
from app.coverage.models import Waiver as WaiverRow
from app.coverage.prepared import KNOWN_AT, MANY, asked, run
from app.coverage.status import Hold
from app.coverage.versions import visible
from app.kit.batches import batched
from app.kit.dates import NEVER
from app.ops.listed import among
from app.organisations.models import Declaration as DeclarationRow
from app.organisations.models import EnterpriseFact, PostAssignment, PostAssignmentVersion


def timelines(
    session: Session, enterprises: Collection[int], known_at: datetime | None = None
) -> dict[int, EnterpriseTimeline]:
    """Give the dated facts of enterprises; one of which nothing is known has an empty timeline."""
    values: dict[int, dict[str, list[tuple[date, str]]]] = {enterprise: {} for enterprise in enterprises}
    for chunk in batched(enterprises, MANY):
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
    for chunk in batched(ids, MANY):
        for id, person, enterprise, post, starts_on, ends_on in run(session, _assignments(), asked(chunk)).all():
            found.append(Assignment(id, person, enterprise, post, starts_on, ends_on or NEVER))
    return found


@cache
def _assignments() -> Select[*tuple[Any, ...]]:
    row = PostAssignment
    query = select(row.id, row.person_id, row.enterprise_id, row.post, row.starts_on, row.ends_on)
    return query.where(among(row.id), row.void.is_(False))


def assignments_of(session: Session, person: int, known_at: datetime | None) -> list[Assignment]:
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
    query = query.where(row.person_id == bindparam("person"), row.void.is_(False), known)
    return query.order_by(row.starts_on, row.assignment_id)


def holds(session: Session, enterprises: Collection[int]) -> dict[int, list[Hold]]:
    """Give who holds which post when at each enterprise."""
    found: dict[int, list[Hold]] = {enterprise: [] for enterprise in enterprises}
    for chunk in batched(enterprises, MANY):
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
    for chunk in batched(enterprises, MANY):
        for enterprise, declared_from, confirmed_on in run(session, _declarations(), asked(chunk)).all():
            found[enterprise].append(Declaration(declared_from, confirmed_on))
    return found


@cache
def _declarations() -> Select[*tuple[Any, ...]]:
    row = DeclarationRow
    return select(row.enterprise_id, row.declared_from, row.confirmed_on).where(among(row.enterprise_id))


def waivers(session: Session, ids: Collection[int]) -> dict[tuple[int, int], tuple[Waiver, ...]]:
    """Give the waivers of assignments that hold now, by (plan, assignment)."""
    found: dict[tuple[int, int], tuple[Waiver, ...]] = {}
    for chunk in batched(ids, MANY):
        rows = run(session, _waivers(), asked(chunk))
        for plan, assignment, from_on, until_on in rows:
            found[plan, assignment] = (*found.get((plan, assignment), ()), Waiver(from_on, until_on or NEVER))
    return found


@cache
def _waivers() -> Select[*tuple[Any, ...]]:
    row = WaiverRow
    query = select(row.plan_id, row.assignment_id, row.from_on, row.until_on)
    return query.where(among(row.assignment_id), visible(row, None))
