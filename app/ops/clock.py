"""The only place that reads the clock."""

import time
from datetime import UTC, date, datetime

from app.kit.dates import day_of


def now() -> datetime:
    """Give the current instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Give the current day in Asia/Shanghai."""
    return day_of(now())


def seconds() -> float:
    """Give the seconds of a clock that never goes back, to measure how long something lasts."""
    return time.monotonic()
