"""Reads how a course's items were answered, for its authors: figures without people."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.answers import Chosen
from app.assessment.evidence import questions_of
from app.assessment.grading import earned
from app.assessment.mistakes import chosen_of_many
from app.assessment.models import Attempt
from app.assessment.papers import Question
from app.assessment.statistics import Answered, Figures, figures
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow
from app.kit.errors import not_found

LATEST = 1000
"""So many attempts, the latest, are looked at: enough to judge by, few enough for a page."""


@dataclass(frozen=True)
class ItemRow:
    """An item as it stands in the newest version, with its figures."""

    item: Item
    figures: Figures


@dataclass(frozen=True)
class CourseFigures:
    """A course's items, bad ones first, and how many attempts were looked at."""

    version: CourseVersionRow
    attempts: int
    items: tuple[ItemRow, ...]


def course_figures(session: Session, course_code: str) -> CourseFigures:
    """Give the figures of a course's items by its latest closed attempts; Problem 404 when it is unknown.

    An answer counts for an item only when it was asked as it stands now.
    """
    versions = {version.id: version for version in catalogue.versions(session, course_code)}
    if not versions:
        raise not_found()
    newest = max(versions.values(), key=lambda version: version.number)
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.course_code == course_code, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id.desc())
        .limit(LATEST)
    ).all()
    chosen = chosen_of_many(session, [row.id for row in rows])
    answers: defaultdict[Item, list[Answered]] = defaultdict(list)
    for row in rows:
        _collect(answers, questions_of(row, versions[row.course_version_id]), chosen[row.id])
    listed = [
        ItemRow(item, figures(answers[item], len(item.options), item.right if item.kind in _PICKED else ()))
        for item in newest.course.items
    ]
    return CourseFigures(
        newest, len(rows), tuple(sorted(listed, key=lambda one: (-len(one.figures.flags), one.item.id)))
    )


_PICKED = frozenset({"single", "multiple", "true_false"})


def _collect(
    answers: defaultdict[Item, list[Answered]], questions: tuple[Question, ...], chosen: dict[int, Chosen]
) -> None:
    shares = [float(earned(question, chosen.get(place, ()))) for place, question in enumerate(questions)]
    others = max(len(questions) - 1, 1)
    for place, question in enumerate(questions):
        rest = (sum(shares) - shares[place]) / others
        picked = _picked(question, chosen.get(place, ()))
        answers[question.item].append(Answered(shares[place], rest, picked))


def _picked(question: Question, chosen: Chosen) -> tuple[int, ...]:
    """Give the item's options behind the positions that were chosen."""
    if question.item.kind not in _PICKED or isinstance(chosen, str):
        return ()
    return tuple(question.options[place] for place in chosen if isinstance(place, int))
