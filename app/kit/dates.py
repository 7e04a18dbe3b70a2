"""Days in Asia/Shanghai, instants in UTC, and the arithmetic that rules of law need."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.kit.errors import Problem

WRITTEN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITTEN_INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ALWAYS = date.min
NEVER = date.max
FIRST_ASKED, LAST_ASKED = date(1900, 1, 1), date(2999, 12, 31)
"""Between these anything may be asked: well inside what days of "always" and "never" bound."""


def day_of(instant: datetime) -> date:
    """Give the calendar day in Asia/Shanghai on which an aware instant falls."""
    return instant.astimezone(SHANGHAI).date()


def shanghai_time(instant: datetime) -> str:
    """Show an instant by the clock of Asia/Shanghai, to the second."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def iso_day(text: str) -> date:
    """Read YYYY-MM-DD; ValueError for anything else, also for the other forms of ISO 8601 (20251231, 2025-W01-1)."""
    if not WRITTEN.fullmatch(text):
        message = "not YYYY-MM-DD"
        raise ValueError(message)
    return date.fromisoformat(text)


def iso_instant(text: str) -> datetime:
    """Read an instant whose day is written YYYY-MM-DD and whose time has colons; ValueError for anything else."""
    if not WRITTEN_INSTANT.match(text):
        message = "not YYYY-MM-DDThh:mm"
        raise ValueError(message)
    return datetime.fromisoformat(text)


def day_in(text: str, code: str = "on") -> date:
    """Read a day as somebody wrote it; Problem 422, under a code, for anything that is none."""
    try:
        return iso_day(text)
    except ValueError:
        raise Problem(422, code, "Write the day as 2025-12-31.") from None


def day_or_none(text: str, code: str = "on") -> date | None:
    """Read a day, None where nothing was written."""
    return day_in(text, code) if text else None


def end_of(day: date) -> datetime:
    """Give the last microsecond (UTC) of a day in Asia/Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC) - timedelta(microseconds=1)


def start_of(day: date) -> datetime:
    """Give the first instant (UTC) of a day in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Add calendar months, clipped to the month's end: 2024-02-29 + 12 = 2025-02-28."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """Add days, clipped to the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return NEVER if days > 0 else ALWAYS
