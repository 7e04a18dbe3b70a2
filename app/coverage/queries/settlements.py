"""Reads of settlements: what was frozen, where, when and by whom, its rows, and the keys that signed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, select
from sqlalchemy.orm import Session, aliased

from app.coverage.ledger import Tally, ratio
from app.coverage.settlement_content import FIELDS, Head, SettledRow, content_hash, head_json, row_json, signed_text
from app.coverage.settlement_models import Settlement, SettlementRow, SettlementSeal, SigningKey
from app.kit import paging
from app.kit.errors import not_found
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.ops.prepared import run
from app.organisations.queries import in_regions

ENTERPRISE = "enterprise"
CHUNK = 2000
AT_ONCE = 500
"""Settlements that are read at a time."""


@dataclass(frozen=True)
class Seal:
    """What proves a settlement: the hash of its content, the signature of it, and the key; all hexadecimal."""

    rows: int
    hash: str
    signature: str
    key_id: str
    public_key: str


@dataclass(frozen=True)
class Settled:
    """A settlement. `superseded_by`: the id of the one that took its place, None while it stands."""

    id: int
    head: Head
    whole: Tally
    seal: Seal
    supersedes_id: int | None
    superseded_by: int | None

    @property
    def ratio(self) -> float | None:
        """Give the whole's covered by required; None where nothing is required."""
        return ratio(self.whole.required, self.whole.covered)


@dataclass(frozen=True)
class PublicKey:
    """A key that signed settlements, hexadecimal; `first_used_at` is None for one that has signed nothing yet."""

    id: str
    public_key: str
    first_used_at: datetime | None


def settlements(
    scope: Scope, session: Session, plan_code: str = "", *, after: str | None = None, size: int = 50
) -> Page[Settled]:
    """List a page of the settlements of regions in reach, the newest first."""
    query = _query().where(_reached(scope)).order_by(Settlement.id.desc()).limit(size + 1)
    if plan_code:
        query = query.where(Settlement.plan_code == plan_code)
    if after is not None:
        query = query.where(Settlement.id < numbers(after, 1)[0])
    return page([_settled(row) for row in session.execute(query)], size, lambda settled: str(settled.id))


def every(scope: Scope, session: Session, plan_code: str = "") -> Iterator[Settled]:
    """Give all settlements of regions in reach, the newest first."""
    return paging.every(lambda after: settlements(scope, session, plan_code, after=after, size=AT_ONCE))


def settlement(scope: Scope, session: Session, id: int) -> Settled:
    """Give a settlement of a region in reach; Problem 404."""
    row = session.execute(_query().where(Settlement.id == id, _reached(scope))).first()
    if row is None:
        raise not_found()
    return _settled(row)


def by_hash(session: Session, content: str) -> Settled:
    """Give the settlement whose content has this hash, to anybody who has it; Problem 404."""
    row = session.execute(_query().where(SettlementSeal.content_hash == content.lower())).first()
    if row is None:
        raise not_found()
    return _settled(row)


def in_force(session: Session, plan_code: str, region: str, on: date) -> int | None:
    """Give the settlement of this plan, region and day that no other took the place of."""
    asked = {"plan_code": plan_code, "region": region, "on_day": on}
    found: int | None = run(session, _in_force(), asked).scalar()
    return found


@cache
def _in_force() -> Select[int]:
    row, later = Settlement, aliased(Settlement)
    query = select(row.id).where(~exists().where(later.supersedes_id == row.id))
    return query.where(*(getattr(row, name) == bindparam(name) for name in ("plan_code", "region", "on_day")))


def rows(session: Session, id: int) -> Iterator[SettledRow]:
    """Give all of a settlement's rows in their order, streamed."""
    with session.execute(_rows(id).execution_options(yield_per=CHUNK)) as found:
        for values in found:
            yield _row(*values)


def parts(session: Session, id: int) -> tuple[SettledRow, ...]:
    """Give a settlement's rows but for the enterprises: the whole, the key enterprises, and the sums of parts."""
    return tuple(_row(*values) for values in session.execute(_rows(id).where(SettlementRow.kind != ENTERPRISE)))


def _rows(id: int) -> Select[*tuple[Any, ...]]:
    row = SettlementRow
    query: Select[*tuple[Any, ...]] = select(
        row.required, row.covered, row.waived, *(getattr(row, name) for name in FIELDS)
    )
    return query.where(row.settlement_id == id).order_by(row.position)


def _row(required: int, covered: int, waived: int, *values: Any) -> SettledRow:  # noqa: ANN401 - a row of _rows
    return SettledRow(tally=Tally(required, covered, waived), **dict(zip(FIELDS, values, strict=True)))


def regions_then(session: Session, settled: Settled) -> frozenset[str]:
    """Give the regions that a settlement took in, as the tree stood then."""
    row = SettlementRow
    below = session.scalars(select(row.region).where(row.settlement_id == settled.id, row.kind == "region"))
    return frozenset(below) | {settled.head.region}


def recomputed_hash(session: Session, settled: Settled) -> str:
    """Compute the hash anew from what is stored."""
    return content_hash(head_json(settled.head), (row_json(row) for row in rows(session, settled.id)))


def signed(settled: Settled) -> bytes:
    """Give the text of which the seal has the signature."""
    return signed_text(settled.seal.hash)


def hash_of(session: Session, id: int) -> str:
    """Give the hash of a settlement's content."""
    return session.get_one(SettlementSeal, id).content_hash


def keys(session: Session) -> tuple[PublicKey, ...]:
    """Give the keys that signed settlements, the newest first."""
    found = session.scalars(select(SigningKey).order_by(SigningKey.first_used_at.desc()))
    return tuple(PublicKey(key.id, key.public_key, key.first_used_at) for key in found)


def _reached(scope: Scope) -> ColumnElement[bool]:
    if scope.industries is not None:
        return false()
    return in_regions(scope, Settlement.region)


def _query() -> Select[*tuple[Any, ...]]:
    later, before, first = aliased(Settlement), aliased(SettlementSeal), aliased(SettlementRow)
    sums = (first.required, first.covered, first.waived)
    query: Select[*tuple[Any, ...]] = select(
        Settlement, SettlementSeal, SigningKey.public_key, *sums, later.id, before.content_hash
    )
    return (
        query.join(SettlementSeal, SettlementSeal.settlement_id == Settlement.id)
        .join(SigningKey, SigningKey.id == SettlementSeal.key_id)
        .join(first, (first.settlement_id == Settlement.id) & (first.position == 0))
        .outerjoin(later, later.supersedes_id == Settlement.id)
        .outerjoin(before, before.settlement_id == Settlement.supersedes_id)
    )


def _settled(row: Any) -> Settled:  # noqa: ANN401 - a row of _query
    kept, seal, public_key, required, covered, waived, later, before = row
    head = Head(
        plan_code=kept.plan_code,
        plan_name=kept.plan_name,
        plan_deadline=kept.plan_deadline,
        provisional=kept.provisional,
        region=kept.region,
        region_name=kept.region_name,
        on=kept.on_day,
        known_at=kept.known_at,
        settled_by=kept.actor,
        note=kept.note,
        supersedes=before,
        reason=kept.reason,
    )
    sealed = Seal(seal.rows, seal.content_hash, seal.signature, seal.key_id, public_key)
    return Settled(kept.id, head, Tally(required, covered, waived), sealed, kept.supersedes_id, later)
