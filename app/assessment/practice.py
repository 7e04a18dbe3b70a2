"""Daily practice: where somebody stands today, what an answer leaves behind, and how it is explained."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.answers import Chosen, fitting, kept, stored
from app.assessment.evidence import drawn, question_of
from app.assessment.grading import RIGHT, earned
from app.assessment.models import Attempt, PracticeCard, PracticeReview
from app.assessment.papers import Question
from app.assessment.practice_bank import Key, asked_on, bank_of, in_order
from app.assessment.shown import Asked, Explained, asked, explained
from app.assessment.spacing import DAILY, Memory, remembered, streak
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow
from app.kit.dates import day_of
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_
from app.organisations.models import Person

LONGEST_STREAK = 1000


@dataclass(frozen=True)
class Due:
    """A question for today, of the course as it is now."""

    course_code: str
    course_title: str
    item: str
    question: Asked


@dataclass(frozen=True)
class Today:
    """Where somebody stands today: how many are answered, how many there are, the next, the days in a row."""

    done: int
    of: int
    streak: int
    next: Due | None


@dataclass(frozen=True)
class Answered:
    """An answer of a day's practice, explained, and the day on which the question comes again."""

    id: int
    course_code: str
    course_title: str
    question: Explained
    due_on: date | None


@dataclass(frozen=True)
class Glance:
    """What a home page says of practice: what is done today, days in a row, whether there is anything to practise."""

    done: int
    of: int
    streak: int


def glance(session: Session, person_id: int, codes: Collection[str], now: datetime) -> Glance:
    """Say in passing where somebody stands today; `of` is 0 for who has learned nothing yet."""
    sat = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.submitted_at.is_not(None)).limit(1)
    known = bool(codes) or session.scalar(sat) is not None
    day = day_of(now)
    return Glance(len(_done(session, person_id, day)), DAILY if known else 0, streak(_days(session, person_id), day))


def today(session: Session, person_id: int, codes: Collection[str], now: datetime) -> Today:
    """Say what is to be practised today, of courses one has learned (`codes`) or sat an exam in."""
    day = day_of(now)
    done = _done(session, person_id, day)
    left = DAILY - len(done)
    queue = _queue(session, person_id, codes, day, done) if left > 0 else []
    waiting = min(left, len(queue))
    return Today(
        len(done),
        len(done) + waiting,
        streak(_days(session, person_id), day),
        _due(queue[0], person_id, day) if queue else None,
    )


def _days(session: Session, person_id: int) -> Sequence[date]:
    row = PracticeReview
    days = select(row.day).where(row.person_id == person_id).distinct().order_by(row.day.desc())
    return session.scalars(days.limit(LONGEST_STREAK)).all()


def _done(session: Session, person_id: int, day: date) -> set[Key]:
    row = PracticeReview
    found = session.execute(select(row.course_code, row.item).where(row.person_id == person_id, row.day == day))
    return {(course, item) for course, item in found}


def _due(chosen: tuple[CourseVersionRow, Item], person_id: int, day: date) -> Due:
    version, item = chosen
    return Due(version.course_code, version.title, item.id, asked(0, asked_on(item, person_id, day), ()))


def _queue(
    session: Session, person_id: int, codes: Collection[str], day: date, done: Collection[Key]
) -> list[tuple[CourseVersionRow, Item]]:
    """Put in order what may be asked today, and has not been."""
    bank, wrong = bank_of(session, person_id, codes, day)
    row = PracticeCard
    cards = session.execute(select(row.course_code, row.item, row.due_on).where(row.person_id == person_id))
    keys = in_order(person_id, day, bank, wrong, {(course, item): due_on for course, item, due_on in cards})
    return [bank[key] for key in keys if key not in done]


@dataclass(frozen=True)
class Answer:
    """Somebody answers one of today's questions; `codes` as for `today`."""

    person_id: int
    codes: frozenset[str]
    course_code: str
    item: str
    chosen: Chosen


def answer(session: Session, given: Answer, now: datetime) -> int:
    """Take an answer and give its id; the same question again on the same day gives the first one's.

    Problem 409 `practice` when it is not one of today's, 422 `answer` when it does not fit the question.
    """
    day, person = day_of(now), given.person_id
    if session.scalar(select(Person.id).where(Person.id == person).with_for_update()) is None:
        raise not_found()
    row = PracticeReview
    same = (row.person_id == person, row.course_code == given.course_code, row.item == given.item)
    before = session.scalar(select(row.id).where(*same, row.day == day))
    if before is not None:
        return before
    done = _done(session, person, day)
    queue = _queue(session, person, given.codes, day, done) if len(done) < DAILY else []
    found = next(((v, i) for v, i in queue if (v.course_code, i.id) == (given.course_code, given.item)), None)
    if found is None:
        raise Problem(409, "practice", N_("This question is not one of today's. Open the practice page again."))
    version, item = found
    question = asked_on(item, person, day)
    chosen = fit(question, given.chosen)
    right = earned(question, chosen) == RIGHT
    card = session.scalar(
        select(PracticeCard).where(
            PracticeCard.person_id == person,
            PracticeCard.course_code == given.course_code,
            PracticeCard.item == given.item,
        )
    )
    review = PracticeReview(
        person_id=person,
        course_code=given.course_code,
        course_version_id=version.id,
        item=item.id,
        topic=item.topic,
        day=day,
        drawn=drawn(question),
        chosen=stored(chosen),
        right=right,
        spaced=card is not None,
        answered_at=now,
    )
    session.add(review)
    _remember(session, given, card, remembered(_memory(card), day, right=right))
    session.flush()
    return review.id


def fit(question: Question, chosen: Chosen) -> Chosen:
    """Give an answer in the form in which it is kept; Problem 422 `answer` when it does not fit the question."""
    fitted = fitting(question.item.kind, len(question.options), [len(part.options) for part in question.parts], chosen)
    if fitted is None:
        raise Problem(422, "answer", N_("This answer does not fit the question. Reload the page and choose again."))
    return fitted


def _memory(card: PracticeCard | None) -> Memory | None:
    if card is None:
        return None
    return Memory(card.state, card.step, card.stability, card.difficulty, card.due_at, card.reviewed_at)


def _remember(session: Session, given: Answer, card: PracticeCard | None, memory: Memory) -> None:
    if card is None:
        card = PracticeCard(person_id=given.person_id, course_code=given.course_code, item=given.item)
        session.add(card)
    card.state, card.step, card.due_on = memory.state, memory.step, memory.due_on
    card.stability, card.difficulty = memory.stability, memory.difficulty
    card.due_at, card.reviewed_at = memory.due_at, memory.reviewed_at


def answered(session: Session, person_id: int, review_id: int) -> Answered:
    """Give one's own answer, explained; Problem 404 when it is not theirs."""
    row = session.get(PracticeReview, review_id)
    if row is None or row.person_id != person_id:
        raise not_found()
    version = catalogue.version(session, row.course_version_id)
    item = next(one for one in version.course.items if one.id == row.item)
    question, chosen = question_of(item, row.drawn), kept(row.chosen)
    due_on = session.scalar(
        select(PracticeCard.due_on).where(
            PracticeCard.person_id == person_id,
            PracticeCard.course_code == row.course_code,
            PracticeCard.item == row.item,
        )
    )
    told = explained(0, question, chosen, earned(question, chosen))
    return Answered(row.id, row.course_code, version.title, told, due_on)
