"""The rollups made again from the ledger: regions by day first, then what lies above them, months, years, sums.

Nothing is added to a row that is there, so that tables may be filled before they have a key; and rows are inserted in
order of it, for PostgreSQL leaves them where they came: what is read together then lies together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from app.coverage import ahead
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import month_start, year_start
from app.coverage.projection_models import DAY, MONTH, YEAR, RegionNode, TallyRollup
from app.coverage.projections import KEYS, PENDING, SUMS, WHAT, Rollup, follow_tree
from app.organisations.models import Region

OWN = -1
"""In place of a grain, until all is summed: a day of a region that has others below, without what lies in those."""
Instead = Mapping[str, Any]
"""What stands in place of a key."""


def rebuild(session: Session) -> None:
    """Drop the rollups, and what is pending, and make them from the ledger."""
    follow_tree(session, whole=True)
    for pending, rollup in PENDING:
        session.execute(delete(pending))
        session.execute(delete(rollup))
        make(session, rollup)
    ahead.rebuild(session)


def make(session: Session, rollup: Rollup) -> None:
    """Make a rollup that is empty from the ledger."""
    _regions(session, rollup)
    for level in list(_levels(session)):
        _lift(session, rollup, level)
    session.execute(delete(rollup).where(rollup.grain == OWN))
    _coarser(session, rollup)


def _regions(session: Session, rollup: Rollup) -> None:
    """Insert what every region has itself, by day."""
    entry: type[Entry | EnterpriseEntry] = Entry if rollup is TallyRollup else EnterpriseEntry
    parents = select(Region.parent).where(Region.parent.is_not(None))
    instead: Instead = {
        "node": entry.region,
        "each": literal_column("true"),
        "grain": case((entry.region.in_(parents), _number(OWN)), else_=_number(DAY)),
        "period": entry.effective_on,
    }
    _insert(session, rollup, entry, instead, ())


def _levels(session: Session) -> Iterator[list[str]]:
    """Give the nodes that have others below, level by level, the deepest first."""
    depth = func.count()
    parents = select(Region.parent).where(Region.parent.is_not(None))
    query = select(RegionNode.region, depth).where(RegionNode.region.in_(parents)).group_by(RegionNode.region)
    found: dict[int, list[str]] = {}
    for node, count in session.execute(query):
        found.setdefault(count, []).append(node)
    yield from (found[count] for count in sorted(found, reverse=True))


def _lift(session: Session, rollup: Rollup, nodes: list[str]) -> None:
    """Insert the days of nodes: what they have themselves, and what those below them have."""
    below = select(Region.code).where(Region.parent.in_(nodes))
    where = or_(and_(rollup.grain == OWN, rollup.node.in_(nodes)), and_(rollup.grain == DAY, rollup.node.in_(below)))
    instead: Instead = {
        "node": case((rollup.grain == OWN, rollup.node), else_=Region.parent),
        "grain": _number(DAY),
    }
    _insert(session, rollup, rollup, instead, (Region.code == rollup.node, where))


def _coarser(session: Session, rollup: Rollup) -> None:
    """Insert months, years, and all three grains without industry and post."""
    each = rollup.each.is_(True)
    month: Instead = {"grain": _number(MONTH), "period": month_start(rollup.period)}
    _insert(session, rollup, rollup, month, (each, rollup.grain == DAY))
    year: Instead = {"grain": _number(YEAR), "period": year_start(rollup.period)}
    _insert(session, rollup, rollup, year, (each, rollup.grain == MONTH))
    apart: Instead = {"each": literal_column("false"), "industry": literal("")}
    _insert(session, rollup, rollup, {**apart, "post": literal("")} if rollup is TallyRollup else apart, (each,))


def _insert(
    session: Session, rollup: Rollup, source: type[Any], instead: Instead, where: Iterable[ColumnElement[bool]]
) -> None:
    """Insert sums of a source's rows, some of the keys replaced; none that come to nothing (a third by kind)."""
    names, sums = (*KEYS, WHAT[rollup]), SUMS[rollup]
    columns = [instead[name] if name in instead else getattr(source, name) for name in names]
    query = select(*(column.label(name) for column, name in zip(columns, names, strict=True)))
    totals = [func.sum(getattr(source, name)) for name in sums]
    positions = [_number(position + 1) for position in range(len(names))]
    query = query.add_columns(*totals).where(*where).group_by(*positions).order_by(*positions)
    query = query.having(or_(*(total != 0 for total in totals)))
    session.execute(insert(rollup).from_select([*names, *sums], query))


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))
