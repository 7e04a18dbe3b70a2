"""What may be asked of somebody in daily practice, in which order, and how a question is shuffled for their day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.balance import rank
from app.assessment.mistakes import mistakes
from app.assessment.models import Attempt
from app.assessment.papers import Question, shuffled
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow

Key = tuple[str, str]
"""A course's code and an item's id."""
Bank = dict[Key, tuple[CourseVersionRow, Item]]
"""What may be asked of somebody, by key."""


def bank_of(session: Session, person_id: int, codes: Collection[str], day: date) -> tuple[Bank, list[Key]]:
    """Give what may be asked of somebody on a day, and what of it they got wrong in exams, the latest first."""
    wrong = mistakes(session, person_id)
    courses = _courses(session, person_id, {*codes, *(mistake.course_code for mistake in wrong)}, day)
    bank = {
        (version.course_code, item.id): (version, item)
        for version in courses
        for item in version.course.items
        if item.verified
    }
    return bank, [(one.course_code, one.item) for one in wrong]


def in_order(person_id: int, day: date, bank: Bank, wrong: Sequence[Key], due_on: Mapping[Key, date]) -> list[Key]:
    """Put in order what may be asked: what is due, then mistakes, then what has never been asked; `due_on` by card."""
    due = sorted((on, *key) for key, on in due_on.items() if on <= day)
    fresh = [key for key in bank if key not in due_on]
    fresh.sort(key=lambda key: rank(str(person_id), *key))
    keys = [(course, item) for _, course, item in due]
    keys += [key for key in wrong if key not in due_on]
    return [key for key in dict.fromkeys([*keys, *fresh]) if key in bank]


def _courses(session: Session, person_id: int, codes: Collection[str], day: date) -> list[CourseVersionRow]:
    """Give the courses as they are now; one whose exam is running is left out: practice shows keys."""
    running = set(
        session.scalars(
            select(Attempt.course_code).where(Attempt.person_id == person_id, Attempt.submitted_at.is_(None))
        )
    )
    known = {row.course_code for row in catalogue.listing(session, day) if row.current_from <= day}
    return [catalogue.current(session, code, day) for code in sorted((set(codes) - running) & known)]


def asked_on(item: Item, person_id: int, day: date) -> Question:
    """Shuffle a question for a person and a day: reloading the page changes nothing."""
    return shuffled(item, f"practice {person_id} {day.isoformat()}")
