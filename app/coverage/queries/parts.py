"""The parts a sum by region is made of: what rollups hold, what was known far ahead, and entries one by one.

What is known now on a day is a sum of years, months and days (projection_models.py), and of what is still pending. As
known at K, with D0 the earlier of the day asked for and K's own day:

    known now on D0
    - entries effective by D0 that were recorded after K: of late class c they lie in (K's day - 2**c, D0]
    + entries effective after K's day and by the day asked for that were recorded by K: of early class c they lie in
      (K's day, K's day + 2**c); those that came far ahead are summed up by the month in which they were recorded

so the cost follows what was still unrecorded then, and what changes in between, not the history.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.coverage import ahead
from app.coverage.joins import below_nodes
from app.coverage.prepared import run
from app.coverage.projection_models import DAY, MONTH, YEAR, PendingKind, PendingTally, RegionNode
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.placing import base_day, corrections
from app.coverage.queries.sources import Part, Wanted
from app.kit.dates import day_of, start_of
from app.ops.db import kept

MONTHS = 12


def kept_parts(wanted: Wanted, nodes: Sequence[str]) -> list[Part]:
    """Select what the rollups of nodes hold of the base day."""
    rollup = wanted.source.rollup
    found = []
    for one in spans_before(base_day(wanted.question)):
        part = wanted.of(rollup, rollup.node, sign=one.sign).where(*_kept(wanted, rollup, nodes, one.grain))
        found.append(part.where(rollup.period.between(one.first, one.last)))
    return found


@dataclass(frozen=True)
class Span:
    """Periods of a grain, the first and the last of them included, which are added or (sign -1) taken away."""

    sign: int
    grain: int
    first: date
    last: date


def spans_before(day: date) -> list[Span]:
    """Give the periods that together make what stands at a day's end, the shorter way round.

    Late in a month the whole month counts, less its days to come; late in a year the whole year, less its months.
    """
    last_day = monthrange(day.year, day.month)[1]
    to_month = day.day * 2 > last_day
    months = day.month if to_month else day.month - 1
    to_year = months > MONTHS // 2
    years = day.year if to_year else day.year - 1
    spans = [Span(1, YEAR, date.min, date(years, 1, 1))] if years else []
    if to_year and months < MONTHS:
        spans.append(Span(-1, MONTH, date(day.year, months + 1, 1), date(day.year, MONTHS, 1)))
    elif months and not to_year:
        spans.append(Span(1, MONTH, date(day.year, 1, 1), date(day.year, months, 1)))
    if not to_month:
        spans.append(Span(1, DAY, day.replace(day=1), day))
    elif day.day < last_day:
        spans.append(Span(-1, DAY, day + timedelta(days=1), day.replace(day=last_day)))
    return spans


def _kept(wanted: Wanted, table: type[Any], nodes: Sequence[str], grain: int) -> tuple[ColumnElement[bool], ...]:
    return table.node.in_(nodes), table.each.is_(wanted.each), table.grain == grain


Far = tuple[date, date]
"""From which month on, and before which, entries that came far ahead are read from their sums."""


def far_months(session: Session, question: Question) -> Far | None:
    """Give the months of which sums tell what was known far ahead; None: nothing is asked about to come, or none is."""
    known_at = question.known_at
    if known_at is None or not question.by_nodes or question.on <= day_of(known_at):
        return None
    there = ahead.summed(session)
    return None if there is None else (there[0], min(there[1], day_of(known_at).replace(day=1)))


def far_parts(wanted: Wanted, far: Far | None, nodes: Sequence[str], where: str) -> list[Part]:
    """Select what was recorded far ahead in those months, of the days after the instant's up to the one asked about.

    where: names the column that stands for the place.
    """
    question, table = wanted.question, wanted.source.ahead
    if far is None or question.known_at is None:
        return []
    first, until = far
    years = [date(year, 1, 1) for year in range(first.year, until.year)]
    in_year = [date(until.year, month, 1) for month in range(1, until.month)]
    to_come = (table.effective_on > day_of(question.known_at), table.effective_on <= question.on)
    found = []
    for grain, periods in ((YEAR, years), (MONTH, in_year)):
        if periods:
            part = wanted.of(table, getattr(table, where)).where(*_kept(wanted, table, nodes, grain))
            found.append(part.where(table.period.in_(periods), *to_come))
    return found


def loose_parts(
    session: Session, wanted: Wanted, far: Far | None, below: ColumnElement[bool], where: str
) -> list[Part]:
    """Select what is looked at entry by entry: what is pending, and what the instant of knowledge corrects.

    where: names the column that stands for the place: node, or effective_on.
    """
    question, source = wanted.question, wanted.source
    found = []
    if is_postgresql(session) and kept(session, source.pending, lambda: _is_any(session, source.pending)):
        table = source.pending
        part = wanted.of(table, _place(table, where)).select_from(below_nodes(table))
        found.append(part.where(below, table.effective_on <= base_day(question)))
    entry = source.entry
    for one in corrections(question, entry, None if far is None else start_of(far[1])):
        part = wanted.of(entry, _place(entry, where), sign=one.sign)
        found.append(part.select_from(one.source).where(below, *one.conditions))
    return found


def _is_any(session: Session, pending: type[PendingTally | PendingKind]) -> bool:
    """Say whether anything waits to be folded: mostly nothing does."""
    return run(session, _first(pending)).first() is not None


@cache
def _first(pending: type[PendingTally | PendingKind]) -> Select[int]:
    return select(pending.id).limit(1)


def _place(table: type[Any], where: str) -> Any:  # noqa: ANN401 - a column
    return RegionNode.node if where == "node" else getattr(table, where)
