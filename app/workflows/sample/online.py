"""Enters what people learned online: reading, exams failed and passed, awards with their evidence, their accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.assessment.history import Marked, Sat, sit_many
from app.awards import service as awards
from app.awards.service import ExamPassed
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.identity import service as identity
from app.kit.dates import SHANGHAI, day_of
from app.learning.history import Reading, read_many
from app.ops.db import Session
from app.workflows.sample.shapes import Human, Struggle, Training

PAUSE = timedelta(minutes=6)
SECOND_TRY = timedelta(minutes=55)
WRONG_TO_FAIL = 6
"""Of twenty questions; up to four wrong answers pass."""
FAILS_FIRST = 6
"""One in so many fails the first time."""


@dataclass(frozen=True)
class Learner:
    """Who learns: the stored person and the name on the certificate."""

    person_id: int
    human: Human


def study(
    session: Session,
    trainings: Sequence[Training],
    struggles: Sequence[Struggle],
    learners: Mapping[int, Learner],
    recorded_at: datetime,
) -> list[int]:
    """Enter online learning; gives the persons whose awards or efforts are new. Coverage is posted by the caller."""
    _open_accounts(session, [*learners.values()], recorded_at)
    versions = _versions(session, trainings, struggles)
    _pass(
        session, [(learners[one.human], versions[one.course, one.completed_on], one) for one in trainings], recorded_at
    )
    _struggle(session, [(learners[one.human], versions[one.course, one.on], one) for one in struggles], recorded_at)
    return sorted(learner.person_id for learner in learners.values())


def _open_accounts(session: Session, learners: Sequence[Learner], now: datetime) -> None:
    """Open accounts that nobody can sign in to: the sample's people are many, its sign-ins are few."""
    for learner in {one.person_id: one for one in learners}.values():
        identity.open_worker_account(session, learner.person_id, learner.human.name, now)


def _versions(
    session: Session, trainings: Sequence[Training], struggles: Sequence[Struggle]
) -> dict[tuple[str, date], CourseVersionRow]:
    wanted = {(one.course, one.completed_on) for one in trainings} | {(one.course, one.on) for one in struggles}
    return catalogue.versions_on(session, wanted)


def _pass(session: Session, what: Sequence[tuple[Learner, CourseVersionRow, Training]], recorded_at: datetime) -> None:
    readings = [Reading(who.person_id, version, _begins(who.human, one.completed_on)) for who, version, one in what]
    ends = read_many(session, readings, recorded_at)
    failing = [
        (who, version, end)
        for (who, version, _), end in zip(what, ends, strict=True)
        if _mix(who, version) % FAILS_FIRST == 0
    ]
    sit_many(session, [_sat(who, version, end + PAUSE, WRONG_TO_FAIL) for who, version, end in failing], recorded_at)
    sittings = [
        _sat(who, version, end + SECOND_TRY, _mix(who, version) % 5)
        for (who, version, _), end in zip(what, ends, strict=True)
    ]
    marked = sit_many(session, sittings, recorded_at)
    earned = zip(what, readings, marked, strict=True)
    passed = [
        _passed(who, reading, sat, mark) for ((who, _, _), reading, mark), sat in zip(earned, sittings, strict=True)
    ]
    awards.award_exams(session, passed, recorded_at)


def _struggle(
    session: Session, what: Sequence[tuple[Learner, CourseVersionRow, Struggle]], recorded_at: datetime
) -> None:
    readings = [Reading(who.person_id, version, _begins(who.human, one.on), one.share) for who, version, one in what]
    ends = read_many(session, readings, recorded_at)
    failing = [(who, version, end) for (who, version, one), end in zip(what, ends, strict=True) if one.failed]
    sit_many(session, [_sat(who, version, end + PAUSE, WRONG_TO_FAIL) for who, version, end in failing], recorded_at)


def _begins(human: Human, on: date) -> datetime:
    """Give the minute at which somebody sits down to learn: in the morning, always the same for one person."""
    minutes = human.number * 37 % 300
    return datetime.combine(on, time(8), SHANGHAI) + timedelta(minutes=minutes)


def _mix(who: Learner, version: CourseVersionRow) -> int:
    return who.human.number * 7 + version.id * 3


def _sat(who: Learner, version: CourseVersionRow, opened_at: datetime, wrong: int) -> Sat:
    return Sat(who.person_id, version, f"sample-{who.human.number}-{version.id}-{wrong}", opened_at, wrong)


def _passed(who: Learner, reading: Reading, sat: Sat, marked: Marked) -> ExamPassed:
    return ExamPassed(
        person_id=who.person_id,
        holder_name=who.human.name,
        version=reading.version,
        attempt_id=marked.attempt_id,
        completed_on=day_of(marked.submitted_at),
        score=marked.score,
        evidence=_evidence(reading, sat, marked),
    )


def _evidence(reading: Reading, sat: Sat, marked: Marked) -> dict[str, Any]:
    """Say what submit_exam says of an award's origin."""
    now, modules = reading.begun_at, []
    for module in reading.version.course.modules:
        now += timedelta(seconds=module.needed_seconds)
        needed_ms = module.needed_seconds * 1000
        told = {"module": module.slug, "credited_ms": needed_ms, "needed_ms": needed_ms}
        modules.append(told | {"completed_at": now.isoformat()})
    return {
        "attempt": marked.attempt_id,
        "paper": marked.paper,
        "seed": sat.seed,
        "score": marked.score,
        "modules": modules,
    }
