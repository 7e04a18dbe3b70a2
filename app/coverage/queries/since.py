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

from sqlalchemy import ColumnElement, Integer, Select, and_, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.settlements import Settled, regions_then
from app.coverage.status import STATUSES
from app.kit.dates import add_days, day_of
from app.kit.scope import Scope

CLASSES = 15
"""Late classes told apart; later ones (over 44 years) are taken together."""
Table = type[Entry | EnterpriseEntry]


@dataclass(frozen=True)
class Since:
    """What was recorded since a settlement, and the regions that have come under its region, or left it, since."""

    settled: Settled
    question: Question
    gained: frozenset[str]
    lost: frozenset[str]

    @property
    def known_at(self) -> datetime:
        """Give the instant at which it was settled."""
        return self.settled.head.known_at

    def parts(self, table: Table) -> Iterator[tuple[int, bool, ColumnElement[bool]]]:
        """Give (sign, whether it is the tree's doing, condition) of the entries that make the difference.

        One part per late class, each a literal: so a partial index serves, and is entered where the part begins.
        """
        after, first = table.recorded_at > self.known_at, day_of(self.known_at)
        for late in range(CLASSES):
            begun = table.effective_on > add_days(first, -(2**late))
            yield 1, False, and_(table.late == _literal(late), *self.question.entries(table), begun, after)
        yield 1, False, and_(table.late >= _literal(CLASSES), *self.question.entries(table), after)
        then = (table.plan_id == self.question.plan.id, table.effective_on <= self.question.on)
        for sign, regions in ((1, self.gained), (-1, self.lost)):
            if regions:
                yield sign, True, and_(*then, table.region.in_(sorted(regions)), table.recorded_at <= self.known_at)


def _literal(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


def since(scope: Scope, session: Session, settled: Settled, today: date, now: datetime) -> Since:
    """Ask what was recorded since a settlement; Problem 404 when its region is out of reach, or is no more."""
    question = resolve(scope, session, ask_of(settled), today, now)
    then = regions_then(session, settled)
    regions = frozenset(question.parents) if question.regions is None else question.regions
    return Since(settled, question, regions - then, then - regions)


def ask_of(settled: Settled) -> Ask:
    """Give the question that a settlement answered, to be asked of what is known now."""
    return Ask(settled.head.plan_code, settled.head.on, region=settled.head.region)


def changed_enterprises(asked: Since) -> Select[*tuple[Any, ...]]:
    """Select the enterprises that differ, by how much, and how much that weighs."""
    entry = Entry
    parts: list[Select[*tuple[Any, ...]]] = []
    for sign, _, condition in asked.parts(entry):
        sums = [(sign * func.sum(column)).label(column.key) for column in (entry.required, entry.covered, entry.waived)]
        query = select(entry.enterprise_id, *sums, _literal(0).label("turned")).where(condition)
        parts.append(query.group_by(entry.enterprise_id))
    turned = _turned(asked).subquery()
    none = [_literal(0).label(name) for name in Tally._fields]
    parts.append(select(turned.c.enterprise_id, *none, _literal(1)).distinct())
    whole = union_all(*parts).subquery()
    amounts = {name: func.sum(whole.c[name]) for name in (*Tally._fields, "turned")}
    weight = func.abs(amounts["required"]) + func.abs(amounts["covered"])
    named = [amount.label(name) for name, amount in amounts.items()]
    query = select(whole.c.enterprise_id, *named, weight.label("weight")).group_by(whole.c.enterprise_id)
    return query.having(or_(*(amount != 0 for amount in amounts.values())))


def _turned(asked: Since) -> Select[*tuple[Any, ...]]:
    """Select the enterprises whose status is another."""
    row = EnterpriseEntry
    parts = [
        select(row.enterprise_id, row.kind, (sign * row.delta).label("delta")).where(condition, row.kind.in_(STATUSES))
        for sign, _, condition in asked.parts(row)
    ]
    whole = union_all(*parts).subquery()
    query = select(whole.c.enterprise_id).group_by(whole.c.enterprise_id, whole.c.kind)
    return query.having(func.sum(whole.c.delta) != 0)


def per_posting(asked: Since, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Select what each posting (0: the tree) changed in the figures of these enterprises."""
    row = Entry
    parts = [
        select(
            row.enterprise_id,
            (_literal(0) if tree else row.posting_id).label("posting"),
            *((sign * column).label(column.key) for column in (row.required, row.covered, row.waived)),
        ).where(condition, row.enterprise_id.in_(ids))
        for sign, tree, condition in asked.parts(row)
    ]
    whole = union_all(*parts).subquery()
    sums = [func.sum(whole.c[name]) for name in Tally._fields]
    return select(whole.c.enterprise_id, whole.c.posting, *sums).group_by(whole.c.enterprise_id, whole.c.posting)


def turns_per_posting(asked: Since, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Select what each posting (0: the tree) changed in the status of these enterprises."""
    row = EnterpriseEntry
    parts = [
        select(
            row.enterprise_id,
            (_literal(0) if tree else row.posting_id).label("posting"),
            row.kind,
            (sign * row.delta).label("delta"),
        ).where(condition, row.enterprise_id.in_(ids), row.kind.in_(STATUSES))
        for sign, tree, condition in asked.parts(row)
    ]
    whole = union_all(*parts).subquery()
    keys = (whole.c.enterprise_id, whole.c.posting, whole.c.kind)
    amount = func.sum(whole.c.delta)
    return select(*keys, amount).group_by(*keys).having(amount != 0)
