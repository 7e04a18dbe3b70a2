"""People as imports meet them: found by the hash of their ID, named, entered in bulk, with their phone numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from app.kit.batches import batched
from app.ops import bulk
from app.ops.listed import CODES, among
from app.ops.prepared import run
from app.ops.secrets import decrypt, encrypt, keyed_hash
from app.organisations.models import INTAKE, Person, PersonCorrection


@dataclass(frozen=True)
class NewPerson:
    """A human being to enter."""

    name: str
    resident_id: str
    id_hash: str
    phone: str | None = None


@dataclass(frozen=True)
class KnownPerson:
    """A person as an import meets them: found by ID, named, with the phone's hash."""

    id: int
    name: str
    phone_hash: str | None


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
    for batch in batched(sorted(set(hashes)), 2000):
        for hashed, number, name, phone, merged in run(session, _by_hash(), {"codes": batch}):
            found[hashed] = KnownPerson(number, name, phone) if merged is None else _successor(session, merged)
    return found


@cache
def _by_hash() -> Select[*tuple[Any, ...]]:
    columns = Person.resident_id_hash, Person.id, Person.name, Person.phone_hash, Person.merged_into
    return select(*columns).where(among(Person.resident_id_hash, CODES))


def _successor(session: Session, person_id: int) -> KnownPerson:
    row = session.get_one(Person, person_id)
    return (
        KnownPerson(row.id, row.name, row.phone_hash)
        if row.merged_into is None
        else _successor(session, row.merged_into)
    )


def corrected_names(session: Session, hashes: Iterable[str]) -> dict[str, str]:
    """Give the names of those whose ID once was another, by the hash of that one; corrections are few.

    Names are asked for apart: joined, SQLite would walk all people to find that nobody was corrected.
    """
    wanted = set(hashes)
    row = PersonCorrection
    rows = session.execute(select(row.former_sealed, row.person_id).where(row.field == "resident_id").order_by(row.id))
    former = {id_hash(decrypt(sealed, "resident_id")): person_id for sealed, person_id in rows}
    found = {hashed: person_id for hashed, person_id in former.items() if hashed in wanted}
    called = names(session, found.values())
    return {hashed: called[person_id] for hashed, person_id in found.items()}


def names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Give people's names."""
    found: dict[int, str] = {}
    for batch in batched(sorted(set(person_ids))):
        found.update(session.execute(select(Person.id, Person.name).where(Person.id.in_(batch))).all())
    return found


def enrol(session: Session, people: Sequence[NewPerson], now: datetime) -> list[int]:
    """Enter people; gives their ids in the same order."""
    ids = bulk.new_ids(session, Person, len(people))
    values = [
        {
            "id": id,
            "name": one.name,
            "resident_id_sealed": encrypt(one.resident_id.upper(), "resident_id"),
            "resident_id_hash": one.id_hash,
            "resident_id_masked": masked(one.resident_id),
            "phone_sealed": encrypt(one.phone, "phone") if one.phone else None,
            "phone_hash": phone_hash(one.phone) if one.phone else None,
            "created_at": now,
            "intake": id // INTAKE,
        }
        for id, one in zip(ids, people, strict=True)
    ]
    bulk.append(session, Person, values)
    return ids


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
