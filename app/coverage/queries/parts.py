"""The parts a sum by region is made of: what rollups hold, what was known far ahead, and entries one by one.

What is known now on a day is a sum of years, months and days (projection_models.py), and of what is still pending. As
known at K, with D0 the earlier of the day asked for and K's own day:

    known now on D0
    - entries effective by D0 that were recorded after K: of late class c they lie in (K's day - 2**c, D0]; those that
      came long after are summed up by the month in which they were recorded and that of their day
    + entries effective after K's day and by the day asked for that were recorded by K: of early class c they lie in
      (K's day, K's day + 2**c); those that came far ahead are summed up by the month in which they were recorded

so the cost follows what was still unrecorded then, and what changes in between, not the history.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, column, select, text, true
from sqlalchemy.orm import Session

from app.coverage import ahead
from app.coverage.joins import OrderedJoin, below_nodes
from app.coverage.periods import is_month_end
from app.coverage.prepared import run
from app.coverage.projection_models import DAY, MONTH, YEAR, PendingKind, PendingTally, RegionNode
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.placing import SummedUp, base_day, corrections
from app.coverage.queries.sources import Part, Wanted
from app.kit.dates import add_days, add_months, day_of, start_of
from app.ops.db import kept

MONTHS = 12


def kept_parts(wanted: Wanted, nodes: Sequence[str]) -> list[Part]:
    """Select what the rollups of nodes hold of the base day; `span_values` says from which periods."""
    rollup, span = wanted.source.rollup, SPANS.c
    part = wanted.of(rollup, rollup.node, sign=span.sign).select_from(OrderedJoin(SPANS, rollup.__table__, true()))
    part = part.where(*_kept(wanted, rollup, nodes), rollup.grain == span.grain)
    return [part.where(rollup.period >= span.first, rollup.period <= span.last)]


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


def _kept(wanted: Wanted, table: type[Any], nodes: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return table.node.in_(nodes), table.each.is_(wanted.each)


@dataclass(frozen=True)
class Far:
    """Months, from one on and before another, of which sums tell what came far ahead (if asked), and long after."""

    ahead: tuple[date, date] | None
    long: tuple[date, date] | None

    @property
    def instants(self) -> SummedUp:
        """Give the same by instants."""
        return SummedUp(_instants(self.ahead), _instants(self.long))


def _instants(months: tuple[date, date] | None) -> tuple[datetime, datetime] | None:
    return None if months is None else (start_of(months[0]), start_of(months[1]))


def far_months(session: Session, question: Question) -> Far | None:
    """Give the months of which sums tell what came far ahead or long after; None: nothing of it is asked."""
    known_at = question.known_at
    there = ahead.summed(session) if known_at is not None and question.by_nodes else None
    if there is None or known_at is None:
        return None
    first, until = there
    month = day_of(known_at).replace(day=1)
    to_come, next_month = question.on > day_of(known_at), max(first, add_months(month, 1))
    return Far((first, min(until, month)) if to_come else None, (next_month, until) if next_month < until else None)


def far_parts(wanted: Wanted, far: Far | None, nodes: Sequence[str], where: str) -> list[Part]:
    """Select what is to be added of the days to come, and taken away of those past, out of the sums of those months.

    `far_values` says from which periods. where: names the column that stands for the place.
    """
    if far is None:
        return []
    table, span = wanted.source.ahead, FAR_SPANS.c
    joined = OrderedJoin(FAR_SPANS, table.__table__, true())
    part = wanted.of(table, getattr(table, where), sign=span.sign).select_from(joined)
    part = part.where(*_kept(wanted, table, nodes), table.grain == span.grain)
    part = part.where(table.period >= span.first, table.period <= span.last)
    return [part.where(table.effective_on >= span.first_day, table.effective_on <= span.last_day)]


def span_values(question: Question) -> dict[str, int]:
    """Give the values of SPANS: the periods that make what stands on the base day."""
    rows = [(one.sign, one.grain, _day(one.first), _day(one.last)) for one in spans_before(base_day(question))]
    return _values("span", PERIODS, rows, 3)


def far_values(question: Question, far: Far | None, *, long: bool = True) -> dict[str, int]:
    """Give the values of FAR_SPANS, where there are such: the months' and years' periods, and their entries' days.

    long: whether what came long after is taken away; not by whom looks at single days, for it is summed by month.
    """
    if far is None or question.known_at is None:
        return {}
    rows: list[tuple[int, ...]] = []
    if far.ahead is not None:
        days = (_day(day_of(question.known_at)) + 1, _day(question.on))
        rows += [(1, *periods, *days) for periods in _periods(*far.ahead, begins=True)]
    if far.long is not None and long:
        base = base_day(question)
        last = base if is_month_end(base) else add_days(base.replace(day=1), -1)
        rows += [(-1, *periods, 1, _day(last)) for periods in _periods(*far.long)]
    return _values("far", DAYS, rows, 6)


def _periods(first: date, until: date, *, begins: bool = False) -> Iterator[tuple[int, int, int]]:
    """Give grain, first and last period of the months from one on and before another: whole years by year.

    begins: nothing was recorded before the first, so that its year is a whole one too.
    """
    january = first.replace(month=1) if begins or first.month == 1 else date(first.year + 1, 1, 1)
    years_end = until.replace(month=1)
    if january >= years_end:
        yield MONTH, _day(first), _day(until) - 1
        return
    yield MONTH, _day(first), _day(january) - 1
    yield YEAR, _day(january), _day(years_end) - 1
    yield MONTH, _day(years_end), _day(until) - 1


def _day(day: date) -> int:
    return day.toordinal()


def _table(name: str, columns: tuple[str, ...], rows: int) -> Subquery:
    """Make a table of so many rows of parameters: what is asked then always reads alike, and is made ready once."""
    lines = (", ".join(f"CAST(:{name}_{row}_{c} AS INTEGER) AS {c}" for c in columns) for row in range(rows))
    selected = text(" UNION ALL ".join(f"SELECT {line}" for line in lines))
    return selected.columns(*(column(c, Integer) for c in columns)).subquery(name)


def _values(name: str, columns: tuple[str, ...], rows: Sequence[tuple[int, ...]], most: int) -> dict[str, int]:
    """Give the values of such a table; what is left over is of no grain."""
    filled = [*rows, *[(NO_GRAIN,) * len(columns)] * (most - len(rows))]
    return {
        f"{name}_{number}_{c}": value
        for number, row in enumerate(filled)
        for c, value in zip(columns, row, strict=True)
    }


NO_GRAIN = -9
PERIODS = ("sign", "grain", "first", "last")
DAYS = (*PERIODS, "first_day", "last_day")
SPANS, FAR_SPANS = _table("span", PERIODS, 3), _table("far", DAYS, 6)


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
    summed = SummedUp() if far is None else far.instants
    for one in corrections(question, entry, summed if where == "node" else replace(summed, long=None)):
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
