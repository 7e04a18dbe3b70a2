"""What a report must not miss: all that was known at the instant it is asked about, and its reader's own writes."""

from datetime import datetime
from typing import TypeGuard

from anyio.to_thread import run_sync
from sqlalchemy.exc import OperationalError

from app.coverage import known
from app.coverage.queries import parse_known_at
from app.kit.dates import end_of
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.i18n import N_
from app.ops.replay import Needs, is_settling

MOST_DIGITS = 19
"""Positions of a log are 64-bit numbers."""


def needs(known_at: str | None, written: str | None = None) -> Needs:
    """Read a question's `known_at` and the position of its reader's last write; what cannot be read asks for nothing.

    The page that takes the question says what is wrong with it.
    """
    return Needs(_instant(known_at), _position(written))


def _instant(text: str | None) -> datetime | None:
    try:
        known_at = parse_known_at(text) if text else None
        return known_at if known_at is None or isinstance(known_at, datetime) else end_of(known_at)
    except (Problem, OverflowError):
        return None


def _position(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


async def fix_in_turn(database: Database, known_at: str | None, now: datetime) -> None:
    """Do `fix_known` for a question's `known_at` when it is its turn to write: waiting costs no thread."""
    instant = _instant(known_at)
    if not _must_be_fixed(instant, now):
        return
    async with database.turns.writing:
        await run_sync(fix_known, database, instant, now)


def _must_be_fixed(known_at: datetime | None, now: datetime) -> TypeGuard[datetime]:
    return known_at is not None and known_at <= now and is_settling(known_at, now)


def fix_known(database: Database, known_at: datetime | None, now: datetime) -> None:
    """Before figures are read as known at a recent instant: see to it that they will never be others.

    Call it outside any transaction. Problem 503 while something large is being recorded.
    """
    if not _must_be_fixed(known_at, now):
        return
    try:
        with database.session() as session:
            known.fix(session, known_at)
    except OperationalError as error:
        message = N_("Much is being recorded at this moment. Ask again in a minute, or as known at an earlier moment.")
        raise Problem(503, "known_at_settling", message) from error
