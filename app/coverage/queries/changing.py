"""Changes by day that add up to what stands on days of interest: trends, and the way to full coverage."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import Entry
from app.coverage.periods import is_month_end
from app.coverage.projection_models import DAY, MONTH, RegionNode, TallyRollup
from app.coverage.queries.asking import Question
from app.coverage.queries.parts import far_months, far_parts, loose_parts, parts_of, values_of
from app.coverage.queries.placing import base_day
from app.coverage.queries.sources import TALLIES, Only, Part, Wanted, added, adding
from app.coverage.queries.sums import NODES


def changes(
    session: Session, question: Question, days: Sequence[date], only: Only | None = None, *, daily: bool = False
) -> list[tuple[date, Tally]]:
    """Give changes by day that add up to what stands at the end of each of the days, in order; not between them.

    With `daily` they do on every day up to the last: for who looks at all of them.
    """
    question = question.until(days[-1])
    wanted = Wanted(question, TALLIES, (), only or Only())
    shape, values = wanted.shape, wanted.values
    if not question.by_nodes:
        part = shape.of(Entry, Entry.effective_on).where(*question.entries(Entry))
        return _by_day(added(session, adding([part], 1), 1, values))
    far = replace(far_months(session, question), long=None)  # that is summed by month, and these are single days
    which = parts_of(session, question, TALLIES, far)
    parts = [*_kept(wanted, () if daily else days), *far_parts(shape, which, NODES, "effective_on")]
    parts += loose_parts(shape, which, RegionNode.node.in_(NODES), "effective_on")
    values |= values_of(question, far) | {"nodes": question.tops}
    return _by_day(added(session, adding(parts, 1), 1, values))


def _kept(wanted: Wanted, marks: Sequence[date]) -> list[Part]:
    """Select what the rollups hold by day; with marks by month, but for the months that a mark lies within."""
    row, base = TallyRollup, base_day(wanted.question)
    days = (*marks, base) if marks else ()
    open_months = {day.replace(day=1) for day in days if day <= base and not is_month_end(day)}
    shape = wanted.shape
    whole = shape.of(row, row.period).where(row.node.in_(NODES), row.each.is_(shape.each))
    closed = (row.grain == MONTH, row.period.not_in(sorted(open_months))) if marks else (row.grain == DAY,)
    parts = [whole.where(*closed, row.period <= base)]
    for month in sorted(open_months):
        last = min(base, month_last(month))
        parts.append(whole.where(row.grain == DAY, row.period >= month, row.period <= last))
    return parts


def month_last(month: date) -> date:
    """Give the last day of a month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _by_day(rows: Iterable[tuple[Any, ...]]) -> list[tuple[date, Tally]]:
    return [(day, Tally(*counts)) for day, *counts in rows]
