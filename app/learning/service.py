"""Commands of learning: open a module on a device, take receipts of learning time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.bodies import Rules
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.learning import crediting, queries
from app.learning.checks import NEVER, TAKEN_OVER, Check, chosen, due, hold_of, taken_over
from app.learning.conditions import asks
from app.learning.credit import State, decide
from app.learning.intervals import Span, first_gap
from app.learning.models import LearningReceipt, LearningSession, ModuleProgress
from app.learning.presence import Often
from app.learning.rows import OpenModule, live_session, lock_person, module_of, progress_row
from app.ops.i18n import N_
from app.ops.prepared import run
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
    known = run(session, KNOWN, {"session_id": live.id, "sequence": receipt.sequence}).scalar_one_or_none()
    if known is not None:
        return _answer(progress, known, check=None if live.ended_at else due(session, live, progress, now))
    if live.ended_at is not None:
        raise taken_over()
    days = queries.learned(session, live.person_id, day_of(now))
    module = module_of(catalogue.version(session, live.course_version_id), live.module)
    earned = sum(day.credited_ms for day in days)
    decision = decide(receipt.spans, _state(live, progress, module.rules, earned, daily_cap_ms), now)
    crediting.keep(session, live, receipt.sequence, receipt.spans, decision, now)
    if decision.credited_ms:
        crediting.advance(session, progress, decision, now, asks=asks(module.kind))
        crediting.note_day(session, progress, days, decision.credited_ms, now)
    check = due(session, live, progress, now)
    return _answer(progress, decision.credited_ms, capped=decision.capped, check=check)


KNOWN = select(LearningReceipt.credited_ms).where(
    LearningReceipt.session_id == bindparam("session_id"), LearningReceipt.sequence == bindparam("sequence")
)


def _check(receipt: Receipt) -> None:
    well_formed = all(0 <= start < end for start, end in receipt.spans)
    if receipt.sequence < 1 or len(receipt.spans) > MOST_SPANS or not well_formed:
        raise Problem(422, "receipt", N_("This report of reading time is malformed. Open the page again."))


def _state(
    live: LearningSession, progress: ModuleProgress, rules: Rules, earned_today_ms: int, daily_cap_ms: int
) -> State:
    return State(
        seen=tuple((start, end) for start, end in progress.intervals),
        needed_ms=progress.needed_ms,
        credited_until=live.credited_until,
        earned_today_ms=earned_today_ms,
        daily_cap_ms=daily_cap_ms,
        hold_ms=hold_of(live, progress),
        skip=rules.skip_forward,
        rate=rules.speed_max,
    )


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
