"""Learning one course, seen whole: where somebody stands between the first page and the certificate; reading time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.assessment import queries as assessment
from app.assessment.papers import Allowance
from app.assessment.queries import AttemptRow
from app.awards import queries as awards
from app.awards.queries import Certificate
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Paper
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.learning import checks, service
from app.learning import queries as learning
from app.learning.checks import AnswerCheck, Answered
from app.learning.presence import Often
from app.learning.queries import Progress, ProgressRow
from app.learning.rows import OpenModule
from app.learning.service import Credited, Opened, Receipt
from app.ops.db import Session
from app.ops.settings import settings
from app.plans import queries as plans
from app.plans.shapes import Plan
from app.workflows.owed import Obligations, obligations

Stage = Literal["held", "sitting", "learning", "waiting", "exam"]
DEFAULT_CAP_HOURS, DEFAULT_HOUR_MINUTES = 8, 45


@dataclass(frozen=True)
class CourseState:
    """Where a person stands in a course. `since`: what was learned up to then was used up by an award that lapsed."""

    version: CourseVersionRow
    progress: Progress
    certificate: Certificate | None
    attempts: tuple[AttemptRow, ...]
    paper: Paper
    allowance: Allowance
    since: datetime | None

    @property
    def open_attempt(self) -> AttemptRow | None:
        """Give the attempt that is running."""
        return next((attempt for attempt in self.attempts if attempt.submitted_at is None), None)

    @property
    def stage(self) -> Stage:
        """Say what comes next: nothing, the running exam, reading, waiting for the next round, or the exam."""
        if self.open_attempt is not None:
            return "sitting"
        if self.certificate is not None:
            return "held"
        if not self.progress.complete:
            return "learning"
        return "exam" if self.allowance.left else "waiting"


def course_state(scope: Scope, session: Session, person_id: int, course_code: str, now: datetime) -> CourseState:
    """Gather where a person stands in a course; Problem 404 for an unknown course or somebody out of reach.

    A certificate from before a plan counts does not settle what that plan asks for: then the course is taken again.
    """
    record = _record(scope, session, person_id, [course_code], now)
    held = awards.held(record.certificates, course_code) is not None
    owed = held and obligations(Scope(person=person_id), session, person_id, now).owes(course_code)
    return _state(session, record, course_code, owed=owed)


def owed_states(
    scope: Scope, session: Session, person_id: int, obliged: Obligations, now: datetime
) -> tuple[CourseState, ...]:
    """Gather where a person stands in the courses that they owe, in that order.

    A certificate earned here settles nothing that must be done in person, and yet nobody is sent through it again.
    """
    codes = [owed.course_code for owed in obliged.owed]
    record = _record(scope, session, person_id, codes, now)
    return tuple(_state(session, record, owed.course_code, owed=not owed.in_person) for owed in obliged.owed)


@dataclass(frozen=True)
class _Record:
    """What a person did in some courses, read once."""

    now: datetime
    certificates: tuple[Certificate, ...]
    progress: tuple[ProgressRow, ...]
    attempts: tuple[AttemptRow, ...]


def _record(scope: Scope, session: Session, person_id: int, codes: Sequence[str], now: datetime) -> _Record:
    return _Record(
        now,
        awards.of_person(scope, session, person_id, day_of(now)),
        learning.progress_rows(scope, session, person_id, codes),
        assessment.attempts(scope, session, person_id, codes),
    )


def _state(session: Session, record: _Record, code: str, *, owed: bool) -> CourseState:
    certificate = None if owed else awards.held(record.certificates, code)
    since = None if certificate else awards.last_exam(record.certificates, code)
    version = learning.studied_version(session, record.progress, code, day_of(record.now), since)
    attempts = tuple(attempt for attempt in record.attempts if attempt.course_code == code)
    paper = assessment.final_paper(version.course)
    return CourseState(
        version=version,
        progress=learning.progress(record.progress, version, since),
        certificate=certificate,
        attempts=attempts,
        paper=paper,
        allowance=assessment.allowed(paper, attempts, record.now),
        since=since,
    )


def open_module(session: Session, person_id: int, course_code: str, module: str, now: datetime) -> Opened:
    """Open a module of the version that somebody studies; what they had open elsewhere ends, visibly."""
    state = course_state(Scope(person=person_id), session, person_id, course_code, now)
    where = OpenModule(person_id, state.version, module, state.since)
    return service.open_session(session, where, now, presence_often())


def receive(session: Session, receipt: Receipt, now: datetime) -> Credited:
    """Credit a report of reading time, within the day's cap that the plans set."""
    return service.receive(session, receipt, daily_cap_ms(plans.plans(session), day_of(now)), now)


def answer_check(session: Session, given: AnswerCheck, now: datetime) -> Answered:
    """Take the answer to the question whether somebody is still there."""
    return checks.answer(session, given, now)


def presence_often() -> Often:
    """Say how much credit lies between two presence checks, as the installation is set."""
    return Often(round(settings().presence_least_minutes * 60_000), round(settings().presence_most_minutes * 60_000))


def daily_cap_ms(known: Iterable[Plan], on: date) -> int:
    """Give the milliseconds that may be credited on a day: by the strictest plan in force, else 8 hours of 45 min."""
    caps = [plan.daily_cap_hours * plan.credit_hour_minutes for plan in known if plan.starts_on <= on <= plan.deadline]
    return round(min(caps, default=DEFAULT_CAP_HOURS * DEFAULT_HOUR_MINUTES) * 60_000)
