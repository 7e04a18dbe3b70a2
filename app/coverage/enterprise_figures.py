"""Figures of every enterprise at quarter ends and on the day last rolled to, so that lists have an order to walk.

A list of another day starts from the nearest of these and adds what the ledger says in between
(queries/enterprises.py): a roll that was missed makes a list slower, never wrong.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry
from app.coverage.periods import month_start, months, quarter_ends
from app.coverage.prepared import IDS, run
from app.coverage.projection_models import EnterpriseFigure, FigureSlot
from app.coverage.status import Change, StatusSpan
from app.kit.dates import add_days
from app.ops import bulk
from app.plans import queries as plan_queries
from app.plans.models import Plan

ROLLING = 0
"""The slot of the day last rolled to; the others are named by the ordinal of their day."""
Where = tuple[int, int]
"""Plan and enterprise."""
KEY = ("plan_id", "enterprise_id", "slot")
PLACE = ("region", "industry", "key_enterprise", "status")
SUMS = ("required", "covered", "waived")
COLUMNS = (*KEY, "rank", "surplus", *PLACE, *SUMS)


@dataclass(frozen=True)
class Known:
    """What is known now of enterprises from a day on: their spans of status, and the changes of their figures by day.

    Changes before the day stand summed as one on the day before.
    """

    enterprises: Collection[int]
    first: date = date.min
    spans: Mapping[Where, Sequence[StatusSpan]] = field(default_factory=dict)
    changes: Mapping[Where, Sequence[Change]] = field(default_factory=dict)


def slots(session: Session) -> dict[int, date]:
    """Give the days at whose ends figures are kept, by slot, in order of the day."""
    return {slot: as_of for slot, as_of in run(session, SLOTS)}  # noqa: C416 - rows, not tuples


SLOTS = select(FigureSlot.slot, FigureSlot.as_of).order_by(FigureSlot.as_of)


def rows(known: Known, slots: Mapping[int, date]) -> Iterator[tuple[Any, ...]]:
    """Give the rows (COLUMNS) that the enterprises have in the slots from the first day on; slots in order of day."""
    due = [(slot, as_of) for slot, as_of in slots.items() if as_of >= known.first]
    for (plan, enterprise), spans in known.spans.items():
        changes = known.changes.get((plan, enterprise), ())
        position, required, covered, waived = 0, 0, 0, 0
        for slot, as_of in due:
            while position < len(changes) and changes[position].effective_on <= as_of:
                change = changes[position]
                required, covered, waived = (
                    required + change.required,
                    covered + change.covered,
                    waived + change.waived,
                )
                position += 1
            span = next((span for span in spans if span.from_on <= as_of < span.until_on), None)
            if span is not None:
                rank = int(span.status != "undeclared")
                place = (span.region, span.industry, span.key_enterprise, span.status)
                yield plan, enterprise, slot, rank, covered - required, *place, required, covered, waived


def differences(
    session: Session, known: Known, slots: Mapping[int, date]
) -> tuple[list[tuple[Any, ...]], list[tuple[int, int, int]]]:
    """Give the rows that are not stored as they should be, and the keys of stored ones that should not be there."""
    due = [slot for slot, as_of in slots.items() if as_of >= known.first]
    stored: dict[tuple[int, int, int], tuple[Any, ...]] = {}
    if due:
        everything = known.first == date.min
        asked = {"ids": list(known.enterprises)} | ({} if everything else {"slots": due})
        found = run(session, _stored(everything=everything), asked)
        stored = {tuple(values[:3]): tuple(values) for values in found}
    wanted = {found[:3]: found for found in rows(known, slots)}
    new = [found for key, found in wanted.items() if stored.get(key) != found]
    return new, [key for key in stored if key not in wanted]


@cache
def _stored(*, everything: bool) -> Select[*tuple[Any, ...]]:
    row = EnterpriseFigure
    query = select(*(getattr(row, name) for name in COLUMNS)).where(row.enterprise_id.in_(IDS))
    query = query.where(row.plan_id.in_(select(Plan.id)))  # all of them, named so that the key can be used
    return query if everything else query.where(row.slot.in_(bindparam("slots", expanding=True)))


def write(session: Session, known: Known) -> None:
    """Store what is known of the enterprises in every slot from the first day on."""
    if not known.enterprises:
        return
    new, gone = differences(session, known, slots(session))
    row = EnterpriseFigure
    for plan, enterprise, slot in gone:
        session.execute(delete(row).where(row.plan_id == plan, row.enterprise_id == enterprise, row.slot == slot))
    bulk.put(session, row, COLUMNS, KEY, new)


def roll(session: Session, today: date) -> bool:
    """Bring the rolling slot to today, and add the quarter ends that have come; True when something was due.

    The caller holds the posting lock.
    """
    there = slots(session)
    as_of = there.get(ROLLING)
    if as_of is None:
        rebuild(session, today)
        return True
    if as_of < today:
        touched = _touched(as_of, today)
        row = EnterpriseFigure
        session.execute(delete(row).where(row.slot == ROLLING, row.enterprise_id.in_(select(touched.c.enterprise_id))))
        session.execute(update(FigureSlot).where(FigureSlot.slot == ROLLING).values(as_of=today))
        _fill(session, ROLLING, today, touched)
    due = [day for day in _quarters(session, today) if day.toordinal() not in there]
    for day in due:
        session.execute(insert(FigureSlot), [{"slot": day.toordinal(), "as_of": day}])
        _fill(session, day.toordinal(), day, None)
    return bool(due) or as_of < today


def kept(session: Session, today: date) -> dict[int, date]:
    """Give the days at whose ends figures are to be kept on a day, by slot, in order of the day."""
    return {**{day.toordinal(): day for day in _quarters(session, today)}, ROLLING: today}


def _quarters(session: Session, today: date) -> tuple[date, ...]:
    begins = (plan.starts_on for plan in plan_queries.plans(session))
    return quarter_ends(min(begins, default=today), today)


def _touched(after: date, until: date) -> CTE:
    """Give the enterprises of which an entry takes effect after a day, up to another."""
    parts = [
        select(table.enterprise_id).where(table.effective_on > after, table.effective_on <= until)
        for table in (Entry, EnterpriseEntry)
    ]
    return select(union_all(*parts).subquery().c.enterprise_id).distinct().cte("touched")


def _fill(session: Session, slot: int, as_of: date, only: CTE | None) -> None:
    """Insert the rows of a slot from spans of status in force and sums of entries."""
    sums = select(Entry.plan_id, Entry.enterprise_id, *(func.sum(getattr(Entry, name)).label(name) for name in SUMS))
    sums = sums.where(Entry.effective_on <= as_of).group_by(Entry.plan_id, Entry.enterprise_id)
    if only is not None:
        sums = sums.where(Entry.enterprise_id.in_(select(only.c.enterprise_id)))
    figures = sums.subquery("figures")
    standing = EnterpriseStanding
    query = _shaped(figures, literal(slot)).where(standing.from_on <= as_of, standing.until_on > as_of)
    if only is not None:
        query = query.where(standing.enterprise_id.in_(select(only.c.enterprise_id)))
    session.execute(insert(EnterpriseFigure).from_select(list(COLUMNS), query))


def _shaped(figures: FromClause, slot: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Give spans of status known now with figures, in the order of COLUMNS."""
    standing = EnterpriseStanding
    required, covered, waived = (func.coalesce(figures.c[name], 0) for name in SUMS)
    rank = case((standing.status == "undeclared", 0), else_=1)
    place = [getattr(standing, name) for name in PLACE]
    query = select(
        standing.plan_id, standing.enterprise_id, slot, rank, covered - required, *place, required, covered, waived
    )
    same = and_(figures.c.plan_id == standing.plan_id, figures.c.enterprise_id == standing.enterprise_id)
    return query.outerjoin_from(standing, figures, same).where(standing.superseded_at.is_(None))


def rebuild(session: Session, today: date) -> None:
    """Drop the figures and make them from the ledger in one pass: monthly sums, run up over the quarters."""
    session.execute(delete(EnterpriseFigure))
    session.execute(delete(FigureSlot))
    quarters = _quarters(session, today)
    session.execute(insert(FigureSlot), [{"slot": ROLLING, "as_of": today}])
    _fill(session, ROLLING, today, None)
    if not quarters:
        return
    session.execute(insert(FigureSlot), [{"slot": day.toordinal(), "as_of": day} for day in quarters])
    figures = _run_up(_buckets(quarters))
    standing = EnterpriseStanding
    in_force = and_(
        FigureSlot.slot == figures.c.slot, standing.from_on <= FigureSlot.as_of, standing.until_on > FigureSlot.as_of
    )
    query = _shaped(figures, figures.c.slot).join(FigureSlot, in_force)
    session.execute(insert(EnterpriseFigure).from_select(list(COLUMNS), query))


def _buckets(quarters: Sequence[date]) -> FromClause:
    """Map the first days of months to the quarter end that first includes them."""
    found: list[Select[*tuple[Any, ...]]] = []
    for month in months(add_days(quarters[0], -4000), quarters[-1]):
        slot = next(day for day in quarters if day >= month)
        found.append(_pair(month.toordinal(), slot.toordinal()))
    return union_all(*found).subquery("buckets")


def _pair(month: int, slot: int) -> Select[*tuple[Any, ...]]:
    return select(literal_column(str(month)).label("month"), literal_column(str(slot)).label("slot"))


def _run_up(buckets: FromClause) -> FromClause:
    """Give the figures of every enterprise at every quarter end at which it is taken in, run up from monthly sums."""
    month = month_start(Entry.effective_on).label("month")
    sums = [func.sum(getattr(Entry, name)).label(name) for name in SUMS]
    monthly = select(Entry.plan_id, Entry.enterprise_id, month, *sums)
    moved = monthly.group_by(Entry.plan_id, Entry.enterprise_id, literal_column("month")).subquery("moved")
    where = (moved.c.plan_id, moved.c.enterprise_id, buckets.c.slot)
    in_buckets = select(*where, *(moved.c[name] for name in SUMS)).join(buckets, buckets.c.month == moved.c.month)
    standing = EnterpriseStanding
    in_force = and_(standing.from_on <= FigureSlot.as_of, standing.until_on > FigureSlot.as_of)
    nothing: list[ColumnElement[Any]] = [literal_column("0").label(name) for name in SUMS]
    grid = select(standing.plan_id, standing.enterprise_id, FigureSlot.slot, *nothing).join(FigureSlot, in_force)
    grid = grid.where(standing.superseded_at.is_(None), FigureSlot.slot != ROLLING)
    lines = union_all(in_buckets, grid).subquery("lines")
    keys = (lines.c.plan_id, lines.c.enterprise_id, lines.c.slot)
    summed = select(*keys, *(func.sum(lines.c[name]).label(name) for name in SUMS)).group_by(*keys).subquery("summed")
    by, order = (summed.c.plan_id, summed.c.enterprise_id), summed.c.slot
    run = [func.sum(summed.c[name]).over(partition_by=by, order_by=order).label(name) for name in SUMS]
    return select(*by, order, *run).subquery("figures")
