"""The days on which the sample's facts are entered: one a month, and today."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from app.kit.dates import add_months

BEGIN = date(2021, 2, 26)
"""Enterprises are entered on this day; the source plans start on 2021-01-01."""
DAY_OF_MONTH = 28
SILENT_DAYS = 99
"""How long ago the officer of the sign-ins last confirmed her roster: more than the 90 days after which it is stale."""


def entry_days(today: date) -> tuple[date, ...]:
    """Give the days of entry up to today, in order: the first, the 28th of each month, today."""
    days = [BEGIN]
    day = date(BEGIN.year, BEGIN.month + 1, DAY_OF_MONTH)
    while day < today:
        days.append(day)
        day = add_months(day, 1)
    return (*days, today)


def entered(days: Sequence[date], day: date) -> date | None:
    """Give the first day of entry on or after a day; None when that is still to come."""
    place = bisect_left(days, day)
    return days[place] if place < len(days) else None
