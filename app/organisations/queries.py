"""Reads of organisations: enterprises with their dated facts, people, who is in reach.

Every read that serves a screen takes the caller's Scope first; what lies outside is not found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, false, func, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kit.batches import batched
from app.kit.errors import not_found
from app.kit.paging import Page, page
from app.kit.scope import Scope
from app.ops.listed import among
from app.ops.secrets import keyed_hash
from app.organisations.models import INTAKE, Declaration, Enterprise, EnterpriseFact, Person, PostAssignment, Region
from app.organisations.regions import RegionRow


@dataclass(frozen=True)
class EnterpriseRow:
    """An enterprise as known now."""

    id: int
    uscc: str
    name: str
    region: str


@dataclass(frozen=True)
class FactRow:
    """One attribute of an enterprise from a day on, as known now."""

    id: int
    enterprise_id: int
    attribute: str
    value: str
    effective_on: date


@dataclass(frozen=True)
class DeclarationRow:
    """An enterprise's word on who holds its posts."""

    kind: str
    declared_from: date
    confirmed_on: date
    head_count: int
    actor: str
    recorded_at: datetime


@dataclass(frozen=True)
class PersonRow:
    """A person with the ID masked."""

    id: int
    name: str
    masked_id: str
    has_phone: bool


def region(session: Session, code: str) -> RegionRow | None:
    """Find a region."""
    found = session.get(Region, code)
    return RegionRow(found.code, found.name, found.parent) if found else None


def enterprise_id(session: Session, uscc: str) -> int | None:
    """Find an enterprise's id by its code, whatever the scope."""
    return session.scalar(select(Enterprise.id).where(Enterprise.uscc == uscc.upper()))


def enterprise(scope: Scope, session: Session, enterprise_id: int) -> EnterpriseRow:
    """Read an enterprise in reach; 404 otherwise."""
    found = enterprises(scope, session, (enterprise_id,))
    if not found:
        raise not_found()
    return found[0]


def enterprise_by_uscc(scope: Scope, session: Session, uscc: str) -> EnterpriseRow:
    """Read an enterprise in reach by its code; 404 otherwise."""
    found = enterprise_id(session, uscc)
    if found is None:
        raise not_found()
    return enterprise(scope, session, found)


def enterprises(scope: Scope, session: Session, ids: Iterable[int]) -> tuple[EnterpriseRow, ...]:
    """Read those of some enterprises that are in reach, by id."""
    return _enterprises(session, *(and_(Enterprise.id.in_(batch), reach(scope)) for batch in batched(sorted(set(ids)))))


def enterprises_by_uscc(scope: Scope, session: Session, codes: Iterable[str]) -> tuple[EnterpriseRow, ...]:
    """Read those of some enterprises that are in reach, by code."""
    batches = batched(sorted(set(codes)))
    return _enterprises(session, *(and_(Enterprise.uscc.in_(batch), reach(scope)) for batch in batches))


def enterprises_named(
    scope: Scope, session: Session, text: str, after: str | None, size: int = 50
) -> Page[EnterpriseRow]:
    """Search enterprises in reach whose code is, or whose name contains, a text; paged by name and code."""
    sought = text.strip()
    query = select(Enterprise).where(reach(scope)).order_by(Enterprise.name, Enterprise.uscc).limit(size + 1)
    if sought:
        query = query.where(or_(Enterprise.uscc == sought.upper(), Enterprise.name.icontains(sought, autoescape=True)))
    if after:
        name, _, uscc = after.rpartition("|")
        query = query.where(or_(Enterprise.name > name, and_(Enterprise.name == name, Enterprise.uscc > uscc)))
    rows = [EnterpriseRow(e.id, e.uscc, e.name, e.region) for e in session.scalars(query)]
    return page(rows, size, lambda row: f"{row.name}|{row.uscc}")


def facts(session: Session, ids: Iterable[int]) -> dict[int, tuple[FactRow, ...]]:
    """Read what is known now of enterprises, by enterprise, in the order of days."""
    found: dict[int, list[FactRow]] = {i: [] for i in ids}
    for batch in batched(sorted(found)):
        rows = session.scalars(
            select(EnterpriseFact)
            .where(EnterpriseFact.enterprise_id.in_(batch), EnterpriseFact.superseded_at.is_(None))
            .order_by(EnterpriseFact.effective_on, EnterpriseFact.id)
        )
        for row in rows:
            kept = FactRow(row.id, row.enterprise_id, row.attribute, row.value, row.effective_on)
            found[row.enterprise_id].append(kept)
    return {key: tuple(rows_) for key, rows_ in found.items()}


def value_on(rows: Sequence[FactRow], attribute: str, on: date) -> str | None:
    """Give the value of an attribute in force on a day; None before its first day."""
    values = [row.value for row in rows if row.attribute == attribute and row.effective_on <= on]
    return values[-1] if values else None


def declarations(scope: Scope, session: Session, enterprise_id: int) -> tuple[DeclarationRow, ...]:
    """List an enterprise's declarations, the latest recorded first; 404 out of reach."""
    enterprise(scope, session, enterprise_id)
    rows = session.scalars(
        select(Declaration).where(Declaration.enterprise_id == enterprise_id).order_by(Declaration.recorded_at.desc())
    )
    return tuple(
        DeclarationRow(r.kind, r.declared_from, r.confirmed_on, r.head_count, r.actor, r.recorded_at) for r in rows
    )


def person(scope: Scope, session: Session, person_id: int) -> PersonRow:
    """Read a person in reach (the one they were merged into, where so); 404 otherwise."""
    found = people(scope, session, (resolved(session, person_id),))
    if not found:
        raise not_found()
    return found[0]


def refuse_out_of_reach(scope: Scope, session: Session, person_id: int) -> None:
    """Raise 404 unless a person is in reach; for reads of what other domains keep of them."""
    if scope.person is None or scope.person != person_id:
        person(scope, session, person_id)


def people(scope: Scope, session: Session, ids: Iterable[int]) -> tuple[PersonRow, ...]:
    """Read those of some people who are in reach, in the order asked for."""
    wanted = list(dict.fromkeys(ids))
    found: dict[int, PersonRow] = {}
    for batch in batched(wanted):
        for row in session.scalars(select(Person).where(Person.id.in_(batch), person_in_reach(scope))):
            found[row.id] = PersonRow(row.id, row.name, row.resident_id_masked, row.phone_hash is not None)
    return tuple(found[i] for i in wanted if i in found)


def people_by_id_or_phone(session: Session, identifier: str) -> tuple[int, ...]:
    """Find people by resident ID or phone number, whatever the scope: for sign-in; merged ones by their successor."""
    typed = identifier.strip().upper()
    last = session.scalar(select(func.max(Person.id))) or 0
    found = session.scalars(
        _named(keyed_hash(typed, "resident_id"), keyed_hash(typed, "phone")), {"ids": range(last // INTAKE + 1)}
    )
    return tuple(dict.fromkeys(resolved(session, person_id) for person_id in found))


def _named(id_hash: str, phone_hash: str) -> CompoundSelect[int]:
    """Select people by the hash of their ID, or of their phone: of the intakes bound as `ids`, and of none."""
    by_phone = select(Person.id).where(Person.phone_hash == phone_hash)
    return union_all(
        select(Person.id).where(Person.resident_id_hash == id_hash),
        by_phone.where(among(Person.intake)),
        by_phone.where(Person.intake.is_(None)),
    )


def resolved(session: Session, person_id: int) -> int:
    """Follow merges to the person who stands for this one."""
    following = session.scalar(select(Person.merged_into).where(Person.id == person_id))
    return person_id if following is None else resolved(session, following)


def in_regions(scope: Scope, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Say, in SQL, that a region of a table lies in reach as a whole."""
    return true() if scope.regions is None else column.in_(sorted(scope.regions))


def reach(scope: Scope) -> ColumnElement[bool]:
    """Say, in SQL, that an enterprise is in reach."""
    if scope.regions is None:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if scope.regions:
        conditions.append(Enterprise.region.in_(scope.regions))
    if scope.enterprises:
        conditions.append(Enterprise.id.in_(scope.enterprises))
    return or_(*conditions) if conditions else false()


def person_in_reach(scope: Scope) -> ColumnElement[bool]:
    """Say, in SQL, that a person is in reach: oneself, or somebody with a post at an enterprise in reach."""
    own = Person.id == scope.person if scope.person is not None else false()
    if not scope.personal:
        return own
    if scope.regions is None:
        return true()
    employed = exists().where(
        PostAssignment.person_id == Person.id,
        PostAssignment.enterprise_id == Enterprise.id,
        PostAssignment.void.is_(False),
        reach(scope),
    )
    return or_(own, employed)


def _enterprises(session: Session, *conditions: ColumnElement[bool]) -> tuple[EnterpriseRow, ...]:
    found = [e for condition in conditions for e in session.scalars(select(Enterprise).where(condition))]
    return tuple(EnterpriseRow(e.id, e.uscc, e.name, e.region) for e in found)
