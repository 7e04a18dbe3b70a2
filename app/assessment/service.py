"""Commands of assessment: open an attempt, save answers while it runs, close it with its grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.assessment import evidence, queries
from app.assessment.answers import Chosen, fitting, kept, stored
from app.assessment.evidence import SavedAnswer
from app.assessment.grading import Result, grade
from app.assessment.models import Attempt, AttemptAnswer
from app.assessment.papers import draw
from app.assessment.queries import AttemptRow, attempt_row
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.kit.dates import SHANGHAI
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.i18n import N_
from app.ops.prepared import run
from app.organisations.models import Person

CHOICE = "single"
"""What a question is whose JSON form names no kind: what was drawn before there were other kinds, and every choice."""


@dataclass(frozen=True)
class OpenAttempt:
    """Somebody begins a version's final paper; `seed` decides the paper, and is drawn by chance outside."""

    person_id: int
    version: CourseVersionRow
    seed: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question, see answers.Chosen. `sequence` grows with each change of this question."""

    position: int
    chosen: Chosen
    flagged: bool
    sequence: int


@dataclass(frozen=True)
class Saved:
    """What the server holds after a save; where it differs from what was sent, another page was newer."""

    saved_at: datetime
    deadline_at: datetime
    answers: tuple[Answer, ...]


def open_attempt(session: Session, asked: OpenAttempt, now: datetime) -> int:
    """Open an attempt and give its id; while one is open, that one's. Problem 409 `cool_down` when none is left.

    The caller makes sure that the course is learned and no valid certificate is held.
    """
    if session.scalar(select(Person.id).where(Person.id == asked.person_id).with_for_update()) is None:
        raise not_found()
    course = asked.version.course
    listed = queries.attempts(Scope(person=asked.person_id), session, asked.person_id, [course.code])
    running = next((row.id for row in listed if row.submitted_at is None), None)
    if running is not None:
        return running
    paper = queries.final_paper(course)
    _refuse_cool_down(queries.allowed(paper, listed, now).next_at)
    questions = draw(course, paper, asked.seed)
    attempt = Attempt(
        person_id=asked.person_id,
        recorded_person_id=asked.person_id,
        course_code=course.code,
        course_version_id=asked.version.id,
        paper=paper.code,
        seed=asked.seed,
        questions=[evidence.drawn(question) for question in questions],
        opened_at=now,
        deadline_at=now + timedelta(minutes=paper.minutes),
    )
    session.add(attempt)
    session.flush()
    return attempt.id


def _refuse_cool_down(next_at: datetime | None) -> None:
    if next_at is None:
        return
    message = N_(
        "All attempts of this round are used up. The next one may begin at %(at)s; look through the course again."
    )
    raise Problem(409, "cool_down", message, {"at": next_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")})


def save(session: Session, person_id: int, attempt_id: int, answers: Sequence[Answer], now: datetime) -> Saved:
    """Save answers; one that is not newer than what is stored changes nothing. Gives what is stored of those sent.

    Problem 404 when the attempt is not this person's, 409 `attempt_closed` or `attempt_over`, 422 when malformed.
    """
    attempt = _lock(session, person_id, attempt_id)
    if attempt.submitted_at is not None:
        raise Problem(409, "attempt_closed", N_("This exam has been handed in. Its answers can no longer be changed."))
    if attempt_row(attempt).over(now):
        raise Problem(409, "attempt_over", N_("Time is up. What was saved before counts."))
    held = _store(session, attempt, answers, now)
    answered = tuple(Answer(one.position, kept(one.chosen), one.flagged, one.sequence) for one in held)
    return Saved(now, attempt.deadline_at, answered)


def _store(session: Session, attempt: Attempt, answers: Sequence[Answer], now: datetime) -> list[SavedAnswer]:
    if not answers:
        return []
    known = evidence.saved_answers(session, attempt.id)
    held = dict(known)
    for answer in answers:
        chosen = _fitting(attempt, answer)
        row = held.get(answer.position)
        if row is None or answer.sequence > row.sequence:
            newer = SavedAnswer(answer.position, stored(chosen), answer.flagged, answer.sequence, now)
            held[answer.position] = newer
    _write(session, attempt.id, known, held)
    return [held[answer.position] for answer in answers]


def _write(
    session: Session, attempt_id: int, known: Mapping[int, SavedAnswer], held: Mapping[int, SavedAnswer]
) -> None:
    """Write the answers that are not as they were known, past the mapper: an exam has dozens."""
    changed = [one for position, one in held.items() if one is not known.get(position)]
    new = [{"attempt_id": attempt_id, **vars(one)} for one in changed if one.position not in known]
    other = [
        {"of": attempt_id, "at": one.position, "now": one.chosen, "mark": one.flagged, "step": one.sequence}
        | {"when": one.saved_at}
        for one in changed
        if one.position in known
    ]
    if new:
        run(session, ADDED, new)
    if other:
        run(session, CHANGED, other)


ADDED = insert(AttemptAnswer)
CHANGED = (
    update(AttemptAnswer)
    .where(AttemptAnswer.attempt_id == bindparam("of"), AttemptAnswer.position == bindparam("at"))
    .values(chosen=bindparam("now"), flagged=bindparam("mark"), sequence=bindparam("step"), saved_at=bindparam("when"))
)


def _fitting(attempt: Attempt, answer: Answer) -> Chosen:
    """Refuse an answer that the shown page cannot have made; gives it in the form in which it is kept."""
    known = 0 <= answer.position < len(attempt.questions) and answer.sequence > 0
    chosen = None
    if known:
        body = attempt.questions[answer.position]
        parts = [len(part) for part in body.get("parts", ())]
        chosen = fitting(body.get("kind", CHOICE), len(body["options"]), parts, answer.chosen)
    if chosen is None:
        raise Problem(422, "answer", N_("This answer does not fit the question. Reload the page and choose again."))
    return chosen


def _lock(session: Session, person_id: int, attempt_id: int) -> Attempt:
    """Find somebody's own attempt and keep others from changing it; Problem 404 when it is not theirs."""
    found = session.scalar(LOCKED, {"attempt_id": attempt_id})
    if found is None or found.person_id != person_id:
        raise not_found()
    return found


LOCKED = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class HandIn:
    """Somebody hands in an attempt, with the answers as their page shows them."""

    person_id: int
    attempt_id: int
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A closed attempt, the version it was taken in and its paper's seed; `fresh` unless it was closed before."""

    attempt: AttemptRow
    version: CourseVersionRow
    seed: str
    fresh: bool


def close(session: Session, asked: HandIn, now: datetime, recorded_at: datetime) -> Graded:
    """Close an attempt with its grade: late answers are left out, and an attempt that ran out ends at its deadline.

    Once closed it stays as it is, however often it is handed in. Problem 404 when the attempt is not this person's.
    """
    attempt = _lock(session, asked.person_id, asked.attempt_id)
    version = catalogue.version(session, attempt.course_version_id)
    fresh = attempt.submitted_at is None
    if fresh:
        late = attempt_row(attempt).over(now)
        if not late:
            _store(session, attempt, asked.answers, now)
            session.flush()
        result = _grade(session, attempt, version)
        attempt.submitted_at = attempt.deadline_at if late else now
        attempt.score, attempt.outcome = result.score, "passed" if result.passed else "failed"
        attempt.recorded_at = recorded_at
        session.flush()
    worth = None if fresh else evidence.adjusted(session, [attempt.id]).get(attempt.id)
    return Graded(attempt_row(attempt, worth), version, attempt.seed, fresh)


def _grade(session: Session, attempt: Attempt, version: CourseVersionRow) -> Result:
    chosen = evidence.chosen_of(session, attempt.id)
    return grade(evidence.questions_of(attempt, version), chosen, evidence.paper_of(attempt, version).pass_mark)
