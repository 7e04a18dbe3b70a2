"""Works an exam out again from its evidence alone: the seed, the answers as they were saved, the key of the version."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.assessment.grading import grade
from app.assessment.models import Attempt
from app.assessment.papers import draw
from app.assessment.queries import GRACE, chosen_of, drawn, paper_of, questions_of, saved_answers
from app.catalogue import queries as catalogue
from app.kit.errors import not_found


@dataclass(frozen=True)
class Resat:
    """What an attempt's evidence gives, and what was recorded of it.

    `same_paper`: the seed draws the paper that was sat. `in_time`: every answer was saved by the deadline, grace
    included, and after the opening.
    """

    person_id: int
    version_id: int
    seed: str
    opened_at: datetime
    submitted_at: datetime | None
    answers: int
    questions: int
    same_paper: bool
    in_time: bool
    score: float
    passed: bool
    recorded_score: float | None
    recorded_pass: bool


def resit(session: Session, attempt_id: int) -> Resat:
    """Draw an attempt's paper again and grade it again; Problem 404 when there is none."""
    row = session.get(Attempt, attempt_id)
    if row is None:
        raise not_found()
    version = catalogue.version(session, row.course_version_id)
    paper = paper_of(row, version)
    saved = saved_answers(session, attempt_id)
    result = grade(questions_of(row, version), chosen_of(session, attempt_id), paper.pass_mark)
    return Resat(
        person_id=row.person_id,
        version_id=row.course_version_id,
        seed=row.seed,
        opened_at=row.opened_at,
        submitted_at=row.submitted_at,
        answers=len(saved),
        questions=len(row.questions),
        same_paper=[drawn(question) for question in draw(version.course, paper, row.seed)] == row.questions,
        in_time=all(row.opened_at <= answer.saved_at <= row.deadline_at + GRACE for answer in saved.values()),
        score=result.score,
        passed=result.passed,
        recorded_score=row.score,
        recorded_pass=row.outcome == "passed",
    )
