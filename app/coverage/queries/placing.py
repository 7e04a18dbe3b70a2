"""Entries to be looked at one by one: of the regions below a node, and those that an instant of knowledge corrects by.

Regions are read first, then each one's entries by their index (joins.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    and_,
    bindparam,
    column,
    text,
    true,
    type_coerce,
)

from app.coverage.joins import OrderedJoin, below_nodes
from app.coverage.ledger import FAR, LATEST, LONG
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.partial import is_far, is_long, not_far
from app.coverage.periods import is_month_end
from app.coverage.prepared import KNOWN_AT
from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Question
from app.kit.dates import add_months, day_of
from app.ops.db import Day, Instant

MIDDLE = 15
"""The day up to which a month has gone by for its smaller half."""


def _windows(name: str, classes: Iterable[int]) -> Subquery:
    """Give classes with the days within which their entries took effect, before or after they were recorded."""
    rows = " UNION ALL ".join(f"SELECT {late} AS late, {2 ** abs(late)} AS days" for late in classes)
    return text(rows).columns(column("late", Integer), column("days", Integer)).subquery(name)


LATE, NEAR = _windows("late", range(LATEST + 1)), _windows("near", range(-1, FAR, -1))
SOON, LONG_AFTER = _windows("soon", range(LONG)), _windows("long_after", range(LONG, LATEST + 1))


@dataclass(frozen=True)
class Correction:
    """Entries that count (sign 1) or do not (-1) as known at an instant, beside what is known now on the base day."""

    sign: int
    source: FromClause
    conditions: tuple[ColumnElement[bool], ...]


def base_day(question: Question) -> date:
    """Give the day up to which current knowledge is read."""
    return question.on if question.known_at is None else min(question.on, day_of(question.known_at))


@dataclass(frozen=True)
class SummedUp:
    """The instants between which (the last not included) what was recorded far ahead, or long after, is summed up."""

    far: tuple[datetime, datetime] | None = None
    long: tuple[datetime, datetime] | None = None


NOTHING = SummedUp()


@dataclass(frozen=True)
class Correcting:
    """Which corrections an instant of knowledge asks for: all about them but their values.

    ahead: the day asked about lies after it. far, long: what is summed up, and left out but for what the sums do not
    tell. part: of the base day's month, what took effect up to that day is to be taken away from the sums of what came
    long after (-1), or what took effect later is to be given back (1), whichever is less; 0 where it is the last day.
    """

    by_nodes: bool
    ahead: bool
    far: bool
    long: bool
    part: int


def correcting(question: Question, summed: SummedUp = NOTHING) -> Correcting | None:
    """Say which corrections a question asks for, given what is summed up elsewhere; None: it asks what is known now."""
    known_at, long = question.known_at, summed.long is not None
    if known_at is None:
        return None
    part = part_of_month(base_day(question)) if long else 0
    return Correcting(question.by_nodes, question.on > day_of(known_at), summed.far is not None, long, part)


def part_of_month(day: date) -> int:
    """Say which part of a day's month is smaller: the days up to it (-1), or those after it (1; 0: there are none)."""
    return 0 if is_month_end(day) else -1 if day.day <= MIDDLE else 1


@dataclass(frozen=True)
class Moments:
    """The days and instants that conditions of corrections compare with: of one question, or (MOMENTS) bound later.

    base is the base day, `lag` how many days it lies before that of the instant; part_first and part_last are the days
    of the base day's month that the sums do not tell, and part_lag the same of the last of these.
    """

    on: Any
    base: Any
    known_on: Any
    known_at: Any
    lag: Any
    far_until: Any = None
    long_first: Any = None
    long_until: Any = None
    part_first: Any = None
    part_last: Any = None
    part_lag: Any = None


MOMENTS = Moments(
    on=bindparam("on", type_=Day()),
    base=bindparam("base", type_=Day()),
    known_on=bindparam("known_on", type_=Day()),
    known_at=KNOWN_AT,
    lag=bindparam("lag", type_=Integer()),
    far_until=bindparam("far_until", type_=Instant()),
    long_first=bindparam("long_first", type_=Instant()),
    long_until=bindparam("long_until", type_=Instant()),
    part_first=bindparam("part_first", type_=Day()),
    part_last=bindparam("part_last", type_=Day()),
    part_lag=bindparam("part_lag", type_=Integer()),
)


def moments(question: Question, known_at: datetime, summed: SummedUp = NOTHING) -> Moments:
    """Give the moments of a question, which asks as known at an instant."""
    base, known_on = base_day(question), day_of(known_at)
    first, last = base.replace(day=1), base
    if part_of_month(base) > 0:
        first, last = base + timedelta(days=1), add_months(first, 1) - timedelta(days=1)
    return Moments(
        on=question.on,
        base=base,
        known_on=known_on,
        known_at=known_at,
        lag=(known_on - base).days,
        far_until=summed.far and summed.far[1],
        long_first=summed.long and summed.long[0],
        long_until=summed.long and summed.long[1],
        part_first=first,
        part_last=last,
        part_lag=(known_on - last).days,
    )


def corrections(how: Correcting | None, at: Moments, entry: type[Entry | EnterpriseEntry]) -> list[Correction]:
    """Give what turns current knowledge on the base day into that of the instant asked about; nothing for now."""
    if how is None:
        return []
    found = list(_too_late(how, at, entry))
    if not how.ahead:
        return found
    ahead = (entry.effective_on > at.known_on, entry.effective_on <= at.on, entry.recorded_at <= at.known_at)
    if not how.by_nodes:
        return [*found, Correction(1, entry.__table__, ahead)]
    far = (is_far(entry), *((entry.recorded_at >= at.far_until,) if how.far else ()), *ahead)
    return [
        *found,
        Correction(1, _early_below_nodes(entry, at.known_on, NEAR), ahead),
        Correction(1, below_nodes(entry), far),
    ]


def _too_late(how: Correcting, at: Moments, entry: type[Entry | EnterpriseEntry]) -> Iterator[Correction]:
    """Give what is known now of the base day, and was not yet at the instant.

    Of what came long after there are sums by the month it was recorded in and that of its day: there remains what was
    recorded in no such month, and what took effect in a part of the base day's.
    """
    by_then = entry.effective_on <= at.base
    after = (by_then, entry.recorded_at > at.known_at)
    if not how.by_nodes:
        yield Correction(-1, entry.__table__, after)
    elif not how.long:
        yield Correction(-1, _late_below_nodes(entry, at.known_on, LATE, at.lag), after)
    else:
        yield Correction(-1, _late_below_nodes(entry, at.known_on, SOON, at.lag), after)
        before_sums = (entry.recorded_at > at.known_at, entry.recorded_at < at.long_first)
        for recorded in (before_sums, (entry.recorded_at >= at.long_until,)):
            yield Correction(-1, below_nodes(entry), (is_long(entry), by_then, *recorded))
        if how.part:
            within = (entry.effective_on >= at.part_first, entry.effective_on <= at.part_last)
            summed = (entry.recorded_at >= at.long_first, entry.recorded_at < at.long_until)
            there = _late_below_nodes(entry, at.known_on, LONG_AFTER, at.part_lag)
            yield Correction(how.part, there, (*within, *summed))


def entries_of(question: Question, entry: type[Entry | EnterpriseEntry]) -> FromClause:
    """Give the entries, region by region where the question is about regions."""
    return below_nodes(entry) if question.by_nodes else entry.__table__


def late_below_nodes(table: type[Any], known_on: date) -> OrderedJoin:
    """Give region_node joined with entries that may have been recorded on a day or later though effective earlier.

    Each class has its window, so few are read in vain.
    """
    return _of_classes(table, LATE, table.effective_on > type_coerce(known_on, Day()) - LATE.c.days)


def _late_below_nodes(table: type[Any], known_on: Any, classes: Subquery, lag: Any) -> OrderedJoin:  # noqa: ANN401 - a moment
    """Give the same for entries of some classes; lag: only those are met whose window reaches back so many days."""
    window = table.effective_on > type_coerce(known_on, Day()) - classes.c.days
    return _of_classes(table, classes, and_(classes.c.days > lag, window))


def _early_below_nodes(table: type[Any], known_on: Any, classes: Subquery) -> OrderedJoin:  # noqa: ANN401 - a moment
    """Give the same for entries of some classes that may have been recorded by a day though effective later."""
    return _of_classes(table, classes, table.effective_on < type_coerce(known_on, Day()) + classes.c.days)


def _of_classes(table: type[Any], classes: Subquery, window: ColumnElement[bool]) -> OrderedJoin:
    first = OrderedJoin(RegionNode.__table__, classes, true())
    found = and_(RegionNode.region == table.region, table.late == classes.c.late, window)
    found = and_(found, not_far(table)) if table is Entry else found
    return OrderedJoin(first, table.__table__, found)
