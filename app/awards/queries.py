"""Reads of awards: a person's certificates, what is held on a day, what the public may verify."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Row, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

from app.awards.models import Award, Revocation
from app.catalogue import queries as catalogue
from app.catalogue.models import CourseVersion
from app.catalogue.queries import VersionRow
from app.kit.batches import batched
from app.kit.errors import not_found
from app.kit.scope import Scope
from app.ops.prepared import Values, run
from app.ops.secrets import same
from app.organisations import queries as organisations
from app.organisations.models import Person

VALID, EXPIRED, OUTDATED, REVOKED = "valid", "expired", "outdated", "revoked"
EXAM, SESSION = "exam", "session"


@dataclass(frozen=True)
class HeldSession:
    """The session held in person that a certificate was earned in, as its evidence has it."""

    place: str
    trainer: str
    minutes: int


@dataclass(frozen=True)
class Certificate:
    """An award as its certificate shows it. `valid_until` is the first invalid day; `state` is as of the day asked for.

    state: valid, expired, outdated (a newer version asks everybody to train again) or revoked.
    """

    id: int
    number: str
    token: str
    person_id: int
    holder_name: str
    holder_id: str
    course_code: str
    course_title: str
    version_number: int
    completed_on: date
    valid_until: date | None
    mode: str
    origin: str
    score: float | None
    hours: float | None
    provider: str
    reference: str
    recorded_at: datetime
    state: str
    revoked_from: date | None
    revocation_reason: str
    session: HeldSession | None = None

    @property
    def valid(self) -> bool:
        """Say whether it is held on the day asked for."""
        return self.state == VALID


def of_person(scope: Scope, session: Session, person_id: int, on: date) -> tuple[Certificate, ...]:
    """List a person's certificates, newest first, with their state on a day; Problem 404 out of reach."""
    organisations.refuse_out_of_reach(scope, session, person_id)
    return _certificates(session, _OF_PERSON, {"person_id": person_id}, on)


def certificate(scope: Scope, session: Session, award_id: int, on: date) -> Certificate:
    """Give one certificate; Problem 404 when its holder is out of reach."""
    found = _certificates(session, _BY_ID, {"award_id": award_id}, on)
    if not found:
        raise not_found()
    organisations.refuse_out_of_reach(scope, session, found[0].person_id)
    return found[0]


def of_attempt(session: Session, attempt_id: int) -> int | None:
    """Give the id of the award that an exam attempt earned, if it did."""
    return session.scalar(select(Award.id).where(Award.attempt_id == attempt_id))


def by_token(session: Session, token: str, on: date) -> Certificate:
    """Give the certificate of a QR code's secret token, in full; Problem 404."""
    found = _certificates(session, _BY_TOKEN, {"award_token": token}, on)
    if not found:
        raise not_found()
    return found[0]


def by_number(session: Session, number: str, name: str, on: date) -> Certificate | None:
    """Give the certificate of a typed number, if the typed name is its holder's; None in both other cases."""
    found = _certificates(session, _BY_NUMBER, {"award_number": _plain(number).upper()}, on)
    if not found or not same(_plain(found[0].holder_name), _plain(name)):
        return None
    return found[0]


def _plain(text: str) -> str:
    """Give text without spaces and full-width forms, as people type it on a phone."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def held(certificates: Iterable[Certificate], course_code: str) -> Certificate | None:
    """Give the certificate, out of a person's, by which they hold a course: the valid one that lasts longest."""
    valid = [found for found in certificates if found.course_code == course_code and found.valid]
    return max(valid, key=lambda found: (found.valid_until or date.max, found.id), default=None)


def last_exam(certificates: Iterable[Certificate], course_code: str) -> datetime | None:
    """Give when a person last earned an award of a course here: what they learned up to then is used up by it."""
    exams = [found.recorded_at for found in certificates if found.course_code == course_code and found.origin == EXAM]
    return max(exams, default=None)


def last_exams(session: Session, person_ids: Iterable[int]) -> dict[tuple[int, str], datetime]:
    """Give when each of some people last earned an award of each course here: `last_exam` for lists."""
    found: dict[tuple[int, str], datetime] = {}
    for batch in batched(sorted(set(person_ids))):
        rows = session.execute(
            select(Award.person_id, Award.course_code, Award.recorded_at)
            .where(Award.person_id.in_(batch), Award.origin == EXAM)
            .order_by(Award.recorded_at)
        )
        found.update({(person_id, course): at for person_id, course, at in rows})
    return found


def holders(session: Session, course_code: str) -> int:
    """Count the people who ever earned an award of a course."""
    return session.scalar(select(func.count(Award.person_id.distinct())).where(Award.course_code == course_code)) or 0


_CERTIFICATES = (
    select(
        Award.id,
        Award.number,
        Award.token,
        Award.person_id,
        Award.holder_name,
        Person.resident_id_masked.label("holder_id"),
        Award.course_code,
        CourseVersion.title.label("course_title"),
        Award.version_number,
        Award.completed_on,
        Award.valid_until,
        Award.mode,
        Award.origin,
        Award.score,
        Award.hours,
        Award.provider,
        Award.reference,
        Award.recorded_at,
        Revocation.revoked_from,
        Revocation.reason,
        type_coerce(case((Award.origin == SESSION, Award.evidence)), JSON).label("held"),
    )
    .join(Person, Person.id == Award.person_id)
    .join(CourseVersion, CourseVersion.id == Award.course_version_id)
    .outerjoin(Revocation, Revocation.award_id == Award.id)
    .order_by(Award.completed_on.desc(), Award.id.desc(), Revocation.revoked_from, Revocation.id)
)
"""Each award with its holder, its course, and its revocations, of which the first is in force the longest."""
_OF_PERSON = _CERTIFICATES.where(Award.person_id == bindparam("person_id"))
_BY_ID = _CERTIFICATES.where(Award.id == bindparam("award_id"))
_BY_TOKEN = _CERTIFICATES.where(Award.token == bindparam("award_token"))
_BY_NUMBER = _CERTIFICATES.where(Award.number == bindparam("award_number"))


def _certificates(session: Session, query: Executable, values: Values, on: date) -> tuple[Certificate, ...]:
    rows = run(session, query, values).all()
    retakes = catalogue.retakes(session) if rows else ()
    found: dict[int, Certificate] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = _certificate(row, retakes, on)
    return tuple(found.values())


def _certificate(row: Row[*tuple[Any, ...]], retakes: Iterable[VersionRow], on: date) -> Certificate:
    *award, revoked_from, reason, held = row
    told = _state(row, retakes, on), revoked_from, reason or "", None if held is None else _session(held)
    return Certificate(*(*award, *told))


def _session(evidence: Mapping[str, Any]) -> HeldSession:
    return HeldSession(str(evidence["place"]), str(evidence["trainer"]), int(evidence["minutes"]))


def _state(award: Row[*tuple[Any, ...]], retakes: Iterable[VersionRow], on: date) -> str:
    if award.revoked_from is not None and award.revoked_from <= on:
        return REVOKED
    if any(
        _outdates(retake, award) and retake.retake_from is not None and retake.retake_from <= on for retake in retakes
    ):
        return OUTDATED
    return EXPIRED if award.valid_until is not None and award.valid_until <= on else VALID


def _outdates(version: VersionRow, award: Row[*tuple[Any, ...]]) -> bool:
    return bool(version.course_code == award.course_code and version.number > award.version_number)
