"""Everything a bureau's first screen shows of one day, from two grouped scans: one of assignments, one of enterprises.

The parts are cut out of the groups afterwards, so that they always add up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally, balances, roll_up
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.queries.answers import Figures
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.status import STATUSES
from app.kit.scope import Scope

STALE = "stale"
ROSTER, INSURED = "roster", "insured"


@dataclass(frozen=True)
class Piece:
    """The assignments of one region, industry and post, in key enterprises or in the others."""

    region: str
    industry: str
    post: str
    key_enterprise: bool
    tally: Tally


@dataclass(frozen=True)
class EnterprisePiece:
    """The enterprises of one region, industry and mark: counts by status, and stale, roster, insured."""

    region: str
    industry: str
    key_enterprise: bool
    kind: str
    amount: int


@dataclass(frozen=True)
class Dashboard:
    """One day's figures of a region (`top`), as known at an instant, in pieces; filters narrow what is added up.

    key_enterprises, industry and post are those asked for; a post narrows assignments only, not enterprises.
    """

    question: Question
    pieces: tuple[Piece, ...]
    enterprise_pieces: tuple[EnterprisePiece, ...]
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
        tally = _sum(piece.tally for piece in self.pieces if piece.key_enterprise or not key)
        return _with_statuses(tally, (e for e in self.enterprise_pieces if e.key_enterprise or not key))

    def amount(self, kind: str) -> int:
        """Give how many people are on rosters, or insured, in the enterprises taken in."""
        return sum(e.amount for e in self._enterprises() if e.kind == kind)

    def by_region(self, top: str) -> dict[str, Figures]:
        """Give the figures of the regions below `top`, by code; under `top` itself its own enterprises' (本级)."""
        found: dict[str, Figures] = {}
        tallies = roll_up(self.question.parents, _grouped(self._assignments(), lambda p: p.region), top)
        kinds: dict[str, list[EnterprisePiece]] = {}
        for piece in self._enterprises():
            kinds.setdefault(piece.region, []).append(piece)
        enterprises = roll_up(self.question.parents, kinds, top)
        for code, sums in tallies.items():
            below = (piece for pieces in enterprises[code] for piece in pieces)
            found[code] = _with_statuses(_sum(sums), below)
        return found

    def by_post_and_industry(self) -> dict[tuple[str, str], Tally]:
        """Give the tallies of each post in each industry; only pairs where something is, or was, required."""
        found: dict[tuple[str, str], Tally] = {}
        for piece in self._assignments():
            pair = piece.post, piece.industry
            found[pair] = found.get(pair, NOTHING).plus(piece.tally)
        return found

    def by_post(self) -> dict[str, Tally]:
        """Give the tallies of each post."""
        return _grouped(self._assignments(), lambda piece: piece.post)

    def by_industry(self) -> dict[str, Tally]:
        """Give the tallies of each industry."""
        return _grouped(self._assignments(), lambda piece: piece.industry)

    def _assignments(self) -> list[Piece]:
        return [p for p in self.pieces if p.key_enterprise or not self.question.key_enterprises]

    def _enterprises(self) -> list[EnterprisePiece]:
        return [e for e in self.enterprise_pieces if e.key_enterprise or not self.question.key_enterprises]


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
    return Dashboard(
        question=question,
        pieces=_pieces(session, question, industry, post),
        enterprise_pieces=_enterprise_pieces(session, question, industry),
        industry=industry,
        post=post,
    )


def history(session: Session, board: Dashboard, days: Sequence[date]) -> tuple[Tally, ...]:
    """Give what stood at the end of each of the days (in order), under the same question and filters."""
    sums = (func.sum(Entry.required), func.sum(Entry.covered), func.sum(Entry.waived))
    question = replace(board.question, on=days[-1]) if days else board.question
    query = select(Entry.effective_on, *sums).where(*question.entries(Entry)).group_by(Entry.effective_on)
    if board.industry is not None:
        query = query.where(Entry.industry == board.industry)
    if board.post is not None:
        query = query.where(Entry.post == board.post)
    changes = [(day, Tally(int(r), int(c), int(w))) for day, r, c, w in session.execute(query)]
    return balances(changes, days)


def _pieces(session: Session, question: Question, industry: str | None, post: str | None) -> tuple[Piece, ...]:
    groups = (Entry.region, Entry.industry, Entry.post, Entry.key_enterprise)
    sums = (func.sum(Entry.required), func.sum(Entry.covered), func.sum(Entry.waived))
    query = select(*groups, *sums).where(*_both_scopes(question).entries(Entry)).group_by(*groups)
    if industry is not None:
        query = query.where(Entry.industry == industry)
    if post is not None:
        query = query.where(Entry.post == post)
    return tuple(
        Piece(region, kind, held, key, Tally(int(required), int(covered), int(waived)))
        for region, kind, held, key, required, covered, waived in session.execute(query)
    )


def _enterprise_pieces(session: Session, question: Question, industry: str | None) -> tuple[EnterprisePiece, ...]:
    row = EnterpriseEntry
    groups = (row.region, row.industry, row.key_enterprise, row.kind)
    query = select(*groups, func.sum(row.delta)).where(*_both_scopes(question).entries(row)).group_by(*groups)
    if industry is not None:
        query = query.where(row.industry == industry)
    return tuple(EnterprisePiece(*piece) for piece in session.execute(query) if piece[-1])


def _both_scopes(question: Question) -> Question:
    """Ask for all enterprises: the key ones are told apart by their mark, so that both figures come from one scan."""
    return replace(question, key_enterprises=False)


def _grouped(pieces: Iterable[Piece], key: Callable[[Piece], str]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for piece in pieces:
        group = key(piece)
        found[group] = found.get(group, NOTHING).plus(piece.tally)
    return found


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = NOTHING
    for tally in tallies:
        whole = whole.plus(tally)
    return whole


def _with_statuses(tally: Tally, pieces: Iterable[EnterprisePiece]) -> Figures:
    kinds: dict[str, int] = {}
    for piece in pieces:
        kinds[piece.kind] = kinds.get(piece.kind, 0) + piece.amount
    statuses: Mapping[str, int] = {status: kinds[status] for status in STATUSES if kinds.get(status)}
    return Figures(tally, statuses, kinds.get(STALE, 0))
