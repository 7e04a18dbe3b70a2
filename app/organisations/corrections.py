"""Commands: correct a person's name or resident ID, and unite two records of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.errors import Problem, not_found
from app.ops.i18n import N_
from app.ops.secrets import decrypt, encrypt
from app.organisations import persons, staffing
from app.organisations.models import Person, PersonCorrection, PersonMerge
from app.organisations.staffing import Held


@dataclass(frozen=True)
class Why:
    """Who corrects, and why."""

    reason: str
    actor: str


@dataclass(frozen=True)
class United:
    """The assignments that change when people are united, and which one each void one went into."""

    amended: tuple[Held, ...]
    into: dict[int, int]


def owner_of(session: Session, resident_id: str) -> int | None:
    """Find the person recorded under a resident ID (the one they were merged into, where so)."""
    hashed = persons.id_hash(resident_id)
    found = persons.known_people(session, (hashed,)).get(hashed)
    return found.id if found else None


def resident_id(session: Session, person_id: int) -> str:
    """Give a person's whole resident ID; the caller checks the right to see it, and records the look."""
    return decrypt(_person(session, person_id).resident_id_sealed, "resident_id")


def correct_name(session: Session, person_id: int, name: str, why: Why, recorded_at: datetime) -> None:
    """Correct a person's name; the former one is kept, sealed."""
    person = _person(session, person_id)
    session.add(_correction(person, "name", encrypt(person.name, "name"), why, recorded_at))
    person.name = name
    session.flush()


def correct_id(session: Session, person_id: int, resident_id: str, why: Why, recorded_at: datetime) -> None:
    """Correct a person's resident ID to one under which nobody is recorded; the former one is kept, sealed."""
    person = _person(session, person_id)
    session.add(_correction(person, "resident_id", person.resident_id_sealed, why, recorded_at))
    person.resident_id_sealed = encrypt(resident_id, "resident_id")
    person.resident_id_hash = persons.id_hash(resident_id)
    person.resident_id_masked = persons.masked(resident_id)
    session.flush()


def merge(session: Session, source_id: int, target_id: int, why: Why, recorded_at: datetime) -> United:
    """Unite two records: `source` stands for `target` from now on, who takes over their assignments and phone."""
    source, target = _person(session, source_id), _person(session, target_id)
    if source.id == target.id:
        raise Problem(422, "merge_self", N_("These are the same record already."))
    source.merged_into = target.id
    if target.phone_hash is None:
        target.phone_sealed, target.phone_hash = source.phone_sealed, source.phone_hash
    session.add(
        PersonMerge(
            source_id=source.id, target_id=target.id, reason=why.reason, actor=why.actor, recorded_at=recorded_at
        )
    )
    session.flush()
    united = unite(staffing.held_by(session, (source.id, target.id)), target.id)
    staffing.amend(session, united.amended, recorded_at)
    return united


def unite(held: Iterable[Held], person_id: int) -> United:
    """Unite what two people hold: overlapping assignments of one post become one, from the first day to the last.

    Of those the one that was the person's own stays, else the oldest; the others become void.
    """
    posts: dict[tuple[int, str], list[Held]] = {}
    for one in held:
        posts.setdefault((one.enterprise_id, one.post), []).append(one)
    amended: list[Held] = []
    into: dict[int, int] = {}
    for rows in posts.values():
        for cluster in _clusters(rows):
            kept = min(cluster, key=lambda one: (one.person_id != person_id, one.id))
            ends = [one.ends_on for one in cluster]
            after = kept._replace(
                person_id=person_id,
                starts_on=min(one.starts_on for one in cluster),
                ends_on=None if None in ends else max(end for end in ends if end is not None),
            )
            voided = [one._replace(person_id=person_id, void=True) for one in cluster if one is not kept]
            into |= {one.id: kept.id for one in voided}
            amended += [*([after] if after != kept else []), *voided]
    return United(tuple(amended), into)


def _clusters(rows: Iterable[Held]) -> list[list[Held]]:
    """Group assignments of one post that overlap, directly or through others."""
    clusters: list[list[Held]] = []
    reached = date.min
    for one in sorted(rows, key=lambda row: row.starts_on):
        if clusters and one.starts_on < reached:
            clusters[-1].append(one)
        else:
            clusters.append([one])
            reached = date.min
        reached = max(reached, one.ends_on or date.max)
    return clusters


def _person(session: Session, person_id: int) -> Person:
    person = session.scalar(select(Person).where(Person.id == person_id, Person.merged_into.is_(None)))
    if person is None:
        raise not_found()
    return person


def _correction(person: Person, field: str, former: bytes, why: Why, recorded_at: datetime) -> PersonCorrection:
    return PersonCorrection(
        person_id=person.id,
        field=field,
        former_sealed=former,
        reason=why.reason,
        actor=why.actor,
        recorded_at=recorded_at,
    )
