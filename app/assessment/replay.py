"""Works an exam out again from its evidence alone: the seed, the answers as they were saved, the key of the version."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.assessment.evidence import (
    adjusted,
    adjustments_of,
    chosen_of,
    drawn,
    paper_of,
    questions_of,
    saved_answers,
)
from app.assessment.grading import score
from app.assessment.models import Attempt
from app.assessment.papers import draws
from app.assessment.queries import GRACE, attempt_row
from app.catalogue import queries as catalogue
from app.kit.errors import not_found


@dataclass(frozen=True)
class Resat:
    """What an attempt's evidence gives, and what was recorded of it.

    `same_paper`: the seed draws the paper that was sat. `in_time`: every answer was saved by the deadline, grace
    included, and after the opening. `scores`: at first, and after each adjustment by a corrected item; `passed` and the
    recorded ones are of now.
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
    scores: tuple[float, ...]
    passed: bool
    recorded_score: float | None
    recorded_pass: bool

    @property
    def score(self) -> float:
        """Give what it is worth now."""
        return self.scores[-1]


def resit(session: Session, attempt_id: int) -> Resat:
    """Draw an attempt's paper again and grade it again; Problem 404 when there is none."""
    row = session.get(Attempt, attempt_id)
    if row is None:
        raise not_found()
    version = catalogue.version(session, row.course_version_id)
    paper = paper_of(row, version)
    saved = saved_answers(session, attempt_id)
    asked, chosen, known = questions_of(row, version), chosen_of(session, attempt_id), adjustments_of(session, row.id)
    results = [score(asked, chosen, paper.pass_mark, known[:count]) for count in range(len(known) + 1)]
    now = attempt_row(row, adjusted(session, [row.id]).get(row.id))
    return Resat(
        person_id=row.person_id,
        version_id=row.course_version_id,
        seed=row.seed,
        opened_at=row.opened_at,
        submitted_at=row.submitted_at,
        answers=len(saved),
        questions=len(row.questions),
        same_paper=any(row.questions == list(map(drawn, again)) for again in draws(version.course, paper, row.seed)),
        in_time=all(row.opened_at <= answer.saved_at <= row.deadline_at + GRACE for answer in saved.values()),
        scores=tuple(result.score for result in results),
        passed=results[-1].passed,
        recorded_score=now.score,
        recorded_pass=now.passed,
    )
