"""Reads what somebody got wrong in their latest exams."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.answers import Chosen, kept
from app.assessment.evidence import adjusted, adjustments_of, paper_of, questions_of
from app.assessment.grading import RIGHT, Adjustment, score
from app.assessment.models import Attempt, AttemptAnswer
from app.assessment.shown import Explained, explained
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.kit.batches import batched

ATTEMPTS_LOOKED_AT = 10
"""Mistakes are taken from so many latest exams."""


@dataclass(frozen=True)
class Mistake:
    """A question that somebody got wrong in an exam, explained."""

    course_code: str
    course_title: str
    handed_in_at: datetime
    item: str
    topic_name: str
    question: Explained


def mistakes(session: Session, person_id: int) -> tuple[Mistake, ...]:
    """List what somebody got wrong, the latest first, each question once; nothing of a course whose exam is running."""
    rows = session.scalars(
        select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.id.desc()).limit(ATTEMPTS_LOOKED_AT)
    ).all()
    running = {row.course_code for row in rows if row.submitted_at is None}
    closed = [row for row in rows if row.course_code not in running]
    versions = {id: catalogue.version(session, id) for id in {row.course_version_id for row in closed}}
    ids = [row.id for row in closed]
    chosen, gained = chosen_of_many(session, ids), adjusted(session, ids)
    found: dict[tuple[str, str], Mistake] = {}
    for row in closed:
        version = versions[row.course_version_id]
        known = adjustments_of(session, row.id) if row.id in gained else ()
        for mistake in _of(row, version, chosen[row.id], known):
            found.setdefault((row.course_code, mistake.item), mistake)
    return tuple(found.values())


def _of(
    row: Attempt, version: CourseVersionRow, chosen: Mapping[int, Chosen], known: Sequence[Adjustment]
) -> Iterator[Mistake]:
    questions = questions_of(row, version)
    shares = score(questions, chosen, paper_of(row, version).pass_mark, known).earned
    for place, question in enumerate(questions):
        if shares[place] < RIGHT and row.submitted_at is not None:
            told = explained(place, question, chosen.get(place, ()), shares[place])
            topic = version.course.topics.get(question.item.topic, question.item.topic)
            yield Mistake(row.course_code, version.title, row.submitted_at, question.item.id, topic, told)


def chosen_of_many(session: Session, attempt_ids: Sequence[int]) -> defaultdict[int, dict[int, Chosen]]:
    """Give the saved answers of many attempts, by attempt and position."""
    found: defaultdict[int, dict[int, Chosen]] = defaultdict(dict)
    row = AttemptAnswer
    for batch in batched(attempt_ids):
        wanted = select(row.attempt_id, row.position, row.chosen).where(row.attempt_id.in_(batch))
        for attempt_id, position, chosen in session.execute(wanted):
            found[attempt_id][position] = kept(chosen)
    return found
