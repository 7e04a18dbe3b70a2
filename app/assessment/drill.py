"""A whole bank, question by question, without a mark: nothing is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.balance import rank
from app.assessment.models import Attempt
from app.assessment.papers import Question, shuffled
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.kit.dates import day_of
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_


@dataclass(frozen=True)
class Drill:
    """One question of a whole bank, without a mark: the place in the order, and how many there are."""

    course_code: str
    course_title: str
    place: int
    of: int
    item: Item
    question: Question


def drill(session: Session, person_id: int, course_code: str, place: int, now: datetime) -> Drill:
    """Give a question of a course's bank, from 1 on, in an order of the person's own; items not verified too.

    Problem 404 for an unknown course or place, 409 `practice_exam` while an exam of the course is running.
    """
    version = catalogue.current(session, course_code, day_of(now))
    running = select(Attempt.id).where(
        Attempt.person_id == person_id, Attempt.course_code == course_code, Attempt.submitted_at.is_(None)
    )
    if session.scalar(running) is not None:
        raise Problem(409, "practice_exam", N_("Your exam of this course is running. Practise after you handed it in."))
    items = sorted(version.course.items, key=lambda item: rank("drill", str(person_id), item.id))
    if not 1 <= place <= len(items):
        raise not_found()
    item = items[place - 1]
    return Drill(course_code, version.title, place, len(items), item, shuffled(item, f"drill {person_id} {place}"))
