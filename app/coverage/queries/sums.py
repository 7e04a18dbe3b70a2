"""Sums for a question, from the rollups of its regions, whatever the day and the instant of knowledge.

What is known now on a day is a sum of years, months and days (projection_models.py), and of what is still pending. As
known at K, with D0 the earlier of the day asked for and K's own day:

    known now on D0
    - entries effective by D0 that were recorded after K: of late class c they lie in (K's day - 2**c, D0]
    + entries effective after K's day and by the day asked for that were recorded by K: of early class c they lie in
      (K's day, K's day + 2**c)

so the cost follows what was still unrecorded then, not the history. A question about single enterprises reads their
entries.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import is_month_end
from app.coverage.projection_models import (
    DAY,
    MONTH,
    YEAR,
    KindRollup,
    PendingKind,
    PendingTally,
    RegionNode,
    TallyRollup,
)
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question
from app.coverage.queries.placing import below_nodes, early_below_nodes, late_below_nodes
from app.kit.dates import day_of

Part = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Source:
    """Where sums come from: the rollup, what is pending, the entries behind both, and the columns that are summed."""

    rollup: type[TallyRollup | KindRollup]
    pending: type[PendingTally | PendingKind]
    entry: type[Entry | EnterpriseEntry]
    sums: tuple[str, ...]


TALLIES = Source(TallyRollup, PendingTally, Entry, ("required", "covered", "waived"))
KINDS = Source(KindRollup, PendingKind, EnterpriseEntry, ("delta",))


@dataclass(frozen=True)
class Only:
    """What sums are narrowed to: an industry, a post (of assignments), kinds (of enterprises)."""

    industry: str | None = None
    post: str | None = None
    kinds: Collection[str] | None = None


def grouped(
    session: Session,
    question: Question,
    source: Source,
    by: Sequence[str],
    nodes: Iterable[str] | None = None,
    only: Only | None = None,
) -> list[tuple[Any, ...]]:
    """Give (node, *by, *sums) for nodes of the region tree (default: the regions asked about), zeros left out.

    `by` names columns: industry, post or kind, key_enterprise. For a question about single enterprises the node is the
    region that each lies in.
    """
    only = only or Only()
    if not question.by_nodes:
        parts = [_here(question, source, source.entry, (source.entry.region,), by, only)]
        parts = [part.where(*question.entries(source.entry)) for part in parts]
    else:
        places = sorted(nodes) if nodes is not None else sorted(question.tops)
        parts = _parts(session, question, source, by, places, only)
    return _summed(session, parts, len(by) + 1)


def divided(
    session: Session,
    question: Question,
    source: Source,
    by: Sequence[str],
    children: Sequence[str],
    only: Only | None = None,
) -> list[tuple[Any, ...]]:
    """Give the same for the one region asked about and the regions just below it; a key may come more than once.

    Entries that are looked at one by one are read once, under their child, and count for the region too.
    """
    only = only or Only()
    (top,) = question.tops
    below = or_(RegionNode.node.in_(children), and_(RegionNode.node == top, RegionNode.region == top))
    kept = [_marked(part, loose=False) for part in _kept(question, source, by, [*children, top], only)]
    loose = [_marked(part, loose=True) for part in _loose(session, question, source, by, below, only)]
    rows = _summed(session, [*kept, *loose], len(by) + 2)
    again = [(top, *row[2:]) for row in rows if row[0] and row[1] != top]
    return [row[1:] for row in rows] + again


def _marked(part: Part, *, loose: bool) -> Part:
    mark: ColumnElement[int] = literal_column("1" if loose else "0")
    return part.with_only_columns(mark, *part.selected_columns, maintain_column_froms=True)


def _parts(
    session: Session, question: Question, source: Source, by: Sequence[str], nodes: Sequence[str], only: Only
) -> list[Part]:
    loose = _loose(session, question, source, by, RegionNode.node.in_(nodes), only)
    return [*_kept(question, source, by, nodes, only), *loose]


def _kept(question: Question, source: Source, by: Sequence[str], nodes: Sequence[str], only: Only) -> list[Part]:
    """Select what the rollups hold of the base day."""
    each = question.industries is not None or only.industry is not None or only.post is not None
    each = each or bool({"industry", "post"} & set(by))
    found = []
    for grain, first, last in spans_before(base_day(question)):
        rollup = source.rollup
        part = _here(question, source, rollup, (rollup.node,), by, only).where(
            rollup.node.in_(nodes), rollup.each.is_(each), rollup.grain == grain, rollup.period <= last
        )
        found.append(part.where(rollup.period >= first) if first is not None else part)
    return found


def _loose(
    session: Session,
    question: Question,
    source: Source,
    by: Sequence[str],
    below: ColumnElement[bool],
    only: Only,
) -> list[Part]:
    """Select what is looked at entry by entry: what is pending, and what the instant of knowledge corrects."""
    found = []
    if is_postgresql(session):
        part = _here(question, source, source.pending, (RegionNode.node,), by, only)
        part = part.select_from(below_nodes(source.pending))
        found.append(part.where(below, source.pending.effective_on <= base_day(question)))
    for one in corrections(question, source.entry):
        part = _here(question, source, source.entry, (RegionNode.node,), by, only, one.sign)
        found.append(part.select_from(one.source).where(below, *one.conditions))
    return found


def base_day(question: Question) -> date:
    """Give the day up to which current knowledge is read."""
    return question.on if question.known_at is None else min(question.on, day_of(question.known_at))


def spans_before(day: date) -> list[tuple[int, date | None, date]]:
    """Give the grains and spans of periods (first or None, last) that together make what stands at a day's end."""
    year, month = day.replace(month=1, day=1), day.replace(day=1)
    one = timedelta(days=1)
    return [(YEAR, None, year - one), (MONTH, year, month - one), (DAY, month, day)]


@dataclass(frozen=True)
class Correction:
    """Entries that count (sign 1) or do not (-1) as known at an instant, beside what is known now on the base day."""

    sign: int
    source: FromClause
    conditions: tuple[ColumnElement[bool], ...]


def corrections(question: Question, entry: type[Entry | EnterpriseEntry]) -> list[Correction]:
    """Give what turns current knowledge on the base day into that of the instant asked about; nothing for now."""
    known_at = question.known_at
    if known_at is None:
        return []
    known_on, base = day_of(known_at), base_day(question)
    late = late_below_nodes(entry, known_on) if question.by_nodes else entry.__table__
    found = [Correction(-1, late, (entry.effective_on <= base, entry.recorded_at > known_at))]
    if question.on > known_on:
        ahead = (entry.effective_on > known_on, entry.effective_on <= question.on, entry.recorded_at <= known_at)
        early = early_below_nodes(entry, known_on) if question.by_nodes else entry.__table__
        found.append(Correction(1, early, ahead))
    return found


def entries_of(question: Question, entry: type[Entry | EnterpriseEntry]) -> FromClause:
    """Give the entries, region by region where the question is about regions."""
    return below_nodes(entry) if question.by_nodes else entry.__table__


def _here(
    question: Question,
    source: Source,
    table: type[Any],
    where: tuple[Any, ...],
    by: Sequence[str],
    only: Only,
    sign: int = 1,
) -> Part:
    """Select a place, what it is split by and signed sums' columns, narrowed by plan, scope and filters."""
    sums = [getattr(table, name) if sign == 1 else -getattr(table, name) for name in source.sums]
    part = select(*where, *(getattr(table, name) for name in by), *sums).where(table.plan_id == question.plan.id)
    if question.industries is not None:
        part = part.where(table.industry.in_(sorted(question.industries)))
    if question.key_enterprises:
        part = part.where(table.key_enterprise.is_(True))
    if only.industry is not None:
        part = part.where(table.industry == only.industry)
    if only.post is not None and source is TALLIES:
        part = part.where(table.post == only.post)
    if only.kinds is not None and source is KINDS:
        part = part.where(table.kind.in_(sorted(only.kinds)))
    return part


def _summed(session: Session, parts: Sequence[Part], keys: int) -> list[tuple[Any, ...]]:
    """Add the parts up, group by group; groups that come to nothing are left out."""
    lines = union_all(*(_numbered(part) for part in parts)).subquery()
    groups, sums = list(lines.c)[:keys], [func.sum(column) for column in list(lines.c)[keys:]]
    found = session.execute(select(*groups, *sums).group_by(*groups))
    return [(*row[:keys], *map(int, row[keys:])) for row in found if any(row[keys:])]


def _numbered(part: Part) -> Part:
    columns = (column.label(f"c{position}") for position, column in enumerate(part.selected_columns))
    return part.with_only_columns(*columns, maintain_column_froms=True)


def changes(
    session: Session, question: Question, days: Sequence[date], only: Only | None = None, *, daily: bool = False
) -> list[tuple[date, Tally]]:
    """Give changes by day that add up to what stands at the end of each of the days, in order; not between them.

    With `daily` they do on every day up to the last: for who looks at all of them.
    """
    only = only or Only()
    question = question.until(days[-1])
    if not question.by_nodes:
        part = _here(question, TALLIES, Entry, (Entry.effective_on,), (), only).where(*question.entries(Entry))
        return _by_day(_summed(session, [part], 1))
    base = base_day(question)
    marks = () if daily else (*days, base)
    open_months = {day.replace(day=1) for day in marks if day <= base and not is_month_end(day)}
    each = question.industries is not None or only.industry is not None or only.post is not None
    row = TallyRollup
    whole = _here(question, TALLIES, row, (row.period,), (), only).where(
        row.node.in_(question.tops), row.each.is_(each)
    )
    closed = (row.grain == DAY,) if daily else (row.grain == MONTH, row.period.not_in(sorted(open_months)))
    parts = [whole.where(*closed, row.period <= base)]
    for month in sorted(open_months):
        last = min(base, month_last(month))
        parts.append(whole.where(row.grain == DAY, row.period >= month, row.period <= last))
    below = RegionNode.node.in_(question.tops)
    if is_postgresql(session):
        part = _here(question, TALLIES, PendingTally, (PendingTally.effective_on,), (), only)
        part = part.select_from(below_nodes(PendingTally))
        parts.append(part.where(below, PendingTally.effective_on <= base))
    for one in corrections(question, Entry):
        part = _here(question, TALLIES, Entry, (Entry.effective_on,), (), only, one.sign)
        parts.append(part.select_from(one.source).where(below, *one.conditions))
    return _by_day(_summed(session, parts, 1))


def month_last(month: date) -> date:
    """Give the last day of a month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _by_day(rows: Iterable[tuple[Any, ...]]) -> list[tuple[date, Tally]]:
    return [(day, Tally(*counts)) for day, *counts in rows]
