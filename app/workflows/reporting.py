"""What a report must not miss: what its question says is known at an instant, and its reader's own writes."""

from datetime import datetime

from app.coverage.queries import parse_known_at
from app.kit.dates import end_of
from app.kit.errors import Problem
from app.ops.replay import Needs

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
