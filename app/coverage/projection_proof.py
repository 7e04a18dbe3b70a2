"""The proof of the projections: rollups against entries, months against days, figures of enterprises against the facts.

Plan by plan and node by node, so that the memory needed does not grow with the ledger: what a node says follows from
what its own entries say, and the nodes below it, each proved in its turn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.coverage import ahead, enterprise_figures, projections
from app.coverage.enterprise_figures import Known
from app.coverage.findings import Finding, Values, sides
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.partial import of_any_class, of_no_class
from app.coverage.periods import month_start, year_start
from app.coverage.projection_models import DAY, MONTH, YEAR, EnterpriseFigure, RegionNode, TallyRollup
from app.coverage.projections import PENDING, SUMS, WHAT, Rollup
from app.organisations.models import Region
from app.plans.models import Plan

Columns = tuple[Any, ...]
Query = Select[*tuple[Any, ...]]
KIND = "projection"


def rollups(session: Session) -> Iterator[Finding]:
    """Give what the sums by region say differently from the ledger."""
    gone, new = projections.tree_difference(session)
    for node, region in sorted(gone | new):
        about = {"table": "region_node", "region": node, "below": region}
        there, meant = ({"below": True} if (node, region) in pairs else None for pairs in (gone, new))
        yield Finding(KIND, f"region_node {node} and {region} do not follow the region tree", about, there, meant)
    for pending, rollup in PENDING:
        entry: type[Entry | EnterpriseEntry] = Entry if rollup is TallyRollup else EnterpriseEntry
        nodes = session.scalars(select(RegionNode.node).distinct().order_by(RegionNode.node)).all()
        for plan, node in product(session.scalars(select(Plan.id)).all(), nodes):
            yield from _days(session, rollup, (entry, pending), plan, node)
            yield from _coarser(session, rollup, plan, node)
            yield from _together(session, rollup, plan, node)
    yield from ahead.differences(session)


def figures(session: Session, known: Known) -> Iterator[Finding]:
    """Give what the figures of some enterprises say differently from what is known of them."""
    slots = enterprise_figures.slots(session)
    new, gone = enterprise_figures.differences(session, known, slots)
    for row in new:
        meant = dict(zip(enterprise_figures.COLUMNS, row, strict=True))
        yield _figure(session, slots, row[:3], meant, f"enterprise_figure should be {meant}")
    for key in gone:
        yield _figure(session, slots, key, None, f"enterprise_figure {key} should not be")


def _figure(
    session: Session, slots: Mapping[int, date], key: tuple[int, int, int], meant: Values | None, text: str
) -> Finding:
    """Tell of an enterprise's figures on a day, with what stands there."""
    plan, enterprise, slot = key
    row = EnterpriseFigure
    names = enterprise_figures.COLUMNS[len(key) :]
    query = select(*(getattr(row, name) for name in names))
    query = query.where(row.plan_id == plan, row.enterprise_id == enterprise, row.slot == slot)
    there = session.execute(query).mappings().first()
    known = None if meant is None else {name: meant[name] for name in names}
    about = {"table": "enterprise_figure", "plan": plan, "enterprise": enterprise, "day": slots.get(slot)}
    return Finding(KIND, text, about, *sides(dict(there) if there else None, known, ("required", "covered", "status")))


def _keys(source: type[Any], rollup: Rollup) -> Columns:
    return (source.plan_id, source.industry, getattr(source, WHAT[rollup]), source.key_enterprise)


def _sums(source: type[Any], rollup: Rollup, sign: int = 1) -> Columns:
    return tuple(func.sum(sign * getattr(source, name)) for name in SUMS[rollup])


def _days(
    session: Session, rollup: Rollup, sources: tuple[type[Any], type[Any]], plan: int, node: str
) -> Iterator[Finding]:
    """Compare the day rows of a node with those of the nodes below it, its own entries and what of these is pending."""
    parts: list[Query] = []
    for source, sign in zip(sources, (-1, 1), strict=True):
        keys = (*_keys(source, rollup), source.effective_on)
        part = select(*keys, *_sums(source, rollup, sign)).group_by(*keys)
        parts += [part.where(source.plan_id == plan, *way) for way in _ways(source, node)]
    keys = (*_keys(rollup, rollup), rollup.period)
    below = rollup.node.in_(select(Region.code).where(Region.parent == node))
    here = (rollup.plan_id == plan, rollup.each.is_(True), rollup.grain == DAY)
    stored, lower = (
        select(*keys, *_sums(rollup, rollup, sign)).where(*here, nodes).group_by(*keys)
        for nodes, sign in ((rollup.node == node, 1), (below, -1))
    )
    named = ("plan", "industry", WHAT[rollup], "key_enterprise", "day")
    told = Told(f"{node} by day", node, DAY, named, stored)
    yield from _unequal(session, rollup, [*parts, stored, lower], told)


def _ways(source: type[Any], node: str) -> list[Columns]:
    """Give conditions of which every row of a region meets one, and by which it is found."""
    if source is not EnterpriseEntry:
        return [(source.region == node,)]
    elsewhere = source.region.concat("")  # looked at last: hardly ever is there any
    return [(source.region == node, of_any_class(source)), *((elsewhere == node, one) for one in of_no_class(source))]


def _coarser(session: Session, rollup: Rollup, plan: int, node: str) -> Iterator[Finding]:
    """Compare months with days, and years with months."""
    for finer, coarser, start, name in ((DAY, MONTH, month_start, "month"), (MONTH, YEAR, year_start, "year")):
        keys = _keys(rollup, rollup)
        here = (rollup.plan_id == plan, rollup.node == node, rollup.each.is_(True))
        fine = select(*keys, start(rollup.period), *_sums(rollup, rollup)).where(*here, rollup.grain == finer)
        coarse = select(*keys, rollup.period, *_sums(rollup, rollup, -1)).where(*here, rollup.grain == coarser)
        parts = [fine.group_by(*keys, start(rollup.period)), coarse.group_by(*keys, rollup.period)]
        named = ("plan", "industry", WHAT[rollup], "key_enterprise", "day")
        yield from _unequal(session, rollup, parts, Told(f"{node} by {name}", node, coarser, named, parts[1], -1))


def _together(session: Session, rollup: Rollup, plan: int, node: str) -> Iterator[Finding]:
    """Compare the rows without industry and post with those that have them."""
    kind = () if rollup is TallyRollup else (getattr(rollup, WHAT[rollup]),)
    keys = (rollup.plan_id, rollup.grain, rollup.period, rollup.key_enterprise, *kind)
    here = (rollup.plan_id == plan, rollup.node == node)
    parts = [
        select(*keys, *_sums(rollup, rollup, sign)).where(*here, rollup.each.is_(each)).group_by(*keys)
        for each, sign in ((True, 1), (False, -1))
    ]
    named = ("plan", "grain", "day", "key_enterprise", *(() if rollup is TallyRollup else (WHAT[rollup],)))
    yield from _unequal(session, rollup, parts, Told(f"{node} in all", node, None, named, parts[1], -1))


@dataclass(frozen=True)
class Told:
    """How to tell of sums that differ: of which node, in steps of which grain, and what their keys are called.

    `stored` is the part that is judged by the others; it counts with this sign.
    """

    where: str
    node: str
    grain: int | None
    named: tuple[str, ...]
    stored: Query
    sign: int = 1


def _unequal(session: Session, rollup: Rollup, parts: list[Query], told: Told) -> Iterator[Finding]:
    count = len(SUMS[rollup])
    width = len(parts[0].selected_columns)
    both = union_all(*(_numbered(part) for part in parts)).subquery()
    keys = [both.c[f"c{n}"] for n in range(width - count)]
    sums = [func.sum(both.c[f"c{n}"]) for n in range(width - count, width)]
    query = select(*keys, *sums).group_by(*keys).having(or_(*(sum_ != 0 for sum_ in sums)))
    there: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in session.execute(query):
        if not there:
            there = {tuple(one[:-count]): tuple(one[-count:]) for one in session.execute(told.stored)}
            there[()] = ()
        yield _unequal_row(rollup, tuple(row), there.get(tuple(row[:-count])), told)


def _unequal_row(rollup: Rollup, row: tuple[Any, ...], there: tuple[Any, ...] | None, told: Told) -> Finding:
    """Tell of sums by how much they differ; from what stands there follows what should."""
    names = SUMS[rollup]
    keys = dict(zip(told.named, row, strict=False))
    about = {"table": rollup.__tablename__, "region": told.node, "grain": told.grain} | keys
    stored = tuple(told.sign * one for one in there) if there else (0,) * len(names)
    meant = (one - told.sign * off for one, off in zip(stored, row[-len(names) :], strict=True))
    text = f"{rollup.__tablename__} of {told.where}: {', '.join(map(str, row))}"
    stands, should = (dict(zip(names, side, strict=True)) for side in (stored, meant))
    return Finding(KIND, text, about, *sides(stands, should, names[:2]))


def _numbered(part: Query) -> Query:
    columns = (column.label(f"c{n}") for n, column in enumerate(part.selected_columns))
    return part.with_only_columns(*columns, maintain_column_froms=True)
