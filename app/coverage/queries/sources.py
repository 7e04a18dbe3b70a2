"""What sums are made from: their tables, what they are narrowed to and split by, and how parts are added up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.prepared import run
from app.coverage.projection_models import AheadKind, AheadTally, KindRollup, PendingKind, PendingTally, TallyRollup
from app.coverage.queries.asking import Question

Part = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Source:
    """The tables of one kind of figure, and the columns that are summed."""

    rollup: type[TallyRollup | KindRollup]
    pending: type[PendingTally | PendingKind]
    entry: type[Entry | EnterpriseEntry]
    ahead: type[AheadTally | AheadKind]
    sums: tuple[str, ...]


TALLIES = Source(TallyRollup, PendingTally, Entry, AheadTally, ("required", "covered", "waived"))
KINDS = Source(KindRollup, PendingKind, EnterpriseEntry, AheadKind, ("delta",))


@dataclass(frozen=True)
class Only:
    """What sums are narrowed to: an industry, a post (of assignments)."""

    industry: str | None = None
    post: str | None = None


Value = BindParameter[Any]
PLAN: Value = bindparam("plan")
INDUSTRY: Value = bindparam("industry")
POST: Value = bindparam("post")
INDUSTRIES: Value = bindparam("industries", expanding=True)
WITHIN: Value = bindparam("within", expanding=True)
NARROWING: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "industries": lambda table: table.industry.in_(INDUSTRIES),
    "key_enterprises": lambda table: table.key_enterprise.is_(True),
    "within": lambda table: table.region.in_(WITHIN),
    "industry": lambda table: table.industry == INDUSTRY,
    "post": lambda table: table.post == POST,
}
"""What a sum may be narrowed by, besides its plan and places, by the names of the values."""


@dataclass(frozen=True)
class Shape:
    """How a sum is asked for, but for its values: for each shape a statement is made once, and kept.

    To make one takes longer than most answers. each: whether industry and post must be told apart. narrowed: by what
    the sum is narrowed, besides its plan and places.
    """

    source: Source
    by: tuple[str, ...]
    each: bool
    narrowed: frozenset[str]

    def of(self, table: type[Any], *where: Any, sign: int | ColumnElement[int] = 1) -> Part:  # noqa: ANN401 - any columns
        """Select a place, what it is split by and signed sums' columns of a table, narrowed by plan and filters."""
        amounts = [getattr(table, name) for name in self.source.sums]
        sums = amounts if isinstance(sign, int) and sign == 1 else [sign * amount for amount in amounts]
        part = select(*where, *(getattr(table, name) for name in self.by), *sums).where(table.plan_id == PLAN)
        return part.where(*(condition(table) for name, condition in NARROWING.items() if name in self.narrowed))


@dataclass(frozen=True)
class Wanted:
    """What is summed for a question: which figures, narrowed to what, split by which columns.

    together: industries and posts need not be told apart; then they are '' where sums are kept without.
    """

    question: Question
    source: Source
    by: Sequence[str] = ()
    only: Only = Only()
    together: bool = False

    @property
    def shape(self) -> Shape:
        """Give how it is asked for."""
        narrowed = frozenset(NARROWING.keys() & self.values.keys())
        apart = self.only.post is not None or bool({"industries", "industry"} & narrowed)
        each = apart or (not self.together and bool({"industry", "post"} & set(self.by)))
        return Shape(self.source, tuple(self.by), each, narrowed)

    @property
    def values(self) -> dict[str, Any]:
        """Give its values."""
        question, only = self.question, self.only
        found = {
            "plan": question.plan.id,
            "industries": None if question.industries is None else sorted(question.industries),
            "within": None if question.within is None else sorted(question.within),
            "key_enterprises": question.key_enterprises or None,
            "industry": only.industry,
            "post": only.post if self.source is TALLIES else None,
        }
        return {name: value for name, value in found.items() if value is not None}


def adding(parts: Sequence[Part], keys: int) -> Select[*tuple[Any, ...]]:
    """Make the statement that adds parts up, group by group: so many keys, then what is summed.

    They are told apart by the last key first: places have long beginnings in common, which makes sorting slow.
    """
    lines = union_all(*(_numbered(part) for part in parts)).subquery()
    groups, sums = list(lines.c)[:keys], [func.sum(column) for column in list(lines.c)[keys:]]
    return select(*groups, *sums).group_by(*reversed(groups))


def added(
    session: Session, statement: Select[*tuple[Any, ...]], keys: int, values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Run such a statement; groups that come to nothing are left out."""
    found = run(session, statement, values).all()
    return [(*row[:keys], *map(int, row[keys:])) for row in found if any(row[keys:])]


def _numbered(part: Part) -> Part:
    columns = (column.label(f"c{position}") for position, column in enumerate(part.selected_columns))
    return part.with_only_columns(*columns, maintain_column_froms=True)
