"""Sums of what was recorded far ahead of its day, or long after, by the month and year in which it was recorded.

What came far ahead stands under its day, what came long after under the first day of its month.
Only of months that are over: nothing is recorded in them any more, so postings need not keep these sums. A night's work
adds the month that has ended; one that is missed makes readers look at its entries one by one, never wrong.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    delete,
    except_,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.coverage.findings import Finding, Values
from app.coverage.joins import below_nodes
from app.coverage.models import EnterpriseEntry, Entry, Posting
from app.coverage.partial import Table, is_far, is_long
from app.coverage.periods import month_start, months
from app.coverage.projection_models import MONTH, YEAR, AheadKind, AheadMonth, AheadTally, RegionNode
from app.kit.dates import add_months, day_of, start_of
from app.ops.db import kept
from app.plans.models import Plan

Sums = type[AheadTally | AheadKind]
Value = TypeVar("Value")
Query = Select[*tuple[Any, ...]]
AHEAD: tuple[tuple[Table, Sums, str, tuple[str, ...]], ...] = (
    (Entry, AheadTally, "post", ("required", "covered", "waived")),
    (EnterpriseEntry, AheadKind, "kind", ("delta",)),
)
"""Entries, the table of their sums, what these tell apart besides place and industry, and what is summed."""

KIND = "projection"
ABOUT = {"plan_id": "plan", "node": "region", "effective_on": "day"}
AMOUNTS = frozenset({"required", "covered", "waived", "delta"})
MOST = 10
"""How many differences of one month are named."""


def summed(session: Session) -> tuple[date, date] | None:
    """Give the first month that is summed up, and the one after the last; None when none is."""
    first, last = kept(session, "months ahead", lambda: _ends(session, AheadMonth.month))
    return (first, add_months(last, 1)) if first and last else None


def due(session: Session) -> tuple[date, ...]:
    """Give the months that are over and not yet summed up: something was recorded after their end.

    The caller holds the posting lock: nothing that is still open was recorded before.
    """
    instant = Posting.recorded_at
    first, last = session.execute(
        select(func.min(instant, type_=instant.type), func.max(instant, type_=instant.type))
    ).one()
    if first is None:
        return ()
    there = summed(session)
    begun = there[1] if there else day_of(first)
    return months(begun, day_of(last))[:-1] if begun <= day_of(last) else ()


def _ends(session: Session, column: InstrumentedAttribute[Value]) -> tuple[Value | None, Value | None]:
    """Give the least and the greatest value of a column, each by its index; None of an empty table."""
    ends = (select(end(column, type_=column.type)).scalar_subquery() for end in (func.min, func.max))
    least, greatest = session.execute(select(*ends)).one()
    return least, greatest


def extend(session: Session) -> bool:
    """Sum up the months that have ended since; True when there were any. The caller holds the posting lock."""
    new = due(session)
    plans = session.scalars(select(Plan.id).order_by(Plan.id)).all()
    for month in new:
        for entry, sums, what, names in AHEAD:
            for plan in plans:
                _insert(session, sums, _monthly(entry, sums, month, plan, what, names), what, names)
    for year in years(new):
        for _, sums, what, names in AHEAD:
            _insert(session, sums, _yearly(sums, year, what, names), what, names)
    if new:
        session.execute(insert(AheadMonth), [{"month": month} for month in new])
    return bool(new)


def years(ended: Sequence[date]) -> list[int]:
    """Give the years of which the last month is among these."""
    return [month.year for month in ended if add_months(month, 1).month == 1]


def _insert(session: Session, sums: Sums, query: Query, what: str, names: tuple[str, ...]) -> None:
    """Insert sums in order of their key: PostgreSQL leaves rows where they came, and a node's are read at once."""
    keys = _keys(what)
    query = query.order_by(*(literal_column(str(position + 1)) for position in range(len(keys))))
    session.execute(insert(sums).from_select([*keys, *names], query))


def _keys(what: str) -> tuple[str, ...]:
    return ("plan_id", "node", "each", "grain", "period", "effective_on", "industry", what, "key_enterprise")


def _monthly(entry: Table, sums: Sums, month: date, plan: int, what: str, names: tuple[str, ...]) -> Query:
    """Sum a month's entries up by region, then for every node above, with industry and post and without."""
    recorded = _recorded_in(entry, month, plan)
    far = _by_region(entry, entry.effective_on, what, names).where(is_far(entry), *recorded)
    long = _by_region(entry, month_start(entry.effective_on), what, names).where(is_long(entry), *recorded)
    both = select(literal_column("true").label("each")).union_all(select(literal_column("false"))).subquery("both")
    row, each = union_all(far, long).subquery("row"), both.c.each
    keys = {
        "plan_id": literal_column(str(plan)),
        "node": RegionNode.node,
        "each": each,
        "grain": literal_column(str(MONTH)),
        "period": literal(month, sums.period.type),
        "effective_on": row.c.effective_on,
        "industry": case((each, row.c.industry), else_=literal("")),
        what: row.c[what] if sums is AheadKind else case((each, row.c[what]), else_=literal("")),
        "key_enterprise": row.c.key_enterprise,
    }
    source = row.join(RegionNode, RegionNode.region == row.c.region).join(both, true())
    return _grouped(keys, [func.sum(row.c[name]) for name in names], source)


def _by_region(entry: Table, day: Any, what: str, names: tuple[str, ...]) -> Query:  # noqa: ANN401 - a column
    keys = (entry.region, day.label("effective_on"), entry.industry, getattr(entry, what), entry.key_enterprise)
    query: Query = select(*keys, *(func.sum(getattr(entry, name)).label(name) for name in names))
    query = query.select_from(below_nodes(entry)).where(RegionNode.node == RegionNode.region)
    return query.group_by(*(literal_column(str(position + 1)) for position in range(len(keys))))


def _recorded_in(entry: Table, month: date, plan: int) -> tuple[ColumnElement[bool], ...]:
    instant = entry.recorded_at
    within = (instant >= start_of(month), instant < start_of(add_months(month, 1)))
    return entry.plan_id == literal_column(str(plan)), *within


def _yearly(sums: Sums, year: int, what: str, names: tuple[str, ...]) -> Query:
    instead = {"grain": literal_column(str(YEAR)), "period": literal(date(year, 1, 1), sums.period.type)}
    keys = {name: instead.get(name, getattr(sums, name)) for name in _keys(what)}
    query = _grouped(keys, [func.sum(getattr(sums, name)) for name in names], sums.__table__)
    within = (sums.grain == MONTH, sums.period >= date(year, 1, 1), sums.period <= date(year, 12, 1))
    nodes = select(RegionNode.region).where(RegionNode.node == RegionNode.region)
    return query.where(sums.plan_id.in_(select(Plan.id)), sums.node.in_(nodes), _either(sums.each), *within)


def _either(flag: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of truth
    """Give a condition that is always true, and lets the rest of an index be used."""
    found: ColumnElement[bool] = flag.in_([True, False])
    return found


def _grouped(keys: dict[str, Any], amounts: list[Any], source: FromClause) -> Query:
    """Select sums by keys where any is not zero."""
    query: Query = select(*(key.label(name) for name, key in keys.items()), *amounts).select_from(source)
    query = query.group_by(*(literal_column(str(position + 1)) for position in range(len(keys))))
    return query.having(or_(*(amount != 0 for amount in amounts)))


def rebuild(session: Session) -> None:
    """Drop the sums and make them from the ledger. The caller holds the posting lock."""
    for table in (AheadTally, AheadKind, AheadMonth):
        session.execute(delete(table))
    extend(session)


def differences(session: Session) -> Iterator[Finding]:
    """Give what the sums say differently from the entries recorded in their months, plan by plan and month by month."""
    there = session.scalars(select(AheadMonth.month).order_by(AheadMonth.month)).all()
    first, last = _ends(session, Posting.recorded_at)
    over = months(day_of(first), day_of(last))[:-1] if first and last else ()
    if list(there) != list(over[: len(there)]):
        text = f"ahead_month does not follow the months that are over since {first}"
        yield Finding(KIND, text, {"table": "ahead_month"})
    plans = session.scalars(select(Plan.id).order_by(Plan.id)).all()
    for entry, sums, what, names in AHEAD:
        for month, plan in product(there, plans):
            wanted = _monthly(entry, sums, month, plan, what, names)
            yield from _unequal(session, sums, wanted, (MONTH, month, plan))
        for year in years(there):
            yield from _unequal(session, sums, _yearly(sums, year, what, names), (YEAR, date(year, 1, 1)))
        known = {(MONTH, month) for month in there} | {(YEAR, date(year, 1, 1)) for year in years(there)}
        for grain, period in session.execute(select(sums.grain, sums.period).distinct()):
            if (grain, period) not in known:
                about = {"table": sums.__tablename__, "grain": grain, "day": period}
                yield Finding(KIND, f"{sums.__tablename__} of {period} should not be", about, {"any": True})


def _unequal(session: Session, sums: Sums, wanted: Query, where: tuple[Any, ...]) -> Iterator[Finding]:
    grain, period, *plan = where
    names = [column.name for column in sums.__table__.columns]
    stored = select(*(getattr(sums, name) for name in names)).where(sums.grain == grain, sums.period == period)
    if plan:
        stored = stored.where(sums.plan_id == plan[0])
    for missing, one, other in ((True, wanted, stored), (False, stored, wanted)):
        rows = session.execute(except_(one, other).limit(MOST)).all()
        said = "should be" if missing else "should not be"
        for row in rows:
            values = dict(zip(names, row, strict=True))
            text = f"{sums.__tablename__} {said} {values}"
            about, amounts = _about(sums, values)
            yield Finding(KIND, text, about, *((None, amounts) if missing else (amounts, None)))


def _about(sums: Sums, values: Values) -> tuple[Values, Values]:
    """Tell apart what a row is about and what it says."""
    amounts = {name: value for name, value in values.items() if name in AMOUNTS}
    keys = {ABOUT.get(name, name): value for name, value in values.items() if name not in AMOUNTS}
    return {"table": sums.__tablename__, **keys}, amounts
