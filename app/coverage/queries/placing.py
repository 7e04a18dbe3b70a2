"""Entries to be looked at one by one: of the regions below a node, and those that an instant of knowledge corrects by.

Regions are read first, then each one's entries by their index (joins.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    and_,
    column,
    text,
    true,
    type_coerce,
)

from app.coverage.ahead import is_far, is_long
from app.coverage.joins import OrderedJoin, below_nodes
from app.coverage.ledger import FAR, LATEST, LONG
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import is_month_end
from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Question
from app.kit.dates import day_of
from app.ops.db import Day

EARLIEST = -22
"""The class of what took effect 11,000 years after it was recorded: there is none beyond."""


def _windows(name: str, classes: Iterable[int]) -> Subquery:
    """Give classes with the days within which their entries took effect, before or after they were recorded."""
    rows = " UNION ALL ".join(f"SELECT {late} AS late, {2 ** abs(late)} AS days" for late in classes)
    return text(rows).columns(column("late", Integer), column("days", Integer)).subquery(name)


LATE, EARLY = _windows("late", range(LATEST + 1)), _windows("early", range(-1, EARLIEST - 1, -1))
NEAR = _windows("near", range(-1, FAR, -1))
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


def corrections(
    question: Question, entry: type[Entry | EnterpriseEntry], summed: SummedUp = NOTHING
) -> list[Correction]:
    """Give what turns current knowledge on the base day into that of the instant asked about; nothing for now.

    summed: what is summed up elsewhere, and left out here.
    """
    known_at = question.known_at
    if known_at is None:
        return []
    known_on = day_of(known_at)
    found = list(_too_late(question, entry, known_at, summed.long))
    if question.on <= known_on:
        return found
    ahead = (entry.effective_on > known_on, entry.effective_on <= question.on, entry.recorded_at <= known_at)
    if not question.by_nodes:
        return [*found, Correction(1, entry.__table__, ahead)]
    if summed.far is None:
        return [*found, Correction(1, _early_below_nodes(entry, known_on, EARLY), ahead)]
    far = (is_far(entry), entry.recorded_at >= summed.far[1], *ahead)
    return [
        *found,
        Correction(1, _early_below_nodes(entry, known_on, NEAR), ahead),
        Correction(1, below_nodes(entry), far),
    ]


def _too_late(
    question: Question,
    entry: type[Entry | EnterpriseEntry],
    known_at: datetime,
    long: tuple[datetime, datetime] | None,
) -> Iterator[Correction]:
    """Give what is known now of the base day, and was not yet at the instant.

    Of what came long after there are sums by the month it was recorded in and that of its day: there remains what was
    recorded in no such month, and what took effect in the base day's, if that is not over by then.
    """
    known_on, base = day_of(known_at), base_day(question)
    after = (entry.effective_on <= base, entry.recorded_at > known_at)
    if not question.by_nodes:
        yield Correction(-1, entry.__table__, after)
    elif long is None:
        yield Correction(-1, late_below_nodes(entry, known_on), after)
    else:
        yield Correction(-1, _late_below_nodes(entry, known_on, SOON), after)
        by_then = entry.effective_on <= base
        for recorded in ((entry.recorded_at > known_at, entry.recorded_at < long[0]), (entry.recorded_at >= long[1],)):
            yield Correction(-1, below_nodes(entry), (is_long(entry), by_then, *recorded))
        if not is_month_end(base):
            within = (entry.effective_on >= base.replace(day=1), entry.effective_on <= base)
            recorded = (entry.recorded_at >= long[0], entry.recorded_at < long[1])
            yield Correction(-1, _late_below_nodes(entry, known_on, LONG_AFTER), (*within, *recorded))


def entries_of(question: Question, entry: type[Entry | EnterpriseEntry]) -> FromClause:
    """Give the entries, region by region where the question is about regions."""
    return below_nodes(entry) if question.by_nodes else entry.__table__


def late_below_nodes(table: type[Any], known_on: date) -> OrderedJoin:
    """Give region_node joined with entries that may have been recorded on a day or later though effective earlier.

    Each class has its window, so few are read in vain.
    """
    return _late_below_nodes(table, known_on, LATE)


def _late_below_nodes(table: type[Any], known_on: date, classes: Subquery) -> OrderedJoin:
    return _of_classes(table, classes, table.effective_on > type_coerce(known_on, Day()) - classes.c.days)


def _early_below_nodes(table: type[Any], known_on: date, classes: Subquery) -> OrderedJoin:
    """Give the same for entries of some classes that may have been recorded by a day though effective later."""
    return _of_classes(table, classes, table.effective_on < type_coerce(known_on, Day()) + classes.c.days)


def _of_classes(table: type[Any], classes: Subquery, window: ColumnElement[bool]) -> OrderedJoin:
    first = OrderedJoin(RegionNode.__table__, classes, true())
    found = and_(RegionNode.region == table.region, table.late == classes.c.late, window)
    return OrderedJoin(first, table.__table__, found)
