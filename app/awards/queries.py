"""Reads of awards: a person's certificates, what is held on a day, what the public may verify."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.awards.models import Award, Revocation
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow, VersionRow
from app.kit.batches import batched
from app.kit.errors import not_found
from app.kit.scope import Scope
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
    awards = session.scalars(
        select(Award).where(Award.person_id == person_id).order_by(Award.completed_on.desc(), Award.id.desc())
    )
    return _certificates(session, awards.all(), on)


def certificate(scope: Scope, session: Session, award_id: int, on: date) -> Certificate:
    """Give one certificate; Problem 404 when its holder is out of reach."""
    found = session.get(Award, award_id)
    if found is None:
        raise not_found()
    organisations.refuse_out_of_reach(scope, session, found.person_id)
    return _certificates(session, [found], on)[0]


def of_attempt(session: Session, attempt_id: int) -> int | None:
    """Give the id of the award that an exam attempt earned, if it did."""
    return session.scalar(select(Award.id).where(Award.attempt_id == attempt_id))


def by_token(session: Session, token: str, on: date) -> Certificate:
    """Give the certificate of a QR code's secret token, in full; Problem 404."""
    found = session.scalar(select(Award).where(Award.token == token))
    if found is None:
        raise not_found()
    return _certificates(session, [found], on)[0]


def by_number(session: Session, number: str, name: str, on: date) -> Certificate | None:
    """Give the certificate of a typed number, if the typed name is its holder's; None in both other cases."""
    found = session.scalar(select(Award).where(Award.number == _plain(number).upper()))
    if found is None or not same(_plain(found.holder_name), _plain(name)):
        return None
    return _certificates(session, [found], on)[0]


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


def _certificates(session: Session, awards: Iterable[Award], on: date) -> tuple[Certificate, ...]:
    listed = tuple(awards)
    ids = [award.id for award in listed]
    revoked: dict[int, Revocation] = {}
    for row in session.scalars(select(Revocation).where(Revocation.award_id.in_(ids)).order_by(Revocation.id)):
        known = revoked.get(row.award_id)
        revoked[row.award_id] = row if known is None or row.revoked_from < known.revoked_from else known
    people = session.execute(
        select(Person.id, Person.resident_id_masked).where(Person.id.in_({award.person_id for award in listed}))
    )
    masked = {row.id: row.resident_id_masked for row in people}
    retakes = catalogue.retakes(session) if listed else ()
    taken = {award.course_version_id for award in listed}
    versions = {version_id: catalogue.version(session, version_id) for version_id in taken}
    return tuple(
        _certificate(
            award,
            versions[award.course_version_id],
            masked[award.person_id],
            revoked.get(award.id),
            _state(award, revoked.get(award.id), retakes, on),
        )
        for award in listed
    )


def _certificate(
    award: Award, version: CourseVersionRow, masked: str, revocation: Revocation | None, state: str
) -> Certificate:
    return Certificate(
        id=award.id,
        number=award.number,
        token=award.token,
        person_id=award.person_id,
        holder_name=award.holder_name,
        holder_id=masked,
        course_code=award.course_code,
        course_title=version.title,
        version_number=award.version_number,
        completed_on=award.completed_on,
        valid_until=award.valid_until,
        mode=award.mode,
        origin=award.origin,
        score=award.score,
        hours=award.hours,
        provider=award.provider,
        reference=award.reference,
        recorded_at=award.recorded_at,
        state=state,
        revoked_from=revocation.revoked_from if revocation else None,
        revocation_reason=revocation.reason if revocation else "",
        session=_session(award.evidence) if award.origin == SESSION else None,
    )


def _session(evidence: Mapping[str, Any]) -> HeldSession:
    return HeldSession(str(evidence["place"]), str(evidence["trainer"]), int(evidence["minutes"]))


def _state(award: Award, revocation: Revocation | None, retakes: Iterable[VersionRow], on: date) -> str:
    if revocation is not None and revocation.revoked_from <= on:
        return REVOKED
    if any(
        _outdates(retake, award) and retake.retake_from is not None and retake.retake_from <= on for retake in retakes
    ):
        return OUTDATED
    return EXPIRED if award.valid_until is not None and award.valid_until <= on else VALID


def _outdates(version: VersionRow, award: Award) -> bool:
    return version.course_code == award.course_code and version.number > award.version_number
