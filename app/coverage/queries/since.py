"""What was recorded since a settlement about the days up to its own, and which enterprises differ by it.

A settlement is never of a day to come, so all entries that change what it said came late; those of late class c took
effect less than 2**c days before they were recorded: hence within that many days before the settlement, or later. So
the cost follows what has changed since. Where the region tree itself was changed, the enterprises that came under the
region, or left it, differ by all that they had; no posting says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.partial import is_status
from app.coverage.planned import below
from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.placing import late_below_nodes
from app.coverage.queries.settlements import Settled, regions_then
from app.coverage.status import STATUSES
from app.kit.dates import day_of
from app.kit.scope import Scope

Table = type[Entry | EnterpriseEntry]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Part:
    """Entries that make a difference, added or taken away (sign); `tree`: because regions were put under others."""

    sign: int
    source: FromClause
    conditions: tuple[ColumnElement[bool], ...]
    tree: bool = False

    def select(self, *columns: Any) -> Query:  # noqa: ANN401 - any columns
        """Select columns of the entries."""
        found: Query = select(*columns).select_from(self.source).where(*self.conditions)
        return found


@dataclass(frozen=True)
class Since:
    """What was recorded since a settlement, the regions below its own now, and those gained or lost since."""

    settled: Settled
    question: Question
    regions: frozenset[str]
    gained: frozenset[str]
    lost: frozenset[str]

    @property
    def known_at(self) -> datetime:
        """Give the instant at which it was settled."""
        return self.settled.head.known_at

    def parts(self, table: Table, ids: Sequence[int] | None = None) -> Iterator[Part]:
        """Give the entries that make the difference, by regions and late classes, or those of some enterprises.

        Of entries of enterprises only those of status are of use.
        """
        by_then = (table.plan_id == self.question.plan.id, table.effective_on <= self.question.on)
        after = (*by_then, table.recorded_at > self.known_at)
        chosen = () if ids is None else (table.enterprise_id.in_(ids),)
        if ids is None:
            source: FromClause = late_below_nodes(table, day_of(self.known_at))
            yield Part(1, source, (RegionNode.node.in_(self.question.tops), *after))
        else:
            yield Part(1, table.__table__, (table.region.in_(sorted(self.regions)), *after, *chosen))
        of_status = (is_status(table),) if issubclass(table, EnterpriseEntry) and ids is None else ()
        for sign, regions in ((1, self.gained), (-1, self.lost)):
            if regions:
                known = (table.region.in_(sorted(regions)), table.recorded_at <= self.known_at, *of_status)
                yield Part(sign, table.__table__, (*by_then, *known, *chosen), tree=True)


def since(scope: Scope, session: Session, settled: Settled, today: date, now: datetime) -> Since:
    """Ask what was recorded since a settlement; Problem 404 when its region is out of reach, or is no more."""
    question = resolve(scope, session, ask_of(settled), today, now)
    then = regions_then(session, settled)
    now_below = below(question.parents, question.tops)
    return Since(settled, question, now_below, now_below - then, then - now_below)


def ask_of(settled: Settled) -> Ask:
    """Give the question that a settlement answered, to be asked of what is known now."""
    return Ask(settled.head.plan_code, settled.head.on, region=settled.head.region)


ENTERPRISES = "enterprises"
DIFFERS = (*Tally._fields, ENTERPRISES, *STATUSES)
"""In what enterprises may be asked to differ: in a figure, in being taken in at all, or in being of a status."""


def changed_enterprises(asked: Since, differs: str = "") -> Query:
    """Select the enterprises that differ (`differs`: in that alone), by how much, and how much that weighs."""
    entry = Entry
    parts: list[Query] = []
    for part in asked.parts(entry):
        sums = [(part.sign * func.sum(column)).label(column.key) for column in _amounts(entry)]
        query = part.select(entry.enterprise_id, *sums, _literal(0).label("turned"))
        parts.append(query.group_by(entry.enterprise_id))
    turned = _turned(asked, differs).subquery()
    none = [_literal(0).label(name) for name in Tally._fields]
    parts.append(select(turned.c.enterprise_id, *none, _literal(1)).distinct())
    whole = union_all(*parts).subquery()
    amounts = {name: func.sum(whole.c[name]) for name in (*Tally._fields, "turned")}
    weight = func.abs(amounts["required"]) + func.abs(amounts["covered"])
    named = [amount.label(name) for name, amount in amounts.items()]
    query = select(whole.c.enterprise_id, *named, weight.label("weight")).group_by(whole.c.enterprise_id)
    decides = [amounts[differs if differs in Tally._fields else "turned"]] if differs else amounts.values()
    return query.having(or_(*(amount != 0 for amount in decides)))


def _turned(asked: Since, differs: str) -> Query:
    """Select the enterprises whose status is another; or that are, or are not, of one, or of any, that were not."""
    row, kinds = EnterpriseEntry, (differs,) if differs in STATUSES else STATUSES
    parts = [
        part.select(row.enterprise_id, row.kind, (part.sign * row.delta).label("delta")).where(row.kind.in_(kinds))
        for part in asked.parts(row)
    ]
    whole = union_all(*parts).subquery()
    by = (whole.c.enterprise_id,) if differs == ENTERPRISES else (whole.c.enterprise_id, whole.c.kind)
    query = select(whole.c.enterprise_id).group_by(*by)
    return query.having(func.sum(whole.c.delta) != 0)


def per_posting(asked: Since, ids: Sequence[int]) -> Query:
    """Select what each posting (0: the tree) changed in the figures of these enterprises."""
    row = Entry
    parts = [
        part.select(row.enterprise_id, _posting(row, part), *((part.sign * c).label(c.key) for c in _amounts(row)))
        for part in asked.parts(row, ids)
    ]
    whole = union_all(*parts).subquery()
    sums = [func.sum(whole.c[name]) for name in Tally._fields]
    return select(whole.c.enterprise_id, whole.c.posting, *sums).group_by(whole.c.enterprise_id, whole.c.posting)


def turns_per_posting(asked: Since, ids: Sequence[int]) -> Query:
    """Select what each posting (0: the tree) changed in the status of these enterprises."""
    row = EnterpriseEntry
    parts = [
        part.select(row.enterprise_id, _posting(row, part), row.kind, (part.sign * row.delta).label("delta")).where(
            row.kind.in_(STATUSES)
        )
        for part in asked.parts(row, ids)
    ]
    whole = union_all(*parts).subquery()
    keys = (whole.c.enterprise_id, whole.c.posting, whole.c.kind)
    amount = func.sum(whole.c.delta)
    return select(*keys, amount).group_by(*keys).having(amount != 0)


def _amounts(row: type[Entry]) -> tuple[Any, ...]:
    return row.required, row.covered, row.waived


def _posting(row: Table, part: Part) -> Any:  # noqa: ANN401 - a labelled column
    return (_literal(0) if part.tree else row.posting_id).label("posting")


def _literal(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)
