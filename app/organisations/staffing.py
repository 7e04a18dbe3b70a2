"""Bulk commands for people and their post assignments, and the lookups that imports decide by.

Each change to an assignment also writes its recorded version, so that what was known can be told later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.kit.batches import batched
from app.ops.secrets import decrypt, encrypt, keyed_hash
from app.organisations.models import Person, PersonCorrection, PostAssignment, PostAssignmentVersion


@dataclass(frozen=True)
class NewPerson:
    """A human being to enter."""

    name: str
    resident_id: str
    phone: str | None = None


@dataclass(frozen=True)
class KnownPerson:
    """A person as an import meets them: found by ID, named, with the phone's hash."""

    id: int
    name: str
    phone_hash: str | None


@dataclass(frozen=True)
class Held:
    """A post assignment; id 0 is not stored yet. `ends_on` None is open; `void` counts nowhere."""

    id: int
    person_id: int
    enterprise_id: int
    post: str
    trade: str
    starts_on: date
    ends_on: date | None
    void: bool = False

    def in_post(self, on: date) -> bool:
        """Say whether the post is held on a day."""
        return not self.void and self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def overlaps(self, starts_on: date, ends_on: date | None) -> bool:
        """Say whether this shares a day with [starts_on, ends_on)."""
        begins_before = ends_on is None or self.starts_on < ends_on
        return not self.void and begins_before and (self.ends_on is None or starts_on < self.ends_on)


def id_hash(resident_id: str) -> str:
    """Give the keyed hash by which a resident ID is found."""
    return keyed_hash(resident_id.upper(), "resident_id")


def masked(resident_id: str) -> str:
    """Hide all but the first and last four characters of a resident ID."""
    return resident_id[:4] + "**********" + resident_id[-4:].upper()


def phone_hash(phone: str) -> str:
    """Give the keyed hash by which a phone number is found."""
    return keyed_hash(phone, "phone")


def known_people(session: Session, hashes: Iterable[str]) -> dict[str, KnownPerson]:
    """Find people by the hashes of their IDs; a merged one stands for the person they were merged into."""
    found: dict[str, KnownPerson] = {}
    columns = Person.resident_id_hash, Person.id, Person.name, Person.phone_hash, Person.merged_into
    for batch in batched(sorted(set(hashes))):
        for hashed, number, name, phone, merged in session.execute(
            select(*columns).where(Person.resident_id_hash.in_(batch))
        ):
            found[hashed] = KnownPerson(number, name, phone) if merged is None else _successor(session, merged)
    return found


def _successor(session: Session, person_id: int) -> KnownPerson:
    row = session.get_one(Person, person_id)
    return (
        KnownPerson(row.id, row.name, row.phone_hash)
        if row.merged_into is None
        else _successor(session, row.merged_into)
    )


def corrected_names(session: Session, hashes: Iterable[str]) -> dict[str, str]:
    """Give the names of those whose ID once was another, by the hash of that one; corrections are few."""
    wanted = set(hashes)
    rows = session.execute(
        select(PersonCorrection.former_sealed, Person.name)
        .join(Person, Person.id == PersonCorrection.person_id)
        .where(PersonCorrection.field == "resident_id")
    )
    found = {id_hash(decrypt(sealed, "resident_id")): name for sealed, name in rows}
    return {hashed: name for hashed, name in found.items() if hashed in wanted}


def names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Give people's names."""
    found: dict[int, str] = {}
    for batch in batched(sorted(set(person_ids))):
        found.update(session.execute(select(Person.id, Person.name).where(Person.id.in_(batch))).all())
    return found


def enrol(session: Session, people: Sequence[NewPerson], now: datetime) -> list[int]:
    """Enter people; gives their ids in the same order."""
    values = [
        {
            "name": one.name,
            "resident_id_sealed": encrypt(one.resident_id.upper(), "resident_id"),
            "resident_id_hash": id_hash(one.resident_id),
            "resident_id_masked": masked(one.resident_id),
            "phone_sealed": encrypt(one.phone, "phone") if one.phone else None,
            "phone_hash": phone_hash(one.phone) if one.phone else None,
            "created_at": now,
        }
        for one in people
    ]
    statement = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, values)) if values else []


def set_phones(session: Session, phones: dict[int, str]) -> None:
    """Set people's phone numbers, by person id."""
    if phones:
        values = [
            {"of": person_id, "sealed": encrypt(phone, "phone"), "hashed": phone_hash(phone)}
            for person_id, phone in phones.items()
        ]
        session.connection().execute(
            update(Person)
            .where(Person.id == bindparam("of"))
            .values(phone_sealed=bindparam("sealed"), phone_hash=bindparam("hashed")),
            values,
        )


def held_at(session: Session, enterprise_ids: Iterable[int], person_ids: Iterable[int] | None = None) -> list[Held]:
    """Read the assignments at some enterprises (of some people only, when named); void ones are left out."""
    held = PostAssignment
    found: list[Held] = []
    enterprises = set(enterprise_ids)
    if person_ids is None:
        for batch in batched(sorted(enterprises)):
            found += _held(session, select(held).where(held.enterprise_id.in_(batch), held.void.is_(False)))
        return found
    for batch in batched(sorted(set(person_ids))):
        rows = _held(session, select(held).where(held.person_id.in_(batch), held.void.is_(False)))
        found += [row for row in rows if row.enterprise_id in enterprises]
    return found


def held_by(session: Session, person_ids: Iterable[int]) -> list[Held]:
    """Read all assignments of some people; void ones are left out."""
    found: list[Held] = []
    for batch in batched(sorted(set(person_ids))):
        query = select(PostAssignment).where(PostAssignment.person_id.in_(batch), PostAssignment.void.is_(False))
        found += _held(session, query)
    return found


def _held(session: Session, query: Any) -> list[Held]:  # noqa: ANN401 - a select of assignments
    columns = PostAssignment
    rows = session.execute(
        query.with_only_columns(
            columns.id,
            columns.person_id,
            columns.enterprise_id,
            columns.post,
            columns.trade,
            columns.starts_on,
            columns.ends_on,
        ).order_by(columns.id)
    )
    return [Held(*row) for row in rows]


def assign(session: Session, rows: Sequence[Held], recorded_at: datetime) -> list[Held]:
    """Enter assignments; gives them with their ids, in the same order."""
    if not rows:
        return []
    statement = insert(PostAssignment).returning(PostAssignment.id, sort_by_parameter_order=True)
    values = [_values(row) | {"trade": row.trade, "recorded_at": recorded_at} for row in rows]
    ids = list(session.scalars(statement, values))
    stored = [replace(row, id=new) for row, new in zip(rows, ids, strict=True)]
    _write_versions(session, stored, recorded_at)
    return stored


def amend(session: Session, rows: Sequence[Held], recorded_at: datetime) -> None:
    """Change stored assignments to what `rows` say: person, trade, days, void."""
    if not rows:
        return
    session.connection().execute(
        update(PostAssignment)
        .where(PostAssignment.id == bindparam("of"))
        .values(
            person_id=bindparam("person_id"),
            trade=bindparam("trade"),
            starts_on=bindparam("starts_on"),
            ends_on=bindparam("ends_on"),
            void=bindparam("void"),
            recorded_at=bindparam("at"),
        ),
        [
            {
                "of": row.id,
                "person_id": row.person_id,
                "trade": row.trade,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "void": row.void,
                "at": recorded_at,
            }
            for row in rows
        ],
    )
    version = PostAssignmentVersion
    for batch in batched([row.id for row in rows]):
        known = version.assignment_id.in_(batch), version.superseded_at.is_(None)
        session.execute(update(version).where(*known).values(superseded_at=recorded_at))
    _write_versions(session, rows, recorded_at)


def _write_versions(session: Session, rows: Sequence[Held], recorded_at: datetime) -> None:
    session.execute(
        insert(PostAssignmentVersion),
        [_values(row) | {"assignment_id": row.id, "recorded_at": recorded_at, "superseded_at": None} for row in rows],
    )


def _values(row: Held) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "enterprise_id": row.enterprise_id,
        "post": row.post,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "void": row.void,
    }
