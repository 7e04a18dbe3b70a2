"""One enterprise's histories as the rows of the ledger's four tables: plain tuples of what databases store.

Days are ordinals, instants microseconds; the columns of each table are named beside it.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.coverage import ledger
from app.coverage.ledger import Line, Tally
from app.coverage.rebuild import assignments, enterprises
from app.coverage.rebuild.history import FOREVER, EnterpriseHistory, Held, Instant, Library, periods, stages
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
    "enterprise_standing": ("plan_id", "enterprise_id", *WHERE, *SPAN, "status", "stale", *KNOWN),
    "enterprise_entry": (*POSTED, "kind", "effective_on", "delta", "late"),
}
HOUR = 3600 * 10**6


class Rows(NamedTuple):
    """Rows by table, in COLUMNS' order."""

    standing: list[Row]
    entry: list[Row]
    enterprise_standing: list[Row]
    enterprise_entry: list[Row]


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
    entries = {at: ledger.difference(*standings.changes[at]) for at in sorted(standings.changes)}
    statuses = enterprises.replay(history, known, taken_in, entries)
    rows.standing.extend(
        (*span[:8], span.from_on.toordinal(), span.until_on.toordinal(), *span[10:], since, _end(until))
        for span, since, until in standings.stored
    )
    rows.enterprise_standing.extend(
        (*status[:5], status.from_on.toordinal(), status.until_on.toordinal(), *status[7:], since, _end(until))
        for status, since, until in statuses.stored
    )
    for at, lines in entries.items():
        if lines:
            rows.entry.extend(_entries(at, posting(at), lines))
    for at, kinds in statuses.lines.items():
        recorded_on, id = _day(at // HOUR), posting(at)
        rows.enterprise_entry.extend(
            (id, at, *line[:6], line.effective_on.toordinal(), delta, ledger.late_class(line.effective_on, recorded_on))
            for line, delta in kinds.items()
        )


def _entries(at: Instant, posting: int, lines: Mapping[Line, Tally]) -> list[Row]:
    recorded_on = _day(at // HOUR)
    return [
        (posting, at, *line[:6], day.toordinal(), *tally, ledger.late_class(day, recorded_on))
        for line, tally in lines.items()
        for day in (line.effective_on,)
    ]


def _end(until: Instant) -> Instant | None:
    return None if until == FOREVER else until


@lru_cache(maxsize=65536)
def _day(hour: int) -> date:
    """Give the day in Shanghai, whose clocks are whole hours ahead, of an hour since 1970."""
    return day_of(EPOCH + timedelta(hours=hour))
