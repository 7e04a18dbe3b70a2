"""One enterprise's histories as the rows of the ledger's four tables: plain tuples of what databases store.

Days are ordinals, instants microseconds; the columns of each table are named beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.coverage import ledger
from app.coverage.rebuild import assignments, enterprises
from app.coverage.rebuild.assignments import Standings
from app.coverage.rebuild.enterprises import Statuses
from app.coverage.rebuild.history import Day, EnterpriseHistory, Held, Instant, Library, periods, stages
from app.coverage.rebuild.lines import DAY_BITS, DAY_MASK, KIND_BITS, KIND_MASK, KINDS, Lines, tally
from app.kit.dates import day_of
from app.ops.db import EPOCH

Row = tuple[Any, ...]
WHO = ("plan_id", "assignment_id", "person_id", "enterprise_id", "post")
WHERE = ("region", "industry", "key_enterprise")
SPAN = ("from_on", "until_on")
KNOWN = ("recorded_at", "superseded_at")
POSTED = ("posting_id", "recorded_at", "plan_id", *WHERE, "enterprise_id")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "standing": (*WHO, *WHERE, *SPAN, "covered", "waived", *KNOWN),
    "entry": (*POSTED, "post", "effective_on", "required", "covered", "waived", "late"),
    "enterprise_standing": ("plan_id", "enterprise_id", *WHERE, *SPAN, "status", *KNOWN),
    "enterprise_entry": (*POSTED, "kind", "effective_on", "delta", "late"),
}
HOUR = 3600 * 10**6


Columns = list[tuple[Any, ...]]
"""Rows of a table column by column; nothing when there is no row."""


class Rows(NamedTuple):
    """Rows by table, in COLUMNS' order."""

    standing: list[Row]
    entry: list[Row]
    enterprise_standing: list[Row]
    enterprise_entry: list[Row]


def by_column(rows: Iterable[Row]) -> Columns:
    """Give rows of a table column by column."""
    return list(zip(*rows, strict=True))


def told(
    library: Library,
    history: EnterpriseHistory,
    awards: Mapping[int, list[Held]],
    posting: Callable[[Instant], int],
    rows: Rows,
) -> None:
    """Replay one enterprise and append its rows; `posting` gives the id of an instant's posting."""
    known = periods(history)
    taken_in = [stages(editions, known) for editions in library.plans]
    standings = assignments.replay(library, history, taken_in, awards)
    statuses = enterprises.replay(history, known, taken_in, standings)
    rows.standing.extend(standings.stored)
    rows.enterprise_standing.extend(statuses.stored)
    for at, lines in standings.changes.items():
        rows.entry.extend(_entries(standings, at, lines, posting))
    heads = _Heads(statuses, history.id)
    for at, posted in statuses.posted.items():
        for plan, lines in posted:
            rows.enterprise_entry.extend(_enterprise_entries(heads, plan, at, lines, posting))


def _entries(standings: Standings, at: Instant, lines: Lines, posting: Callable[[Instant], int]) -> list[Row]:
    posted, recorded_on, whats = posting(at), recording_day(at), standings.whats.all
    return [
        (posted, at, *whats[line >> DAY_BITS], line & DAY_MASK, *tally(sums), LATE[recorded_on - (line & DAY_MASK)])
        for line, sums in lines.items()
        if sums
    ]


class _Heads(dict[tuple[int, int], Row]):
    """What entries of an enterprise are about, by plan and a line's beginning: plan, place, enterprise, kind."""

    def __init__(self, statuses: Statuses, enterprise: int) -> None:
        super().__init__()
        self._places, self._enterprise = statuses.places.all, enterprise

    def __missing__(self, key: tuple[int, int]) -> Row:
        plan, about = key
        found = self[key] = (plan, *self._places[about >> KIND_BITS], self._enterprise, KINDS[about & KIND_MASK])
        return found


def _enterprise_entries(
    heads: Mapping[tuple[int, int], Row], plan: int, at: Instant, lines: Lines, posting: Callable[[Instant], int]
) -> list[Row]:
    posted, recorded_on = posting(at), recording_day(at)
    return [
        (posted, at, *heads[plan, line >> DAY_BITS], line & DAY_MASK, delta, LATE[recorded_on - (line & DAY_MASK)])
        for line, delta in lines.items()
        if delta
    ]


class _Late(dict[int, int]):
    """The class of entries that came so many days late, each worked out once."""

    def __missing__(self, days: int) -> int:
        found = self[days] = ledger.lateness(days)
        return found


LATE = _Late()


def recording_day(at: Instant) -> Day:
    """Give the day in Shanghai of an instant: its clocks are whole hours ahead."""
    return _day(at // HOUR)


@lru_cache(maxsize=65536)
def _day(hour: int) -> Day:
    """Give the day of an hour since 1970."""
    return day_of(EPOCH + timedelta(hours=hour)).toordinal()
