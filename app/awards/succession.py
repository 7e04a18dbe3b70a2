"""When two records turn out to be one person: what awards do."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.awards.models import Award


def hand_over(session: Session, source_id: int, target_id: int) -> None:
    """Give all awards of `source` to `target`; `recorded_person_id` keeps whose they were first."""
    session.execute(update(Award).where(Award.person_id == source_id).values(person_id=target_id))
