"""Commands of awards: record what was earned here or elsewhere, revoke."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.awards.models import Award, Revocation
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.kit.dates import add_months
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_
from app.ops.secrets import random_token

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not mistaken for each other when read aloud or typed."""
ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True)
class AwardRecord:
    """Training completed elsewhere. `valid_until` is the first invalid day; None: as the course version says."""

    person_id: int
    course_code: str
    completed_on: date
    holder_name: str
    valid_until: date | None = None
    mode: str = OFFLINE
    score: float | None = None
    hours: float | None = None
    provider: str = ""
    reference: str = ""


@dataclass(frozen=True)
class ExamPassed:
    """An exam passed here; `evidence` says from what the award can be worked out again."""

    person_id: int
    holder_name: str
    version: CourseVersionRow
    attempt_id: int
    completed_on: date
    score: float
    evidence: Mapping[str, Any] = field(default_factory=dict)


def award_exam(session: Session, passed: ExamPassed, recorded_at: datetime) -> int:
    """Make the award of a passed exam and give its id; the course version stamps its validity and hours."""
    return award_exams(session, [passed], recorded_at)[0]


def award_exams(session: Session, passed: Sequence[ExamPassed], recorded_at: datetime) -> list[int]:
    """Make the awards of passed exams, in bulk; gives their ids in the same order."""
    rows = [_earned(one, recorded_at) for one in passed]
    return _inserted(session, rows) if rows else []


def _inserted(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    """Insert awards past the mapper, which takes longer than the database; gives their ids in the same order."""
    session.flush()
    return list(session.connection().execute(INSERT, rows).scalars())


INSERT = insert(Award).returning(Award.id, sort_by_parameter_order=True)


def _earned(passed: ExamPassed, recorded_at: datetime) -> dict[str, Any]:
    return _values(passed.version, passed.completed_on, None) | {
        "person_id": passed.person_id,
        "recorded_person_id": passed.person_id,
        "holder_name": passed.holder_name,
        "mode": ONLINE,
        "origin": "exam",
        "score": passed.score,
        "hours": passed.version.hours,
        "provider": "",
        "reference": "",
        "attempt_id": passed.attempt_id,
        "evidence": dict(passed.evidence),
        "recorded_at": recorded_at,
    }


def record(session: Session, earned: AwardRecord, recorded_at: datetime) -> int:
    """Record one award that was earned elsewhere and give its id."""
    return record_many(session, [earned], recorded_at)[0]


def record_many(session: Session, earned: Sequence[AwardRecord], recorded_at: datetime) -> list[int]:
    """Record awards that were earned elsewhere, in bulk; gives their ids in the same order.

    Each takes the course version that was current on its day of completion, else the first.
    """
    if not earned:
        return []
    versions = catalogue.versions_on(session, ((one.course_code, one.completed_on) for one in earned))
    rows = [_imported(one, versions[one.course_code, one.completed_on], recorded_at) for one in earned]
    return _inserted(session, rows)


def _imported(earned: AwardRecord, version: CourseVersionRow, recorded_at: datetime) -> dict[str, Any]:
    return _values(version, earned.completed_on, earned.valid_until) | {
        "person_id": earned.person_id,
        "recorded_person_id": earned.person_id,
        "holder_name": earned.holder_name,
        "mode": earned.mode,
        "origin": "import",
        "score": earned.score,
        "hours": earned.hours,
        "provider": earned.provider,
        "reference": earned.reference,
        "attempt_id": None,
        "evidence": {},
        "recorded_at": recorded_at,
    }


@dataclass(frozen=True)
class SessionAttended:
    """Somebody attended a session held in person, to its end; `evidence` says from what that can be seen again."""

    person_id: int
    holder_name: str
    version: CourseVersionRow
    completed_on: date
    score: float | None
    provider: str
    reference: str
    evidence: Mapping[str, Any]


def award_sessions(session: Session, attended: Sequence[SessionAttended], recorded_at: datetime) -> list[int]:
    """Make the awards of those who attended a session, in bulk; gives their ids in the same order."""
    rows = [_attended(one, recorded_at) for one in attended]
    return _inserted(session, rows) if rows else []


def _attended(one: SessionAttended, recorded_at: datetime) -> dict[str, Any]:
    return _values(one.version, one.completed_on, None) | {
        "person_id": one.person_id,
        "recorded_person_id": one.person_id,
        "holder_name": one.holder_name,
        "mode": OFFLINE,
        "origin": "session",
        "score": one.score,
        "hours": one.version.hours,
        "provider": one.provider,
        "reference": one.reference,
        "attempt_id": None,
        "evidence": dict(one.evidence),
        "recorded_at": recorded_at,
    }


def _values(version: CourseVersionRow, completed_on: date, valid_until: date | None) -> dict[str, Any]:
    """Give what every award carries: number, token, version, and the validity stamped once."""
    if valid_until is None and version.valid_months is not None:
        valid_until = add_months(completed_on, version.valid_months)
    return {
        "number": _number(completed_on),
        "token": _token(completed_on),
        "course_code": version.course_code,
        "course_version_id": version.id,
        "version_number": version.number,
        "completed_on": completed_on,
        "valid_until": valid_until,
    }


def _token(completed_on: date) -> str:
    """Make a certificate's secret: the day, so that new ones lie together in a large index, then 224 random bits."""
    return f"{completed_on:%y%j}{random_token(224)}"


def _number(completed_on: date) -> str:
    """Make a certificate's number: the day, then 40 random bits, so that one number does not give away another."""
    return f"CV{completed_on:%Y%m%d}" + "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))


@dataclass(frozen=True)
class Revoke:
    """Somebody revokes an award from a day on (None: from its completion, void throughout), and says why."""

    award_id: int
    revoked_from: date | None
    reason: str
    actor: str


def revoke(session: Session, asked: Revoke, recorded_at: datetime) -> int:
    """Revoke an award and give its person's id.

    Problem 404 for an unknown award, 422 without a reason or from before its completion, 409 when it is already
    revoked from that day or earlier.
    """
    award = session.scalar(select(Award).where(Award.id == asked.award_id).with_for_update())
    if award is None:
        raise not_found()
    revoked_from = asked.revoked_from or award.completed_on
    _refuse_unfounded(asked.reason, revoked_from, award.completed_on)
    known = session.scalars(select(Revocation.revoked_from).where(Revocation.award_id == award.id))
    _refuse_repeated(known, revoked_from)
    session.add(
        Revocation(
            award_id=award.id,
            revoked_from=revoked_from,
            reason=asked.reason.strip(),
            actor=asked.actor,
            recorded_at=recorded_at,
        )
    )
    session.flush()
    return award.person_id


def _refuse_unfounded(reason: str, revoked_from: date, completed_on: date) -> None:
    if not reason.strip():
        raise Problem(422, "reason", N_("Say why: the reason is kept with the revocation and shown on verification."))
    if revoked_from < completed_on:
        message = N_("A certificate cannot be revoked from a day before its completion (%(day)s).")
        raise Problem(422, "revoked_from", message, {"day": completed_on.isoformat()})


def _refuse_repeated(known: Iterable[date], revoked_from: date) -> None:
    if any(day <= revoked_from for day in known):
        raise Problem(409, "revoked", N_("This certificate is already revoked."))
