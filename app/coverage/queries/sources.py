"""What sums are made from: their tables, what they are narrowed to and split by, and how parts are added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
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
    def each(self) -> bool:
        """Say whether industry and post must be told apart."""
        only = self.only
        narrowed = self.question.industries is not None or only.industry is not None or only.post is not None
        return narrowed or (not self.together and bool({"industry", "post"} & set(self.by)))

    def of(self, table: type[Any], *where: Any, sign: int | ColumnElement[int] = 1) -> Part:  # noqa: ANN401 - any columns
        """Select a place, what it is split by and signed sums' columns of a table, narrowed by plan and filters."""
        source, only = self.source, self.only
        amounts = [getattr(table, name) for name in source.sums]
        sums = amounts if isinstance(sign, int) and sign == 1 else [sign * amount for amount in amounts]
        part = select(*where, *(getattr(table, name) for name in self.by), *sums)
        part = part.where(table.plan_id == self.question.plan.id, *self.question.inside(table))
        if only.industry is not None:
            part = part.where(table.industry == only.industry)
        if only.post is not None and source is TALLIES:
            part = part.where(table.post == only.post)
        return part


def summed(
    session: Session, parts: Sequence[Part], keys: int, values: Mapping[str, int] | None = None
) -> list[tuple[Any, ...]]:
    """Add the parts up, group by group; groups that come to nothing are left out. values: of parameters in parts.

    They are told apart by the last key first: places have long beginnings in common, which makes sorting slow.
    """
    if not parts:
        return []
    lines = union_all(*(_numbered(part) for part in parts)).subquery()
    groups, sums = list(lines.c)[:keys], [func.sum(column) for column in list(lines.c)[keys:]]
    found = run(session, select(*groups, *sums).group_by(*reversed(groups)), values)
    return [(*row[:keys], *map(int, row[keys:])) for row in found if any(row[keys:])]


def _numbered(part: Part) -> Part:
    columns = (column.label(f"c{position}") for position, column in enumerate(part.selected_columns))
    return part.with_only_columns(*columns, maintain_column_froms=True)
