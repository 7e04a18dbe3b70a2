"""Commands of learning: open a module on a device, take receipts of learning time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.learning import queries
from app.learning.checks import NEVER, TAKEN_OVER, Check, chosen, due, hold_of, taken_over
from app.learning.conditions import asks
from app.learning.credit import Decision, State, decide
from app.learning.intervals import Span, first_gap, length
from app.learning.models import LearningDay, LearningReceipt, LearningSession, ModuleProgress
from app.learning.presence import Often
from app.learning.rows import OpenModule, live_session, lock_person, module_of, progress_row
from app.ops.i18n import N_
from app.ops.secrets import keyed_hash, random_token

MOST_SPANS = 200


@dataclass(frozen=True)
class Opened:
    """A live learning session: it goes on from `position_ms`, the first that was not seen. `token` proves the device.

    `check`: a presence check waits for its answer.
    """

    token: str
    position_ms: int
    credited_ms: int
    needed_ms: int
    complete: bool
    read: bool
    check: Check | None


@dataclass(frozen=True)
class Receipt:
    """A report of played spans, [from, to) in milliseconds of the module's own time; a repeat has the same sequence."""

    person_id: int
    token: str
    sequence: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Credited:
    """What the server made of a report: it goes on from `position_ms`; `capped`: the day is full.

    `total_ms`: all credit of the module. `read`: its time is done, though what it asks besides may not be.
    `check`: a presence check that must be answered before credit goes on.
    """

    credited_ms: int
    position_ms: int
    total_ms: int
    needed_ms: int
    complete: bool
    read: bool
    capped: bool = False
    check: Check | None = None


def open_session(session: Session, asked: OpenModule, now: datetime, often: Often = NEVER) -> Opened:
    """Open a module on this device; a session live elsewhere ends, visibly. Problem 404 for an unknown module.

    `often`: how much credit lies between two presence checks.
    """
    lock_person(session, asked.person_id)
    session.execute(
        update(LearningSession)
        .where(LearningSession.person_id == asked.person_id, LearningSession.ended_at.is_(None))
        .values(ended_at=now, ended_why=TAKEN_OVER)
    )
    progress, anew = progress_row(session, asked, now)
    token = random_token()
    live = LearningSession(
        token_hash=keyed_hash(token, "learning"),
        person_id=asked.person_id,
        course_version_id=asked.version.id,
        module=asked.module,
        anew=anew,
        checks=chosen(asked, often),
        opened_at=now,
        credited_until=now,
    )
    session.add(live)
    session.flush()
    return Opened(
        token=token,
        position_ms=_position(progress),
        credited_ms=progress.credited_ms,
        needed_ms=progress.needed_ms,
        complete=progress.completed_at is not None,
        read=_read(progress),
        check=due(session, live, progress, now),
    )


def receive(session: Session, receipt: Receipt, daily_cap_ms: int, now: datetime) -> Credited:
    """Credit a report of reading time and keep it with its decision as evidence; a repeat gets the same answer.

    Problem 404 when the token is not this person's, 409 `taken_over` when another device has taken over, 422 when
    the report is malformed.
    """
    _check(receipt)
    live, progress = live_session(session, receipt.person_id, receipt.token)
    known = session.scalar(
        select(LearningReceipt.credited_ms).where(
            LearningReceipt.session_id == live.id, LearningReceipt.sequence == receipt.sequence
        )
    )
    if known is not None:
        return _answer(progress, known, check=None if live.ended_at else due(session, live, progress, now))
    if live.ended_at is not None:
        raise taken_over()
    decision = decide(receipt.spans, _state(session, live, progress, daily_cap_ms, day_of(now)), now)
    session.add(_evidence(live.id, receipt, decision, now))
    _apply(session, live, progress, decision, now)
    check = due(session, live, progress, now)
    return _answer(progress, decision.credited_ms, capped=decision.capped, check=check)


def _check(receipt: Receipt) -> None:
    well_formed = all(0 <= start < end for start, end in receipt.spans)
    if receipt.sequence < 1 or len(receipt.spans) > MOST_SPANS or not well_formed:
        raise Problem(422, "receipt", N_("This report of reading time is malformed. Open the page again."))


def _state(session: Session, live: LearningSession, progress: ModuleProgress, daily_cap_ms: int, today: date) -> State:
    rules = module_of(catalogue.version(session, live.course_version_id), live.module).rules
    return State(
        seen=tuple((start, end) for start, end in progress.intervals),
        needed_ms=progress.needed_ms,
        credited_until=live.credited_until,
        earned_today_ms=queries.learned_ms(session, live.person_id, today),
        daily_cap_ms=daily_cap_ms,
        hold_ms=hold_of(live, progress),
        skip=rules.skip_forward,
        rate=rules.speed_max,
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
        _advance(session, progress, decision, now)
        _note_day(session, progress, decision.credited_ms, now)
    session.flush()


def _advance(session: Session, progress: ModuleProgress, decision: Decision, now: datetime) -> None:
    progress.intervals = [list(span) for span in decision.seen]
    progress.credited_ms = length(decision.seen)
    progress.updated_at = now
    if decision.complete and progress.completed_at is None and _asks_no_more(session, progress):
        progress.completed_at = now


def _asks_no_more(session: Session, progress: ModuleProgress) -> bool:
    """Say whether a module asks nothing besides time, or what it asks is done."""
    version = catalogue.version(session, progress.course_version_id)
    return progress.fulfilled_at is not None or not asks(module_of(version, progress.module).kind)


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


def _answer(
    progress: ModuleProgress, credited_ms: int, *, capped: bool = False, check: Check | None = None
) -> Credited:
    return Credited(
        credited_ms=credited_ms,
        position_ms=_position(progress),
        total_ms=progress.credited_ms,
        needed_ms=progress.needed_ms,
        complete=progress.completed_at is not None,
        read=_read(progress),
        capped=capped,
        check=check,
    )


def _position(progress: ModuleProgress) -> int:
    return first_gap((start, end) for start, end in progress.intervals)


def _read(progress: ModuleProgress) -> bool:
    return progress.credited_ms >= progress.needed_ms
