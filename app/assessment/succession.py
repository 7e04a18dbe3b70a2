"""When two records turn out to be one person: what exam attempts and practice do."""

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from app.assessment.models import Attempt, PracticeCard, PracticeReview
from app.kit.errors import Problem
from app.ops.i18n import N_


def hand_over(session: Session, source_id: int, target_id: int) -> None:
    """Give all attempts and practice of `source` to `target`; Problem 409 while both sit an exam in the same course."""
    sitting = select(Attempt.course_code).where(Attempt.submitted_at.is_(None))
    theirs = set(session.scalars(sitting.where(Attempt.person_id == source_id)))
    if theirs & set(session.scalars(sitting.where(Attempt.person_id == target_id))):
        message = N_("Both records have an exam open in the same course. Wait until one is handed in or has run out.")
        raise Problem(409, "merge_exam", message)
    session.execute(update(Attempt).where(Attempt.person_id == source_id).values(person_id=target_id))
    _practice(session, source_id, target_id)


def _practice(session: Session, source_id: int, target_id: int) -> None:
    """Give practice over; what both practised stays as the one who stands knows it."""
    card, review = PracticeCard, PracticeReview
    for table, keys in ((card, (card.course_code, card.item)), (review, (review.course_code, review.item, review.day))):
        both = select(*keys).where(table.person_id == target_id)
        session.execute(delete(table).where(table.person_id == source_id, tuple_(*keys).in_(both)))
        session.execute(update(table).where(table.person_id == source_id).values(person_id=target_id))
