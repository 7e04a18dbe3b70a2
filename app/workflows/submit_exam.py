"""Hand in an exam: grade it, make the award on a pass, post what that changes in coverage. One transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.assessment import queries as assessment_queries
from app.assessment import service as assessment
from app.assessment.queries import AttemptRow
from app.assessment.service import Graded, HandIn
from app.awards import queries as awards_queries
from app.awards import service as awards
from app.awards.service import ExamPassed
from app.coverage import service as coverage
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.learning import queries as learning
from app.ops.db import Session
from app.organisations import queries as organisations


@dataclass(frozen=True)
class Submitted:
    """What came of an exam. `award_id` when it earned a certificate."""

    attempt_id: int
    score: float
    passed: bool
    award_id: int | None


def submit_exam(session: Session, asked: HandIn, now: datetime) -> Submitted:
    """Hand in an attempt; handing in again gives the same result. Problem 404 when it is not this person's."""
    attempt = assessment_queries.attempt(Scope(person=asked.person_id), session, asked.attempt_id)
    if attempt.submitted_at is None:
        attempt = _close(session, asked, now)
    award_id = awards_queries.of_attempt(session, attempt.id)
    return Submitted(attempt.id, attempt.score or 0.0, attempt.passed, award_id)


def _close(session: Session, asked: HandIn, now: datetime) -> AttemptRow:
    posting = coverage.open_posting(session, now, "exam", persons=[asked.person_id])
    graded = assessment.close(session, asked, now, posting.recorded_at)
    if graded.fresh and graded.attempt.passed:
        award_pass(session, asked.person_id, graded, posting.recorded_at)
        coverage.post(session, posting, persons=[asked.person_id])
    return graded.attempt


def close_overdue(session: Session, person_id: int, now: datetime) -> tuple[Submitted, ...]:
    """Close a person's attempts whose time has run out, with what was saved."""
    overdue = assessment_queries.overdue(session, person_id, now)
    return tuple(submit_exam(session, HandIn(person_id, attempt_id), now) for attempt_id in overdue)


def award_pass(
    session: Session, person_id: int, graded: Graded, recorded_at: datetime, more: Mapping[str, Any] | None = None
) -> int:
    """Make the award of a passed attempt, with its evidence and what `more` adds to it; gives its id."""
    attempt = graded.attempt
    own = Scope(person=person_id)
    passed = ExamPassed(
        person_id=person_id,
        holder_name=organisations.person(own, session, person_id).name,
        version=graded.version,
        attempt_id=attempt.id,
        completed_on=day_of(attempt.submitted_at or attempt.deadline_at),
        score=attempt.score or 0.0,
        evidence={**_evidence(session, person_id, graded), **(more or {})},
    )
    return awards.award_exam(session, passed, recorded_at)


def _evidence(session: Session, person_id: int, graded: Graded) -> dict[str, Any]:
    """Say from what the award can be worked out again: the attempt, its paper's seed, the reading of every module."""
    own, code = Scope(person=person_id), graded.version.course_code
    used_up = awards_queries.last_exams(session, [person_id]).get((person_id, code))
    rows = learning.progress_rows(own, session, person_id, [code])
    progress = learning.progress(rows, graded.version, used_up)
    return {
        "attempt": graded.attempt.id,
        "paper": graded.attempt.paper,
        "seed": graded.seed,
        "score": graded.attempt.score,
        "modules": [
            {
                "module": module.slug,
                "credited_ms": module.credited_ms,
                "needed_ms": module.needed_ms,
                "completed_at": module.completed_at.isoformat() if module.completed_at else None,
                "fulfilled_at": module.fulfilled_at.isoformat() if module.fulfilled_at else None,
            }
            for module in progress.modules
        ],
    }
