"""Commands of learning: open a module on a device, take receipts of reading time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.kit.dates import day_of
from app.kit.errors import Problem, not_found
from app.learning import queries
from app.learning.credit import Decision, State, decide
from app.learning.intervals import Span, length
from app.learning.models import LearningDay, LearningReceipt, LearningSession, ModuleProgress
from app.ops.i18n import N_
from app.ops.secrets import keyed_hash, random_token
from app.organisations.models import Person

MOST_SPANS = 200
TAKEN_OVER = "taken_over"


@dataclass(frozen=True)
class OpenModule:
    """Somebody opens a module of a version; progress up to `since` was used up, so that it begins again."""

    person_id: int
    version: CourseVersionRow
    module: str
    since: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """A live learning session: reading goes on from `position_ms`. `token` is the device's proof."""

    token: str
    position_ms: int
    needed_ms: int
    complete: bool


@dataclass(frozen=True)
class Receipt:
    """A report of played spans, [from, to) in milliseconds of the module's own time; a repeat has the same sequence."""

    person_id: int
    token: str
    sequence: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Credited:
    """What the server made of a report: reading goes on from `position_ms`; `capped`: the day is full."""

    credited_ms: int
    position_ms: int
    needed_ms: int
    complete: bool
    capped: bool = False


def open_session(session: Session, asked: OpenModule, now: datetime) -> Opened:
    """Open a module on this device; a session live elsewhere ends, visibly. Problem 404 for an unknown module."""
    _lock_person(session, asked.person_id)
    session.execute(
        update(LearningSession)
        .where(LearningSession.person_id == asked.person_id, LearningSession.ended_at.is_(None))
        .values(ended_at=now, ended_why=TAKEN_OVER)
    )
    progress, anew = _progress_row(session, asked, now)
    token = random_token()
    session.add(
        LearningSession(
            token_hash=keyed_hash(token, "learning"),
            person_id=asked.person_id,
            course_version_id=asked.version.id,
            module=asked.module,
            anew=anew,
            opened_at=now,
            credited_until=now,
        )
    )
    session.flush()
    return Opened(token, progress.credited_ms, progress.needed_ms, progress.completed_at is not None)


def _lock_person(session: Session, person_id: int) -> None:
    """Let nobody else open a session for this person meanwhile."""
    if session.scalar(select(Person.id).where(Person.id == person_id).with_for_update()) is None:
        raise not_found()


def _progress_row(session: Session, asked: OpenModule, now: datetime) -> tuple[ModuleProgress, bool]:
    """Find or make the module's progress; say whether it begins again at zero."""
    module = next((module for module in asked.version.course.modules if module.slug == asked.module), None)
    if module is None:
        raise not_found()
    row = _find_progress(session, asked.person_id, asked.version.id, asked.module)
    if row is None:
        row = ModuleProgress(
            person_id=asked.person_id,
            course_code=asked.version.course_code,
            course_version_id=asked.version.id,
            module=asked.module,
            intervals=[],
            credited_ms=0,
            needed_ms=module.needed_seconds * 1000,
            updated_at=now,
        )
        session.add(row)
        return row, False
    anew = asked.since is not None and row.updated_at <= asked.since
    if anew:
        row.intervals, row.credited_ms, row.completed_at, row.updated_at = [], 0, None, now
    return row, anew


def _find_progress(session: Session, person_id: int, version_id: int, module: str) -> ModuleProgress | None:
    return session.scalar(
        select(ModuleProgress)
        .where(
            ModuleProgress.person_id == person_id,
            ModuleProgress.course_version_id == version_id,
            ModuleProgress.module == module,
        )
        .with_for_update()
    )


def receive(session: Session, receipt: Receipt, daily_cap_ms: int, now: datetime) -> Credited:
    """Credit a report of reading time and keep it with its decision as evidence; a repeat gets the same answer.

    Problem 404 when the token is not this person's, 409 `taken_over` when another device has taken over, 422 when
    the report is malformed.
    """
    _check(receipt)
    live = session.scalar(
        select(LearningSession)
        .where(LearningSession.token_hash == keyed_hash(receipt.token, "learning"))
        .with_for_update()
    )
    if live is None or live.person_id != receipt.person_id:
        raise not_found()
    progress = _find_progress(session, live.person_id, live.course_version_id, live.module)
    if progress is None:
        raise not_found()
    known = session.scalar(
        select(LearningReceipt.credited_ms).where(
            LearningReceipt.session_id == live.id, LearningReceipt.sequence == receipt.sequence
        )
    )
    if known is not None:
        return _answer(progress, known)
    if live.ended_at is not None:
        message = N_("You went on learning on another device or page, so time on this one is no longer counted.")
        raise Problem(409, TAKEN_OVER, message)
    decision = decide(receipt.spans, _state(session, live, progress, daily_cap_ms, day_of(now)), now)
    session.add(_evidence(live.id, receipt, decision, now))
    _apply(session, live, progress, decision, now)
    return _answer(progress, decision.credited_ms, capped=decision.capped)


def _check(receipt: Receipt) -> None:
    well_formed = all(0 <= start < end for start, end in receipt.spans)
    if receipt.sequence < 1 or len(receipt.spans) > MOST_SPANS or not well_formed:
        raise Problem(422, "receipt", N_("This report of reading time is malformed. Open the page again."))


def _state(session: Session, live: LearningSession, progress: ModuleProgress, daily_cap_ms: int, today: date) -> State:
    return State(
        seen=tuple((start, end) for start, end in progress.intervals),
        needed_ms=progress.needed_ms,
        credited_until=live.credited_until,
        earned_today_ms=queries.learned_ms(session, live.person_id, today),
        daily_cap_ms=daily_cap_ms,
    )


def _evidence(session_id: int, receipt: Receipt, decision: Decision, now: datetime) -> LearningReceipt:
    return LearningReceipt(
        session_id=session_id,
        sequence=receipt.sequence,
        received_at=now,
        spans=[list(span) for span in receipt.spans],
        allowed_ms=decision.allowed_ms,
        credited_ms=decision.credited_ms,
    )


def _apply(
    session: Session, live: LearningSession, progress: ModuleProgress, decision: Decision, now: datetime
) -> None:
    live.credited_until = decision.credited_until
    if decision.credited_ms:
        _advance(progress, decision, now)
        _note_day(session, progress, decision.credited_ms, now)
    session.flush()


def _advance(progress: ModuleProgress, decision: Decision, now: datetime) -> None:
    progress.intervals = [list(span) for span in decision.seen]
    progress.credited_ms = length(decision.seen)
    progress.updated_at = now
    if decision.complete and progress.completed_at is None:
        progress.completed_at = now


def _note_day(session: Session, progress: ModuleProgress, credited_ms: int, now: datetime) -> None:
    """Add to the day's time in the course: the event behind `in_progress`, and the daily cap."""
    key = {
        "person_id": progress.person_id,
        "recorded_person_id": progress.person_id,
        "course_code": progress.course_code,
        "day": day_of(now),
    }
    row = session.scalar(select(LearningDay).filter_by(**key))
    if row is None:
        session.add(LearningDay(**key, credited_ms=credited_ms, recorded_at=now))
    else:
        row.credited_ms += credited_ms


def _answer(progress: ModuleProgress, credited_ms: int, *, capped: bool = False) -> Credited:
    return Credited(credited_ms, progress.credited_ms, progress.needed_ms, progress.completed_at is not None, capped)
