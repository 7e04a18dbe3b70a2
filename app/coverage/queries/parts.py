"""The parts a sum by region is made of: what rollups hold, what was known far ahead, and entries one by one.

What is known now on a day is a sum of years, months and days (projection_models.py), and of what is still pending. As
known at K, with D0 the earlier of the day asked for and K's own day:

    known now on D0
    - entries effective by D0 that were recorded after K: of late class c they lie in (K's day - 2**c, D0]
    + entries effective after K's day and by the day asked for that were recorded by K: of early class c they lie in
      (K's day, K's day + 2**c); those that came far ahead are summed up by the month in which they were recorded

so the cost follows what was still unrecorded then, and what changes in between, not the history.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.coverage import ahead
from app.coverage.joins import below_nodes
from app.coverage.projection_models import DAY, MONTH, YEAR, RegionNode
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.placing import base_day, corrections
from app.coverage.queries.sources import Part, Wanted
from app.kit.dates import day_of, start_of


def kept_parts(wanted: Wanted, nodes: Sequence[str]) -> list[Part]:
    """Select what the rollups of nodes hold of the base day."""
    rollup = wanted.source.rollup
    found = []
    for grain, first, last in spans_before(base_day(wanted.question)):
        part = wanted.of(rollup, rollup.node).where(*_kept(wanted, rollup, nodes, grain), rollup.period <= last)
        found.append(part.where(rollup.period >= first) if first is not None else part)
    return found


def spans_before(day: date) -> list[tuple[int, date | None, date]]:
    """Give the grains and spans of periods (first or None, last) that together make what stands at a day's end."""
    year, month = day.replace(month=1, day=1), day.replace(day=1)
    one = timedelta(days=1)
    return [(YEAR, None, year - one), (MONTH, year, month - one), (DAY, month, day)]


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
    if is_postgresql(session):
        table = source.pending
        part = wanted.of(table, _place(table, where)).select_from(below_nodes(table))
        found.append(part.where(below, table.effective_on <= base_day(question)))
    entry = source.entry
    for one in corrections(question, entry, None if far is None else start_of(far[1])):
        part = wanted.of(entry, _place(entry, where), sign=one.sign)
        found.append(part.select_from(one.source).where(below, *one.conditions))
    return found


def _place(table: type[Any], where: str) -> Any:  # noqa: ANN401 - a column
    return RegionNode.node if where == "node" else getattr(table, where)
