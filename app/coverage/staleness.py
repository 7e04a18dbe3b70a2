"""Stale rosters in SQL: whose, on a day as known at an instant, and from when until when in recorded time.

Each confirmation moves the first stale day, so spans of status say nothing of it: it follows from the declarations.
status.stale_from() says the same of facts at hand.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from app.coverage.models import EnterpriseStanding
from app.coverage.status import STALE_DAYS
from app.coverage.versions import recorded
from app.kit.dates import add_days
from app.ops.db import Day
from app.organisations.models import Declaration

Conditions = Sequence[ColumnElement[bool]]
OVERDUE = literal_column(str(STALE_DAYS + 1), Integer)
"""So many days after the last confirmation a roster is stale."""


def is_stale(row: Any, on: date, known_at: datetime | None) -> ColumnElement[bool]:  # noqa: ANN401 - a table, or its columns
    """Give the condition that an enterprise is stale on a day as known then; `row` says which, and its status then."""
    said = Declaration
    lately = (said.confirmed_on >= add_days(on, -STALE_DAYS), recorded(said.recorded_at, known_at))
    return and_(row.status != "undeclared", ~exists().where(said.enterprise_id == row.enterprise_id, *lately))


def spans(here: Conditions, said: Conditions) -> CTE:
    """Give the stale part of spans of status, with its own stretch of recorded time; cut where a confirmation came in.

    `here` are the conditions on spans of status, `said` on the declarations of the same enterprises.
    """
    span, last = EnterpriseStanding, _last_known(said)
    from_on, until_on = (type_coerce(day, Integer) for day in (span.from_on, span.until_on))
    begun = case((from_on > last.c.overdue, from_on), else_=last.c.overdue)
    since = case((span.recorded_at > last.c.since, span.recorded_at), else_=last.c.since)
    place = (span.plan_id, span.enterprise_id, span.region, span.industry, span.key_enterprise)
    query = select(
        *place,
        type_coerce(begun, Day).label("from_on"),
        span.until_on,
        since.label("recorded_at"),
        _earlier(span.superseded_at, last.c.until).label("superseded_at"),
    )
    met = (
        last.c.enterprise_id == span.enterprise_id,
        or_(span.superseded_at.is_(None), last.c.since < span.superseded_at),
        or_(last.c.until.is_(None), last.c.until > span.recorded_at),
    )
    query = query.join(last, and_(*met)).where(span.status != "undeclared", begun < until_on, *here)
    return query.cte("stale")


def _last_known(said: Conditions) -> Subquery:
    """Give from which day on enterprises are stale, as known from one instant until another."""
    row = Declaration
    told = select(row.enterprise_id, row.recorded_at, func.max(row.confirmed_on).label("confirmed_on")).where(*said)
    each = told.group_by(row.enterprise_id, row.recorded_at).subquery()
    order: Any = {"partition_by": each.c.enterprise_id, "order_by": each.c.recorded_at}
    last = func.max(type_coerce(each.c.confirmed_on, Integer)).over(**order)
    until = func.lead(each.c.recorded_at).over(**order).label("until")
    since = each.c.recorded_at.label("since")
    return select(each.c.enterprise_id, since, until, (last + OVERDUE).label("overdue")).subquery("last")


def _earlier(one: ColumnElement[Any] | Any, other: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ANN401 - mapped attributes
    """Give the earlier of two instants; null: never."""
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)
