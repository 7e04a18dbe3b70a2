"""Changes by day that add up to what stands on days of interest: trends, and the way to full coverage."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import Entry
from app.coverage.periods import is_month_end
from app.coverage.projection_models import DAY, MONTH, RegionNode, TallyRollup
from app.coverage.queries.asking import Question
from app.coverage.queries.parts import far_months, far_parts, far_values, loose_parts
from app.coverage.queries.placing import base_day
from app.coverage.queries.sources import TALLIES, Only, Part, Wanted, summed


def changes(
    session: Session, question: Question, days: Sequence[date], only: Only | None = None, *, daily: bool = False
) -> list[tuple[date, Tally]]:
    """Give changes by day that add up to what stands at the end of each of the days, in order; not between them.

    With `daily` they do on every day up to the last: for who looks at all of them.
    """
    question = question.until(days[-1])
    wanted = Wanted(question, TALLIES, (), only or Only())
    if not question.by_nodes:
        part = wanted.of(Entry, Entry.effective_on).where(*question.entries(Entry))
        return _by_day(summed(session, [part], 1))
    far = far_months(session, question)
    parts = [*_kept(wanted, () if daily else days), *far_parts(wanted, far, question.tops, "effective_on")]
    parts += loose_parts(session, wanted, far, RegionNode.node.in_(question.tops), "effective_on")
    return _by_day(summed(session, parts, 1, far_values(question, far, long=False)))


def _kept(wanted: Wanted, marks: Sequence[date]) -> list[Part]:
    """Select what the rollups hold by day; with marks by month, but for the months that a mark lies within."""
    row, base = TallyRollup, base_day(wanted.question)
    days = (*marks, base) if marks else ()
    open_months = {day.replace(day=1) for day in days if day <= base and not is_month_end(day)}
    whole = wanted.of(row, row.period).where(row.node.in_(wanted.question.tops), row.each.is_(wanted.each))
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
