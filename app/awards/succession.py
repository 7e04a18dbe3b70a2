"""When two records turn out to be one person: what awards do."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.awards.models import Award
from app.awards.session_models import SessionAttendance


def hand_over(session: Session, source_id: int, target_id: int) -> None:
    """Give all awards of `source` to `target`, and its places on lists; `recorded_person_id` keeps whose they were."""
    for table in (Award, SessionAttendance):
        session.execute(update(table).where(table.person_id == source_id).values(person_id=target_id))
