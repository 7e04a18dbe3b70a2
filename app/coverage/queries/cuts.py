"""Cuts of the list of enterprises by the size of their gap: which are wanted, from where on, and how many.

The list's order is by rank (the undeclared first), surplus (the largest gap first) and enterprise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, not_, tuple_

from app.coverage.queries.asking import Question
from app.coverage.staleness import is_stale
from app.organisations.models import Enterprise

SUMS = ("required", "covered", "waived")
PLACE = ("region", "industry", "key_enterprise", "status")
Key = tuple[int, int, int]
"""Rank, surplus and enterprise: the place of a row in the list."""
Part = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Narrowing:
    """Which enterprises are wanted: of a status, of an industry, stale or not, declared ones, by name or code."""

    status: str | None = None
    industry: str | None = None
    stale: bool | None = None
    declared: bool = False
    text: str = ""


@dataclass(frozen=True)
class Cut:
    """A part of the list: the enterprises wanted; with a size so many of its order after a key, and perhaps more."""

    only: Narrowing = Narrowing()
    after: Key | None = None
    size: int | None = None


def narrowed(query: Part, only: Narrowing, row: Any, question: Question) -> Part:  # noqa: ANN401 - a table, or its columns
    """Narrow a selection of rows that say enterprise, status and industry on the day asked about."""
    if only.status is not None:
        query = query.where(row.status == only.status)
    if only.industry is not None:
        query = query.where(row.industry == only.industry)
    if only.declared:
        query = query.where(row.status != "undeclared")
    if only.stale is not None:
        stale = is_stale(row, question.on, question.known_at)
        query = query.where(stale if only.stale else not_(stale))
    text = only.text.strip()
    if text:
        named = Enterprise.name.icontains(text, autoescape=True) | (Enterprise.uscc == text.upper())
        query = query.join(Enterprise, Enterprise.id == row.enterprise_id).where(named)
    return query


def paged(query: Part, order: Sequence[Any], cut: Cut) -> Part:
    """Keep of a selection what the cut wants, in the order given: rank, surplus, enterprise."""
    if cut.after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(part) for part in cut.after)))
    return query if cut.size is None else query.order_by(*order).limit(cut.size)
