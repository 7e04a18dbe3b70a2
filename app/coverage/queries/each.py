"""Figures of each enterprise on any day as known at any instant: those kept for the nearest day, and what changed.

The kept ones (enterprise_figures.py) stand in the order of the list, so its first page is a walk of an index. Only the
enterprises that an entry touches between that day and the day asked for - or that was recorded after the instant of
knowledge - are worked out: their kept sums plus those entries, and where an entry touches status or place, these from
the span in force. Whether an enterprise is stale follows from its declarations (staleness.py).
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Subquery,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.coverage import enterprise_figures as kept
from app.coverage.joins import OrderedJoin
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry
from app.coverage.partial import is_status
from app.coverage.projection_models import EnterpriseFigure, RegionNode
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.cuts import PLACE, SUMS, Cut, Part, narrowed, paged
from app.coverage.queries.placing import Correction, base_day, correcting, corrections, entries_of, moments
from app.coverage.versions import visible
from app.ops.db import kept as in_snapshot

FEW_REGIONS = 20
"""Up to so many regions their own index is read; of more, the order is walked past what lies elsewhere."""
Slot = ColumnElement[int]
"""The number of a kept day: bound on SQLite, where one statement serves all; PostgreSQL plans by what it reads."""
Conditions = list[ColumnElement[bool]]


def enterprise_figures(session: Session, question: Question, *cuts: Cut) -> Subquery:
    """Give enterprise_id, rank, surplus, place, status and sums of the enterprises of a cut, unordered.

    Of several cuts, each by its number (`cut`), what changed is found once for all: it is most of the work. The order
    is by rank, surplus and enterprise_id.
    """
    if _from_nothing(session, question):
        known = _known_then(question)
        parts = [[_cut_out(question, known, cut)] for cut in cuts]
    else:
        number, as_of = _nearest(session, question)
        slot = literal_column(str(number), Integer) if is_postgresql(session) else literal(number)
        changed = _changed(question, as_of)
        parts = [_arms(session, question, cut, slot, changed) for cut in cuts]
    numbered = [
        (literal_column(str(place), Integer).label("cut"), arm) for place, arms in enumerate(parts) for arm in arms
    ]
    return union_all(*(select(number, arm.subquery()) for number, arm in numbered)).subquery("figures")


def _from_nothing(session: Session, question: Question) -> bool:
    """Say whether nothing kept is of use: most of all places are asked about as known when the plan had not begun.

    Then each enterprise has changed, and SQLite, which groups by sorting, is quicker to read all of the plan's entries
    in the order of enterprises.
    """
    most = question.regions is None or 2 * len(question.regions) > len(question.parents)
    return most and base_day(question) < question.plan.starts_on <= question.on and not is_postgresql(session)


def _known_then(question: Question) -> CTE:
    """Give all enterprises taken in on the day as known then: the spans in force, with the sums of their entries."""
    entry, span = Entry, EnterpriseStanding
    sums = [func.sum(getattr(entry, name)).label(name) for name in SUMS]
    told = [entry.plan_id == question.plan.id, entry.effective_on <= question.on]
    told.append(entry.recorded_at <= question.known_at)
    summed = select(entry.enterprise_id, *sums).where(*told).group_by(entry.enterprise_id).cte("summed")
    amounts = {name: func.coalesce(summed.c[name], 0) for name in SUMS}
    rank = case((span.status == "undeclared", 0), else_=1).label("rank")
    surplus = (amounts["covered"] - amounts["required"]).label("surplus")
    columns = [getattr(span, name) for name in PLACE] + [amount.label(name) for name, amount in amounts.items()]
    query = select(span.enterprise_id, rank, surplus, *columns).where(*question.spans(span))
    return query.outerjoin(summed, summed.c.enterprise_id == span.enterprise_id).cte("known")


def _cut_out(question: Question, known: CTE, cut: Cut) -> Part:
    query: Part = select(known)
    order = (known.c.rank, known.c.surplus, known.c.enterprise_id)
    return paged(narrowed(query, cut.only, known.c, question), order, cut)


def _arms(session: Session, question: Question, cut: Cut, slot: Slot, changed: CTE | None) -> list[Part]:
    by_region = cut.size is not None and question.by_nodes and _few(question) and is_postgresql(session)
    kept_ones = (_by_region if by_region else _unchanged)(question, cut, slot, changed)
    if changed is None:
        return [kept_ones]
    return [kept_ones, _moved(question, cut, slot, changed), _worked_out(question, cut, slot, changed)]


def _nearest(session: Session, question: Question) -> tuple[int, date]:
    """Give the kept slot nearest to the day that is read; before anything is kept one without rows, before all days.

    Of a day in the plan one in the plan, if there is any: on its first day everything changes.
    """
    day, starts_on = base_day(question), question.plan.starts_on
    there = in_snapshot(session, "figure_slots", lambda: kept.slots(session))
    if not there:
        return kept.ROLLING, date.min
    within = {slot: as_of for slot, as_of in there.items() if (as_of >= starts_on) == (day >= starts_on)}
    found = within or there
    return min(found.items(), key=lambda one: (abs((one[1] - day).days), one[0]))


def _changed(question: Question, as_of: date) -> CTE | None:
    """Give the enterprises that entries touch between what is kept and what is asked, with sums; None: none can.

    restated: entries touch their status or place.
    """
    base = base_day(question)
    parts: list[Part] = []
    for table in (Entry, EnterpriseEntry):
        between = _corrections(question, table)
        if as_of < base:
            window = (table.effective_on > as_of, table.effective_on <= base)
            between.append(Correction(1, entries_of(question, table), window))
        elif base < as_of:
            window = (table.effective_on > base, table.effective_on <= as_of)
            between.append(Correction(-1, entries_of(question, table), window))
        for one in between:
            found: Part = select(table.enterprise_id, *_signed(table, one.sign)).select_from(one.source)
            found = found.where(table.plan_id == question.plan.id, *_here(question, table), *one.conditions)
            if table is EnterpriseEntry:
                found = found.where(is_status(EnterpriseEntry))
            parts.append(found)
    if not parts:
        return None
    lines = union_all(*parts).subquery("lines")
    sums = [func.sum(lines.c[name]).label(name) for name in SUMS]
    restated = func.max(lines.c.restated).label("restated")
    return select(lines.c.enterprise_id, *sums, restated).group_by(lines.c.enterprise_id).cte("changed")


def _corrections(question: Question, table: type[Entry | EnterpriseEntry]) -> list[Correction]:
    """Give what an instant of knowledge asks for; of days to come it looks at all entries that take effect on them."""
    how = correcting(question)
    if how is None or question.known_at is None:
        return []
    at = moments(question, question.known_at)
    found = corrections(replace(how, ahead=False), at, table)
    if how.ahead:
        to_come = (table.effective_on > at.known_on, table.effective_on <= at.on, table.recorded_at <= at.known_at)
        found.append(Correction(1, entries_of(question, table), to_come))
    return found


def _signed(table: type[Entry | EnterpriseEntry], sign: int) -> list[ColumnElement[int]]:
    restated = literal_column("1" if table is EnterpriseEntry else "0", Integer).label("restated")
    if table is EnterpriseEntry:
        return [*(literal_column("0", Integer).label(name) for name in SUMS), restated]
    return [*((sign * getattr(table, name)).label(name) for name in SUMS), restated]


def _here(question: Question, table: type[Any]) -> Conditions:
    """Give the conditions that a row (an entry joined with its nodes) lies in the places and industries asked about."""
    if not question.by_nodes:
        return question.here(table)
    found: Conditions = []
    if table is not EnterpriseFigure:
        found.append(RegionNode.node.in_(question.tops))
    elif question.regions is not None:
        region = table.region
        if len(question.regions) > FEW_REGIONS:
            region = region.concat("")  # not the index of regions: it would have to be sorted
        found.append(region.in_(select(RegionNode.region).where(RegionNode.node.in_(question.tops))))
    return [*found, *question.inside(table)]


def _unchanged(question: Question, cut: Cut, slot: Slot, changed: CTE | None) -> Part:
    row = EnterpriseFigure
    rank = row.rank + literal_column("0") if _few(question) else row.rank  # not the index of the order: of all regions
    query = _kept(question, cut, slot, changed).where(*_here(question, row))
    return paged(query, (rank, row.surplus, row.enterprise_id), cut)


def _by_region(question: Question, cut: Cut, slot: Slot, changed: CTE | None) -> Part:
    """Select the same, each region's first by the index of regions: nothing beyond a page of each is read."""
    row, place = EnterpriseFigure, RegionNode
    query = _kept(question, cut, slot, changed).where(row.region == place.region, *question.inside(row))
    first = paged(query, (row.rank, row.surplus, row.enterprise_id), cut).correlate(place).lateral("first")
    return select(first).select_from(place).join(first, true()).where(place.node.in_(question.tops))


def _kept(question: Question, cut: Cut, slot: Slot, changed: CTE | None) -> Part:
    row = EnterpriseFigure
    columns = (row.enterprise_id, row.rank, row.surplus, *(getattr(row, name) for name in (*PLACE, *SUMS)))
    query: Part = select(*columns).where(row.plan_id == question.plan.id, row.slot == slot)
    if changed is not None:  # looked up: PostgreSQL takes them for few, and would join them row by row
        query = query.where(row.enterprise_id.not_in(select(changed.c.enterprise_id)))
    return narrowed(query, cut.only, row, question)


def _few(question: Question) -> bool:
    """Say whether it is about so few regions that their own index is read."""
    return question.regions is not None and len(question.regions) <= FEW_REGIONS


def _moved(question: Question, cut: Cut, slot: Slot, changed: CTE) -> Part:
    """Select those of which only the sums are others than kept."""
    row = EnterpriseFigure
    surplus = (row.surplus + changed.c.covered - changed.c.required).label("surplus")
    sums = [(getattr(row, name) + changed.c[name]).label(name) for name in SUMS]
    place = [getattr(row, name) for name in PLACE]
    query: Part = select(row.enterprise_id, row.rank, surplus, *place, *sums)
    query = query.select_from(OrderedJoin(changed, row.__table__, row.enterprise_id == changed.c.enterprise_id))
    query = query.where(changed.c.restated == literal_column("0"), row.plan_id == question.plan.id)
    query = query.where(row.slot == slot, *_here(question, row))
    return paged(narrowed(query, cut.only, row, question), (row.rank, surplus.element, row.enterprise_id), cut)


def _worked_out(question: Question, cut: Cut, slot: Slot, changed: CTE) -> Part:
    """Select those of which status or place may be others than kept."""
    span, row = EnterpriseStanding, EnterpriseFigure
    same = (row.plan_id == question.plan.id, row.slot == slot)
    joined = and_(row.enterprise_id == changed.c.enterprise_id, *same, *_here(question, row))
    sums = [(changed.c[name] + func.coalesce(getattr(row, name), 0)).label(name) for name in SUMS]
    rank = case((span.status == "undeclared", 0), else_=1).label("rank")
    surplus = (sums[1].element - sums[0].element).label("surplus")
    place = [getattr(span, name) for name in PLACE]
    query: Part = select(changed.c.enterprise_id, rank, surplus, *place, *sums)
    spans = OrderedJoin(changed, span.__table__, span.enterprise_id == changed.c.enterprise_id)
    query = query.select_from(spans.outerjoin(row.__table__, joined))
    query = query.where(changed.c.restated == literal_column("1"), *_in_force(question))
    query = narrowed(query, cut.only, span, question)
    return paged(query, (rank.element, surplus.element, changed.c.enterprise_id), cut)


def _in_force(question: Question) -> Conditions:
    """Give the conditions of spans of status here, on the day, as known then; to be found by their enterprise."""
    span = EnterpriseStanding
    found = [span.plan_id == question.plan.id, span.from_on <= question.on, span.until_on > question.on]
    found.append(visible(span, question.known_at))
    return found + question.here(span, found_by_region=False)
