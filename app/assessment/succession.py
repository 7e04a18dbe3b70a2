"""When two records turn out to be one person: what exam attempts do."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.assessment.models import Attempt
from app.kit.errors import Problem
from app.ops.i18n import N_


def hand_over(session: Session, source_id: int, target_id: int) -> None:
    """Give all attempts of `source` to `target`; Problem 409 while both sit an exam in the same course."""
    sitting = select(Attempt.course_code).where(Attempt.submitted_at.is_(None))
    theirs = set(session.scalars(sitting.where(Attempt.person_id == source_id)))
    if theirs & set(session.scalars(sitting.where(Attempt.person_id == target_id))):
        message = N_("Both records have an exam open in the same course. Wait until one is handed in or has run out.")
        raise Problem(409, "merge_exam", message)
    session.execute(update(Attempt).where(Attempt.person_id == source_id).values(person_id=target_id))
