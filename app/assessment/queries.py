"""Reads of assessment: a person's attempts, the open paper (never its key), a closed paper with explanations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.assessment.answers import kept
from app.assessment.evidence import (
    SavedAnswer,
    Worth,
    adjusted,
    adjustments_of,
    chosen_of,
    paper_of,
    questions_of,
    saved_answers,
)
from app.assessment.grading import score
from app.assessment.models import Attempt, AttemptAdjustment
from app.assessment.papers import Allowance, Closed, Question, allowance
from app.assessment.shown import Asked, Explained, asked, explained
from app.catalogue import queries as catalogue
from app.catalogue.shapes import Course, Paper
from app.kit.errors import not_found
from app.kit.scope import Scope
from app.ops.listed import CODES, among
from app.ops.prepared import run
from app.organisations import queries as organisations

GRACE = timedelta(seconds=5)
"""How long after the deadline an answer still counts: lines have delays."""


@dataclass(frozen=True)
class AttemptRow:
    """One attempt, without its paper."""

    id: int
    person_id: int
    course_code: str
    version_id: int
    paper: str
    opened_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    score: float | None
    outcome: str

    @property
    def passed(self) -> bool:
        """Say whether it is closed and passed."""
        return self.outcome == "passed"

    def over(self, now: datetime) -> bool:
        """Say whether its time, grace included, has run out."""
        return now > self.deadline_at + GRACE


@dataclass(frozen=True)
class Sitting:
    """An open attempt: its questions and its rules."""

    attempt: AttemptRow
    course_title: str
    paper: Paper
    questions: tuple[Asked, ...]

    @property
    def answered(self) -> int:
        """Count the questions with a whole answer."""
        return sum(question.complete for question in self.questions)


@dataclass(frozen=True)
class Review:
    """A closed attempt with its questions explained."""

    attempt: AttemptRow
    course_title: str
    paper: Paper
    questions: tuple[Explained, ...]


def final_paper(course: Course) -> Paper:
    """Give the paper that ends a course: the one called `final`, else the first."""
    return next((paper for paper in course.papers if paper.code == "final"), course.papers[0])


def attempts(scope: Scope, session: Session, person_id: int, codes: Collection[str]) -> tuple[AttemptRow, ...]:
    """List a person's attempts at some courses, oldest first; Problem 404 when the person is out of reach."""
    organisations.refuse_out_of_reach(scope, session, person_id)
    return tuple(AttemptRow(*row) for row in run(session, _ATTEMPTS, {"person_id": person_id, "codes": codes}))


_LAST = (
    select(func.max(AttemptAdjustment.id))
    .where(AttemptAdjustment.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)
_ATTEMPTS = (
    select(
        Attempt.id,
        Attempt.person_id,
        Attempt.course_code,
        Attempt.course_version_id,
        Attempt.paper,
        Attempt.opened_at,
        Attempt.deadline_at,
        Attempt.submitted_at,
        func.coalesce(AttemptAdjustment.score, Attempt.score),
        func.coalesce(AttemptAdjustment.outcome, Attempt.outcome),
    )
    .outerjoin(AttemptAdjustment, and_(Attempt.submitted_at.is_not(None), AttemptAdjustment.id == _LAST))
    .where(Attempt.person_id == bindparam("person_id"), among(Attempt.course_code, CODES))
    .order_by(Attempt.opened_at, Attempt.id)
)
"""Attempts with what they have been worth since their last adjustment (evidence.adjusted, for many)."""


def attempt(scope: Scope, session: Session, attempt_id: int) -> AttemptRow:
    """Give the caller's own attempt; Problem 404 when it is not theirs."""
    found = own_attempt(scope, session, attempt_id)
    return attempt_row(found, adjusted(session, [attempt_id]).get(attempt_id) if found.submitted_at else None)


def allowed(paper: Paper, listed: tuple[AttemptRow, ...], now: datetime) -> Allowance:
    """Say how many attempts are left of a paper, or from when there are again."""
    closed = [Closed(row.submitted_at, row.passed) for row in listed if row.submitted_at is not None]
    return allowance(paper, sorted(closed, key=lambda attempt: attempt.submitted_at), now)


def overdue(session: Session, person_id: int, now: datetime) -> tuple[int, ...]:
    """Give the ids of a person's open attempts whose time has run out: they wait to be closed."""
    return tuple(
        session.scalars(
            select(Attempt.id).where(
                Attempt.person_id == person_id, Attempt.submitted_at.is_(None), Attempt.deadline_at < now - GRACE
            )
        )
    )


def sitting(scope: Scope, session: Session, attempt_id: int) -> Sitting:
    """Give somebody's own open attempt with the saved answers; Problem 404 when it is not theirs, or is closed."""
    found = own_attempt(scope, session, attempt_id)
    if found.submitted_at is not None:
        raise not_found()
    version = catalogue.version(session, found.course_version_id)
    saved = saved_answers(session, attempt_id)
    questions = tuple(
        _asked(position, question, saved.get(position))
        for position, question in enumerate(questions_of(found, version))
    )
    return Sitting(attempt_row(found), version.title, paper_of(found, version), questions)


def _asked(position: int, question: Question, saved: SavedAnswer | None) -> Asked:
    if saved is None:
        return asked(position, question, ())
    return asked(position, question, kept(saved.chosen), flagged=saved.flagged, sequence=saved.sequence)


def review(scope: Scope, session: Session, attempt_id: int) -> Review:
    """Give somebody's own closed attempt, explained; Problem 404 when it is not theirs, or is still open."""
    found = own_attempt(scope, session, attempt_id)
    if found.submitted_at is None:
        raise not_found()
    version = catalogue.version(session, found.course_version_id)
    questions = questions_of(found, version)
    chosen = chosen_of(session, attempt_id)
    paper = paper_of(found, version)
    known = adjustments_of(session, attempt_id)
    result = score(questions, chosen, paper.pass_mark, known)
    gained = {one.position for one in known}
    told = tuple(
        explained(place, question, chosen.get(place, ()), result.earned[place], adjusted=place in gained)
        for place, question in enumerate(questions)
    )
    return Review(attempt_row(found, adjusted(session, [attempt_id]).get(attempt_id)), version.title, paper, told)


def own_attempt(scope: Scope, session: Session, attempt_id: int) -> Attempt:
    """Find an attempt by id; Problem 404 unless it is the caller's own: nobody else reads an exam."""
    found = session.get(Attempt, attempt_id)
    if found is None or found.person_id != scope.person:
        raise not_found()
    return found


def attempt_row(row: Attempt, worth: Worth | None = None) -> AttemptRow:
    """Make the frozen row of an attempt; `worth`: what it is worth since it was adjusted."""
    return AttemptRow(
        row.id,
        row.person_id,
        row.course_code,
        row.course_version_id,
        row.paper,
        row.opened_at,
        row.deadline_at,
        row.submitted_at,
        worth.score if worth else row.score,
        worth.outcome if worth else row.outcome,
    )
