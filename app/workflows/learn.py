"""Learning one course, seen whole: where somebody stands between the first page and the certificate; reading time."""

from collections.abc import Iterable
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
from app.learning import queries as learning
from app.learning import service
from app.learning.queries import Progress
from app.learning.service import Credited, Opened, OpenModule, Receipt
from app.ops.db import Session
from app.plans import queries as plans
from app.plans.shapes import Plan
from app.workflows.owed import obligations

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
    today = day_of(now)
    certificate = awards.held(session, person_id, course_code, today)
    if certificate is not None and obligations(Scope(person=person_id), session, person_id, now).owes(course_code):
        certificate = None
    since = None if certificate else awards.last_exam(session, person_id, course_code)
    version = learning.studied_version(session, person_id, course_code, today, since)
    attempts = assessment.attempts(scope, session, person_id, course_code)
    paper = assessment.final_paper(version.course)
    return CourseState(
        version=version,
        progress=learning.progress(scope, session, person_id, version, since),
        certificate=certificate,
        attempts=attempts,
        paper=paper,
        allowance=assessment.allowed(paper, attempts, now),
        since=since,
    )


def open_module(session: Session, person_id: int, course_code: str, module: str, now: datetime) -> Opened:
    """Open a module of the version that somebody studies; what they had open elsewhere ends, visibly."""
    state = course_state(Scope(person=person_id), session, person_id, course_code, now)
    return service.open_session(session, OpenModule(person_id, state.version, module, state.since), now)


def receive(session: Session, receipt: Receipt, now: datetime) -> Credited:
    """Credit a report of reading time, within the day's cap that the plans set."""
    return service.receive(session, receipt, daily_cap_ms(plans.plans(session), day_of(now)), now)


def daily_cap_ms(known: Iterable[Plan], on: date) -> int:
    """Give the milliseconds that may be credited on a day: by the strictest plan in force, else 8 hours of 45 min."""
    caps = [plan.daily_cap_hours * plan.credit_hour_minutes for plan in known if plan.starts_on <= on <= plan.deadline]
    return round(min(caps, default=DEFAULT_CAP_HOURS * DEFAULT_HOUR_MINUTES) * 60_000)
