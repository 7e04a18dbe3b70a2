"""Since when it was known that a post is covered, or no longer covered, from a day on: read off the ledger. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Stood(NamedTuple):
    """A span as the ledger held it, from `recorded_at` until `superseded_at` (None: it still does)."""

    from_on: date
    until_on: date
    covered: bool
    recorded_at: datetime
    superseded_at: datetime | None


def known_since(rows: Sequence[Stood], day: date, *, covered: bool) -> datetime | None:
    """Give the instant since which the ledger has said that a post turned (un)covered on a day; None: it does not.

    What it said for a while, and then no longer, does not count.
    """
    instants = {row.recorded_at for row in rows} | {row.superseded_at for row in rows if row.superseded_at}
    since = None
    for instant in sorted(instants, reverse=True):
        known = [row for row in rows if row.recorded_at <= instant and not _superseded(row, instant)]
        if not _turned(known, day, covered=covered):
            break
        since = instant
    return since


def _superseded(row: Stood, instant: datetime) -> bool:
    return row.superseded_at is not None and row.superseded_at <= instant


def _turned(known: Iterable[Stood], day: date, *, covered: bool) -> bool:
    on_day = {row.covered for row in known if row.from_on <= day < row.until_on}
    before = any(row.covered for row in known if row.from_on <= day - DAY < row.until_on)
    return on_day == {covered} and before is not covered
