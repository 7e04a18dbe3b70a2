"""Sums of the ledger by node of the region tree: noted with every posting, folded, and rebuilt from the entries.

A rollup row holds by how much a figure changed in one year, one month or on one day (a Fenwick tree with three
levels): what stands on a day is a sum of a few dozen rows, whatever the day, and an entry of any day, past or to come,
changes three rows a node. Nothing has to be rolled forward.

Writers note their entries as pending. On SQLite the posting folds them at once; on PostgreSQL a posting that holds the
posting lock alone does so too, unless it changed little (service.leave_pending), and others leave them for jobs.fold():
readers add what is pending, so no figure waits.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql as postgres
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import month_start, year_start
from app.coverage.planned import region_parents
from app.coverage.prepared import run
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
from app.ops import bulk

FOLD_LOCK = 0x464F4C44
"""PostgreSQL's advisory lock of the one that folds."""
Rollup = type[TallyRollup] | type[KindRollup]
PENDING: tuple[tuple[type[PendingTally] | type[PendingKind], Rollup], ...] = (
    (PendingTally, TallyRollup),
    (PendingKind, KindRollup),
)
LINE = ("plan_id", "region", "industry", "key_enterprise", "effective_on")
SUMS = {TallyRollup: ("required", "covered", "waived"), KindRollup: ("delta",)}
WHAT = {TallyRollup: "post", KindRollup: "kind"}
KEYS = ("plan_id", "node", "each", "grain", "period", "industry", "key_enterprise")


def note(session: Session, entries: Iterable[Mapping[str, Any]], table: type[Entry] | type[EnterpriseEntry]) -> None:
    """Note entries (columns as they were appended) as pending, summed where only the enterprise differs."""
    pending, rollup = PENDING[0] if table is Entry else PENDING[1]
    keys, sums = (*LINE, WHAT[rollup]), SUMS[rollup]
    found: dict[tuple[Any, ...], list[int]] = {}
    for entry in entries:
        line = found.setdefault(tuple(entry[key] for key in keys), [0] * len(sums))
        for position, name in enumerate(sums):
            line[position] += entry[name]
    rows = [dict(zip((*keys, *sums), (*key, *line), strict=True)) for key, line in found.items() if any(line)]
    bulk.append(session, pending, rows)


def fold(session: Session) -> None:
    """Add what is pending to the rollups."""
    postgresql = is_postgresql(session)
    if postgresql:
        session.execute(select(func.pg_advisory_xact_lock(FOLD_LOCK)))
    for pending, rollup in PENDING:
        if run(session, _first(pending)).first() is not None:
            for statement in _folding(pending, rollup, postgresql=postgresql):
                run(session, statement)


@cache
def _first(pending: type[PendingTally] | type[PendingKind]) -> Select[int]:
    return select(pending.id).limit(1)


@cache
def _folding(
    pending: type[PendingTally] | type[PendingKind], rollup: Rollup, *, postgresql: bool
) -> tuple[Executable, ...]:
    """Give the statements that move what is pending into a rollup."""
    if postgresql:
        gone = delete(pending).returning(*(getattr(pending, key) for key in _columns(rollup))).cte("gone")
        return (_added(rollup, _folded(rollup, gone), postgresql=True),)
    return _added(rollup, _folded(rollup, pending.__table__), postgresql=False), delete(pending)


def _columns(rollup: Rollup) -> tuple[str, ...]:
    return (*LINE, WHAT[rollup], *SUMS[rollup])


def _folded(rollup: Rollup, lines: FromClause) -> Select[*tuple[Any, ...]]:
    """Give lines as rows of a rollup: for every node above them, in every grain, with industry and post and without."""
    grains = _numbers("grain", YEAR, MONTH, DAY)
    both = select(literal_column("true").label("each")).union_all(select(literal_column("false"))).subquery("both")
    row, each, grain = lines.c, both.c.each, grains.c.grain
    day = row.effective_on
    period = case((grain == YEAR, year_start(day)), (grain == MONTH, month_start(day)), else_=day)
    industry = case((each, row.industry), else_=literal(""))
    what = row[WHAT[rollup]] if rollup is KindRollup else case((each, row[WHAT[rollup]]), else_=literal(""))
    keys = (row.plan_id, RegionNode.node, each, grain, period, industry, row.key_enterprise, what)
    named = [key.label(name) for key, name in zip(keys, (*KEYS, WHAT[rollup]), strict=True)]
    sums = [func.sum(row[name]).label(name) for name in SUMS[rollup]]
    joined = lines.join(RegionNode, RegionNode.region == row.region).join(grains, literal_column("true"))
    query = select(*named, *sums).select_from(joined.join(both, literal_column("true")))
    return query.group_by(*(literal_column(str(position + 1)) for position in range(len(named))))


def _numbers(name: str, *values: int) -> FromClause:
    return union_all(*(select(literal_column(str(value)).label(name)) for value in values)).subquery(name + "s")


def _added(rollup: Rollup, rows: Select[*tuple[Any, ...]], *, postgresql: bool) -> Any:  # noqa: ANN401 - an insert of either dialect
    """Give the statement that adds rows to a rollup."""
    make = postgres.insert if postgresql else sqlite.insert
    names, sums = (*KEYS, WHAT[rollup]), SUMS[rollup]
    statement = make(rollup).from_select([*names, *sums], rows)
    return statement.on_conflict_do_update(
        index_elements=list(names), set_={name: getattr(rollup, name) + statement.excluded[name] for name in sums}
    )


def is_postgresql(session: Session) -> bool:
    """Say which database this is."""
    return session.get_bind().dialect.name == "postgresql"


def follow_tree(session: Session, *, whole: bool = False) -> bool:
    """Follow the regions; True when one that was there hangs elsewhere now: then the rollups have to be rebuilt.

    Without `whole` only new regions are looked for: re-hanging one is a posting of everything.
    """
    counts = "SELECT (SELECT count(*) FROM region), (SELECT count(*) FROM region_node WHERE node = region)"
    regions, known = session.execute(sql(counts)).one()
    if regions == known and not whole:
        return False
    gone, new = tree_difference(session)
    there = set(session.scalars(select(RegionNode.region).distinct()))
    for node, region in gone:
        session.execute(delete(RegionNode).where(RegionNode.node == node, RegionNode.region == region))
    if new:
        session.execute(insert(RegionNode), [{"node": node, "region": region} for node, region in sorted(new)])
    return bool(gone) or any(region in there for _, region in new)


def tree_difference(session: Session) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give the (node, region) pairs that are stored and should not be, and those that should be and are not."""
    parents = region_parents(session)
    wanted = {(node, region) for region in parents for node in _above(parents, region)}
    there = {(node, region) for node, region in session.execute(select(RegionNode.node, RegionNode.region))}
    return there - wanted, wanted - there


def _above(parents: Mapping[str, str | None], region: str) -> list[str]:
    chain: list[str] = []
    at: str | None = region
    while at is not None and at not in chain:
        chain.append(at)
        at = parents.get(at)
    return chain
