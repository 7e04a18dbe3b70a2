"""The proof of the projections: rollups against entries, months against days, figures of enterprises against the facts.

Plan by plan and node by node, so that the memory needed does not grow with the ledger: what a node says follows from
what its own entries say, and the nodes below it, each proved in its turn.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from sqlalchemy import Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.coverage import ahead, enterprise_figures, projections
from app.coverage.enterprise_figures import Known
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import month_start, year_start
from app.coverage.projection_models import DAY, MONTH, YEAR, RegionNode, TallyRollup
from app.coverage.projections import PENDING, SUMS, WHAT, Rollup
from app.organisations.models import Region
from app.plans.models import Plan

Columns = tuple[Any, ...]
Query = Select[*tuple[Any, ...]]


def rollups(session: Session) -> Iterator[str]:
    """Give what the sums by region say differently from the ledger."""
    gone, new = projections.tree_difference(session)
    for node, region in sorted(gone | new):
        yield f"region_node {node} and {region} do not follow the region tree"
    for pending, rollup in PENDING:
        entry: type[Entry | EnterpriseEntry] = Entry if rollup is TallyRollup else EnterpriseEntry
        nodes = session.scalars(select(RegionNode.node).distinct().order_by(RegionNode.node)).all()
        for plan, node in product(session.scalars(select(Plan.id)).all(), nodes):
            yield from _days(session, rollup, (entry, pending), plan, node)
            yield from _coarser(session, rollup, plan, node)
            yield from _together(session, rollup, plan, node)
    yield from ahead.differences(session)


def figures(session: Session, known: Known) -> Iterator[str]:
    """Give what the figures of some enterprises say differently from what is known of them."""
    new, gone = enterprise_figures.differences(session, known, enterprise_figures.slots(session))
    for row in new:
        yield f"enterprise_figure should be {dict(zip(enterprise_figures.COLUMNS, row, strict=True))}"
    for key in gone:
        yield f"enterprise_figure {key} should not be"


def _keys(source: type[Any], rollup: Rollup) -> Columns:
    return (source.plan_id, source.industry, getattr(source, WHAT[rollup]), source.key_enterprise)


def _sums(source: type[Any], rollup: Rollup, sign: int = 1) -> Columns:
    return tuple(func.sum(sign * getattr(source, name)) for name in SUMS[rollup])


def _days(
    session: Session, rollup: Rollup, sources: tuple[type[Any], type[Any]], plan: int, node: str
) -> Iterator[str]:
    """Compare the day rows of a node with those of the nodes below it, its own entries and what of these is pending."""
    parts: list[Query] = []
    for source, sign in zip(sources, (-1, 1), strict=True):
        keys = (*_keys(source, rollup), source.effective_on)
        part = select(*keys, *_sums(source, rollup, sign)).group_by(*keys)
        parts.append(part.where(source.plan_id == plan, source.region == node))
    keys = (*_keys(rollup, rollup), rollup.period)
    below = rollup.node.in_(select(Region.code).where(Region.parent == node))
    for nodes, sign in ((rollup.node == node, 1), (below, -1)):
        stored = select(*keys, *_sums(rollup, rollup, sign)).group_by(*keys)
        parts.append(stored.where(rollup.plan_id == plan, nodes, rollup.each.is_(True), rollup.grain == DAY))
    yield from _unequal(session, rollup, parts, f"{node} by day")


def _coarser(session: Session, rollup: Rollup, plan: int, node: str) -> Iterator[str]:
    """Compare months with days, and years with months."""
    for finer, coarser, start, name in ((DAY, MONTH, month_start, "month"), (MONTH, YEAR, year_start, "year")):
        keys = _keys(rollup, rollup)
        here = (rollup.plan_id == plan, rollup.node == node, rollup.each.is_(True))
        fine = select(*keys, start(rollup.period), *_sums(rollup, rollup)).where(*here, rollup.grain == finer)
        coarse = select(*keys, rollup.period, *_sums(rollup, rollup, -1)).where(*here, rollup.grain == coarser)
        parts = [fine.group_by(*keys, start(rollup.period)), coarse.group_by(*keys, rollup.period)]
        yield from _unequal(session, rollup, parts, f"{node} by {name}")


def _together(session: Session, rollup: Rollup, plan: int, node: str) -> Iterator[str]:
    """Compare the rows without industry and post with those that have them."""
    kind = () if rollup is TallyRollup else (getattr(rollup, WHAT[rollup]),)
    keys = (rollup.plan_id, rollup.grain, rollup.period, rollup.key_enterprise, *kind)
    here = (rollup.plan_id == plan, rollup.node == node)
    parts = [
        select(*keys, *_sums(rollup, rollup, sign)).where(*here, rollup.each.is_(each)).group_by(*keys)
        for each, sign in ((True, 1), (False, -1))
    ]
    yield from _unequal(session, rollup, parts, f"{node} in all")


def _unequal(session: Session, rollup: Rollup, parts: list[Query], where: str) -> Iterator[str]:
    count = len(SUMS[rollup])
    width = len(parts[0].selected_columns)
    named = [
        part.with_only_columns(
            *(c.label(f"c{n}") for n, c in enumerate(part.selected_columns)), maintain_column_froms=True
        )
        for part in parts
    ]
    both = union_all(*named).subquery()
    keys = [both.c[f"c{n}"] for n in range(width - count)]
    sums = [func.sum(both.c[f"c{n}"]) for n in range(width - count, width)]
    query = select(*keys, *sums).group_by(*keys).having(or_(*(sum_ != 0 for sum_ in sums)))
    for row in session.execute(query):
        yield f"{rollup.__tablename__} of {where}: {', '.join(map(str, row))}"


def _numbered(part: Query) -> Query:
    columns = (column.label(f"c{n}") for n, column in enumerate(part.selected_columns))
    return part.with_only_columns(*columns, maintain_column_froms=True)
