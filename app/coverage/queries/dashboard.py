"""Everything a bureau's first screen shows of one day, from four sums by region: the region's parts, and what is below.

The parts are cut out of the groups afterwards, so that they always add up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally, balances, total
from app.coverage.queries.answers import Figures, figures_of
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.changing import changes
from app.coverage.queries.nodes import by_node, children_of, own_apart
from app.coverage.queries.parts import Far
from app.coverage.queries.sums import (
    KINDS,
    TALLIES,
    Only,
    Rows,
    Wanted,
    far_months,
    grouped,
    kept_apart,
    lifted,
    loose,
)
from app.kit.scope import Scope

ROSTER, INSURED = "roster", "insured"
Group = TypeVar("Group")


@dataclass(frozen=True)
class Piece:
    """The assignments of one industry and post, in key enterprises or in the others."""

    industry: str
    post: str
    key_enterprise: bool
    tally: Tally


@dataclass(frozen=True)
class EnterprisePiece:
    """The enterprises of one industry and mark: counts by status, and stale, roster, insured."""

    industry: str
    key_enterprise: bool
    kind: str
    amount: int


@dataclass(frozen=True)
class Dashboard:
    """One day's figures of a region, as known at an instant, in pieces; filters narrow what is added up.

    industry and post are those asked for; a post narrows assignments only, not enterprises. `below` is what by_region
    gives; empty for several regions.
    """

    question: Question
    pieces: tuple[Piece, ...]
    enterprise_pieces: tuple[EnterprisePiece, ...]
    below: Mapping[str, Figures]
    industry: str | None
    post: str | None

    @property
    def on(self) -> date:
        """Give the day."""
        return self.question.on

    @property
    def known_at(self) -> datetime | None:
        """Give the instant of knowledge, None for now."""
        return self.question.known_at

    def figures(self, *, key_enterprises: bool | None = None) -> Figures:
        """Give the whole; `key_enterprises` asks for another scope than the one asked for."""
        key = self.question.key_enterprises if key_enterprises is None else key_enterprises
        tally = total(piece.tally for piece in self.pieces if piece.key_enterprise or not key)
        kinds: dict[str, int] = {}
        for piece in self.enterprise_pieces:
            if piece.key_enterprise or not key:
                kinds[piece.kind] = kinds.get(piece.kind, 0) + piece.amount
        return figures_of(tally, kinds)

    def amount(self, kind: str) -> int:
        """Give how many people are on rosters, or insured, in the enterprises taken in."""
        key = self.question.key_enterprises
        return sum(e.amount for e in self.enterprise_pieces if e.kind == kind and (e.key_enterprise or not key))

    def by_region(self, top: str) -> Mapping[str, Figures]:
        """Give the figures of the regions just below the one asked about, by code; under itself its own (本级)."""
        return self.below if self.question.tops == (top,) else {}

    def by_post_and_industry(self) -> dict[tuple[str, str], Tally]:
        """Give the tallies of each post in each industry; only pairs where something is required."""
        return _grouped(self._assignments(), lambda piece: (piece.post, piece.industry))

    def by_post(self) -> dict[str, Tally]:
        """Give the tallies of each post."""
        return _grouped(self._assignments(), lambda piece: piece.post)

    def by_industry(self) -> dict[str, Tally]:
        """Give the tallies of each industry."""
        return _grouped(self._assignments(), lambda piece: piece.industry)

    def _assignments(self) -> list[Piece]:
        return [p for p in self.pieces if p.key_enterprise or not self.question.key_enterprises]


def dashboard(
    scope: Scope,
    session: Session,
    ask: Ask,
    today: date,
    now: datetime,
    *,
    industry: str | None = None,
    post: str | None = None,
) -> Dashboard:
    """Read the figures of a day in pieces; Problem 404 or 422 when it cannot be asked."""
    question = resolve(scope, session, ask, today, now)
    rows = _rows(session, question, Only(industry, post))
    return Dashboard(
        question=question,
        pieces=_pieces(rows.tallies),
        enterprise_pieces=_enterprise_pieces(rows.kinds),
        below=rows.below,
        industry=industry,
        post=post,
    )


@dataclass(frozen=True)
class _Rows:
    """(node, industry, post, key, *counts), (node, industry, key, kind, amount), and the figures of the parts."""

    tallies: Sequence[tuple[Any, ...]]
    kinds: Sequence[tuple[Any, ...]]
    below: Mapping[str, Figures]


TALLIES_BY, KINDS_BY = ("industry", "post", "key_enterprise"), ("industry", "key_enterprise", "kind")


def _rows(session: Session, question: Question, only: Only) -> _Rows:
    """Sum up; of one region its parts too, and then what is looked at one by one is looked at once, for both.

    The whole is of all enterprises: the key ones are told apart by their mark, so that both figures come from one sum.
    """
    whole = replace(question, key_enterprises=False)
    if not question.by_nodes or len(question.tops) > 1:
        tallies = grouped(session, whole, TALLIES, TALLIES_BY, only=only)
        return _Rows(tallies, grouped(session, whole, KINDS, KINDS_BY, only=only), {})
    (top,), children, far = question.tops, children_of(question), far_months(session, question)
    posts, statuses = Wanted(whole, TALLIES, TALLIES_BY, only), Wanted(whole, KINDS, KINDS_BY, only)
    tallies, kinds = (_apart(session, wanted, children, far) for wanted in (posts, statuses))
    key = question.key_enterprises
    below = by_node(
        [(node, *counts) for node, _, _, mark, *counts in tallies if mark or not key],
        [(node, kind, amount) for node, _, mark, kind, amount in kinds if mark or not key],
    )
    mine, kinds_of_mine = ([row for row in rows if row[0] == top] for rows in (tallies, kinds))
    return _Rows(mine, kinds_of_mine, own_apart(question, children, below))


def _apart(session: Session, wanted: Wanted, children: Sequence[str], far: Far) -> Rows:
    """Give rows of the region with industry and post, and of its children perhaps without."""
    (top,) = wanted.question.tops
    kept = kept_apart(session, wanted, children, far)
    return [*kept, *lifted(top, loose(session, wanted, children, far))]


def history(session: Session, board: Dashboard, days: Sequence[date]) -> tuple[Tally, ...]:
    """Give what stood at the end of each of the days (in order), under the same question and filters."""
    if not days:
        return ()
    return balances(changes(session, board.question, days, Only(board.industry, board.post)), days)


def _pieces(rows: Iterable[tuple[Any, ...]]) -> tuple[Piece, ...]:
    groups: dict[tuple[str, str, bool], Tally] = {}
    for _, industry, post, key, *counts in rows:
        groups[industry, post, key] = groups.get((industry, post, key), NOTHING).plus(Tally(*counts))
    told = {group: tally for group, tally in groups.items() if tally != NOTHING}
    return tuple(Piece(industry, post, bool(key), tally) for (industry, post, key), tally in told.items())


def _enterprise_pieces(rows: Iterable[tuple[Any, ...]]) -> tuple[EnterprisePiece, ...]:
    groups: dict[tuple[str, bool, str], int] = {}
    for _, industry, key, kind, delta in rows:
        groups[industry, key, kind] = groups.get((industry, key, kind), 0) + delta
    found = (EnterprisePiece(industry, bool(key), kind, n) for (industry, key, kind), n in groups.items() if n)
    return tuple(found)


def _grouped(pieces: Iterable[Piece], key: Callable[[Piece], Group]) -> dict[Group, Tally]:
    found: dict[Group, Tally] = {}
    for piece in pieces:
        group = key(piece)
        found[group] = found.get(group, NOTHING).plus(piece.tally)
    return found
