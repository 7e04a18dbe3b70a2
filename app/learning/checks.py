"""Presence checks on the server: chosen when a module is opened, asked when they are due, answered, kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.kit.errors import Problem
from app.learning.models import LearningSession, ModuleProgress, PresenceCheck
from app.learning.presence import Often, hold, moments, question
from app.learning.rows import OpenModule, live_session
from app.ops.i18n import N_
from app.ops.secrets import keyed_hash, random_token

TAKEN_OVER = "taken_over"
NEVER = Often(0, 0)


@dataclass(frozen=True)
class Check:
    """A question whether somebody is still there: to tap `word` among `options`, at `at_ms` of the module's credit."""

    at_ms: int
    word: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """What came of an answer; when it was wrong, `check` asks anew."""

    right: bool
    check: Check | None = None


def chosen(asked: OpenModule, often: Often) -> list[int]:
    """Choose the moments at which a learner will be asked in a module, by the server's secret."""
    since = asked.since.isoformat() if asked.since else ""
    seed = keyed_hash(f"{asked.person_id} {asked.version.id} {since}", "presence")
    before_ms, needed_ms = _place(asked.version, asked.module)
    return list(moments(seed, before_ms, needed_ms, often))


def _place(version: CourseVersionRow, slug: str) -> tuple[int, int]:
    before = 0
    for module in version.course.modules:
        if module.slug == slug:
            return before, module.needed_seconds * 1000
        before += module.needed_seconds * 1000
    return before, 0


def hold_of(live: LearningSession, progress: ModuleProgress) -> int | None:
    """Give the credit past which a session may not go before a check is answered."""
    return hold(live.checks, progress.credited_ms, progress.present_ms)


def due(session: Session, live: LearningSession, progress: ModuleProgress, now: datetime) -> Check | None:
    """Give the check that is due, asked from now on; None when none is."""
    at_ms = hold_of(live, progress)
    if at_ms is None or progress.credited_ms < at_ms:
        return None
    row = _find(session, live.id, at_ms)
    if row is None:
        asked = question(random_token())
        row = PresenceCheck(
            session_id=live.id, at_ms=at_ms, word=asked.word, options=list(asked.options), asked_at=now, wrong=0
        )
        session.add(row)
        session.flush()
    return _check(row)


@dataclass(frozen=True)
class AnswerCheck:
    """Somebody tapped a word."""

    person_id: int
    token: str
    at_ms: int
    word: str


def answer(session: Session, given: AnswerCheck, now: datetime) -> Answered:
    """Take an answer; a right one lets credit go on, a wrong one is counted and asks anew. A repeat is right again.

    Wall-clock that had passed before the question was asked keeps its worth; what passed while it stood has none.
    Problem 404 when the session is not this person's or nothing was asked, 409 when another device has taken over.
    """
    live, progress = live_session(session, given.person_id, given.token)
    if live.ended_at is not None:
        raise taken_over()
    row = _find(session, live.id, given.at_ms)
    if row is None:
        raise Problem(404, "no_check", N_("Nothing was asked here."))
    if row.answered_at is not None:
        return Answered(right=True)
    if given.word != row.word:
        asked = question(random_token())
        row.wrong, row.word, row.options = row.wrong + 1, asked.word, list(asked.options)
        session.flush()
        return Answered(right=False, check=_check(row))
    row.answered_at = now
    progress.present_ms = max(progress.present_ms, row.at_ms)
    live.credited_until = min(now, live.credited_until + (now - row.asked_at))
    session.flush()
    return Answered(right=True)


def taken_over() -> Problem:
    """Say that another device or page learns now."""
    message = N_("You went on learning on another device or page, so time on this one is no longer counted.")
    return Problem(409, TAKEN_OVER, message)


def _find(session: Session, session_id: int, at_ms: int) -> PresenceCheck | None:
    return session.scalar(select(PresenceCheck).filter_by(session_id=session_id, at_ms=at_ms))


def _check(row: PresenceCheck) -> Check:
    return Check(row.at_ms, row.word, tuple(row.options))
