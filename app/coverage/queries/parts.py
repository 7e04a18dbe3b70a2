"""The parts a sum by region is made of: what rollups hold, what was known far ahead, and entries one by one.

What is known now on a day is a sum of years, months and days (projection_models.py), and of what is still pending. As
known at K, with D0 the earlier of the day asked for and K's own day:

    known now on D0
    - entries effective by D0 that were recorded after K: of late class c they lie in (K's day - 2**c, D0]; those that
      came long after are summed up by the month in which they were recorded and that of their day
    + entries effective after K's day and by the day asked for that were recorded by K: of early class c they lie in
      (K's day, K's day + 2**c); those that came far ahead are summed up by the month in which they were recorded

so the cost follows what was still unrecorded then, and what changes in between, not the history. Parts hold no values:
those are given when a statement that was made of them is run (`values_of`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, true
from sqlalchemy.orm import Session

from app.coverage import ahead
from app.coverage.joins import OrderedJoin, below_nodes
from app.coverage.prepared import run
from app.coverage.projection_models import MONTH, YEAR, PendingKind, PendingTally, RegionNode
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.placing import (
    MOMENTS,
    Correcting,
    SummedUp,
    base_day,
    correcting,
    corrections,
    moments,
    part_of_month,
)
from app.coverage.queries.sources import Part, Shape, Source, Value
from app.coverage.queries.spans import SPANS, span_values
from app.kit.dates import add_days, add_months, day_of, start_of
from app.ops.db import Day, kept
from app.ops.listed import Numbers, among

MONTHS = 12
Values = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """Which parts sums are made of: whether anything is pending, and what an instant of knowledge asks for."""

    pending: bool
    how: Correcting | None


def kept_parts(shape: Shape, nodes: Value) -> list[Part]:
    """Select what the rollups of nodes hold of the base day; `span_values` says from which periods."""
    rollup, span = shape.source.rollup, SPANS.c
    part = shape.of(rollup, rollup.node, sign=span.sign).select_from(OrderedJoin(SPANS, rollup.__table__, true()))
    part = part.where(rollup.node.in_(nodes), rollup.each.is_(shape.each), rollup.grain == span.grain)
    return [part.where(rollup.period >= span.first, rollup.period <= span.last)]


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


def far_months(session: Session, question: Question) -> Far:
    """Give the months of which sums tell what came far ahead or long after; none where nothing of it is asked."""
    known_at = question.known_at
    there = ahead.summed(session) if known_at is not None and question.by_nodes else None
    if there is None or known_at is None:
        return Far(None, None)
    first, until = there
    month = day_of(known_at).replace(day=1)
    to_come, next_month = question.on > day_of(known_at), max(first, add_months(month, 1))
    return Far((first, min(until, month)) if to_come else None, (next_month, until) if next_month < until else None)


def parts_of(session: Session, question: Question, source: Source, far: Far) -> Parts:
    """Say which parts the sums of a question are made of, given which months are summed up."""
    pending = is_postgresql(session) and kept(session, source.pending, lambda: _is_any(session, source.pending))
    return Parts(pending, correcting(question, far.instants))


def values_of(question: Question, far: Far) -> Values:
    """Give the values of all parts: of the days and instants asked about, and of the periods that are read."""
    base = base_day(question)
    found: Values = {**span_values(base), "base": base}
    if question.known_at is None:
        return found
    return found | vars(moments(question, question.known_at, far.instants)) | _far_values(question, far)


def far_parts(shape: Shape, parts: Parts, nodes: Value, where: str) -> list[Part]:
    """Select what is to be added of the days to come, and taken away of those past, out of the sums of months.

    where: names the column that stands for the place: node, or effective_on.
    """
    table, how, found = shape.source.ahead, parts.how, list[Part]()
    if how is None:
        return found
    ahead = (table.effective_on > MOMENTS.known_on, table.effective_on <= MOMENTS.on)
    if how.far:
        found += _recorded("ahead", shape.of(table, getattr(table, where)).where(*ahead), shape, nodes)
    if how.long:
        past = shape.of(table, getattr(table, where), sign=-1).where(table.effective_on <= LONG_LAST)
        found += _recorded("long", past, shape, nodes)
    return found


def _recorded(name: str, part: Part, shape: Shape, nodes: Value) -> Iterator[Part]:
    """Narrow a part to what was recorded in some months, and in some years: each one's days are found by the key."""
    table = shape.source.ahead
    for grain, periods in ((MONTH, "months"), (YEAR, "years")):
        recorded = among(table.period, bindparam(f"{name}_{periods}", type_=Numbers()))
        yield part.where(table.node.in_(nodes), table.each.is_(shape.each), table.grain == grain, recorded)


def _far_values(question: Question, far: Far) -> Values:
    """Give the periods of what was recorded far ahead and long after, and the last day of the latter.

    It stands under the first days of months; where the smaller part of the base day's month is what took effect up to
    that day, its month is left out, else it is taken whole.
    """
    found: Values = {}
    if far.ahead is not None:
        found |= _periods("ahead", *far.ahead, begins=True)
    if far.long is not None:
        base = base_day(question)
        found |= _periods("long", *far.long)
        found["long_last"] = add_days(base.replace(day=1), -1) if part_of_month(base) < 0 else base
    return found


def _periods(name: str, first: date, until: date, *, begins: bool = False) -> Values:
    """Give the months from one on and before another: whole years as such.

    begins: nothing was recorded before the first, so that its year is a whole one too.
    """
    january = first.replace(month=1) if begins or first.month == 1 else date(first.year + 1, 1, 1)
    years = [date(year, 1, 1) for year in range(january.year, until.year)]
    rest = [*_months(first, january), *_months(until.replace(month=1), until)] if years else _months(first, until)
    periods = {"years": years, "months": rest}
    return {f"{name}_{grain}": [day.toordinal() for day in days] for grain, days in periods.items()}


def _months(first: date, until: date) -> list[date]:
    """Give the first days of months from one on and before another."""
    count = (until.year - first.year) * MONTHS + until.month - first.month
    return [add_months(first, number) for number in range(count)]


LONG_LAST = bindparam("long_last", type_=Day())


def loose_parts(shape: Shape, parts: Parts, below: ColumnElement[bool], where: str) -> list[Part]:
    """Select what is looked at entry by entry: what is pending, and what the instant of knowledge corrects.

    where: names the column that stands for the place: node, or effective_on.
    """
    found = []
    if parts.pending:
        table = shape.source.pending
        part = shape.of(table, _place(table, where)).select_from(below_nodes(table))
        found.append(part.where(below, table.effective_on <= MOMENTS.base))
    entry = shape.source.entry
    for one in corrections(parts.how, MOMENTS, entry):
        part = shape.of(entry, _place(entry, where), sign=one.sign)
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
