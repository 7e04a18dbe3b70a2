"""Tables: settlements (figures frozen for a date), their rows, their seals, and the keys that signed them.

All four are written once. Triggers of the database (migration 20261123_settlements) refuse UPDATE and DELETE, and rows
for a settlement that is sealed; a migration that rebuilds one of these tables must make its triggers again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant


class Settlement(Base):
    """The figures of a plan in a region (with everything below it) on a day, as known at an instant: who and why.

    What it names is kept as it was called then. `supersedes_id` is the settlement that this one takes the place of.
    """

    __tablename__ = "settlement"
    __table_args__ = (Index(None, "plan_id", "region", "on_day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    plan_code: Mapped[str] = mapped_column(String(60))
    plan_name: Mapped[str] = mapped_column(String(200))
    plan_deadline: Mapped[date] = mapped_column(Day)
    provisional: Mapped[bool]
    region: Mapped[str] = mapped_column(String(12), index=True)
    region_name: Mapped[str] = mapped_column(String(60))
    on_day: Mapped[date] = mapped_column(Day)
    known_at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(400))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("settlement.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(400))


class SettlementRow(Base):
    """One line of a settlement, in the order in which it was hashed; see settlement_content.SettledRow."""

    __tablename__ = "settlement_row"
    __table_args__ = (Index(None, "settlement_id", "enterprise_id"),)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(12))
    parent: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(30))
    post: Mapped[str] = mapped_column(String(40))
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(120))
    enterprise_id: Mapped[int | None]
    """Where the enterprise's page is; not hashed, for it means nothing outside."""
    key_enterprise: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    required: Mapped[int]
    covered: Mapped[int]
    waived: Mapped[int]
    statuses: Mapped[dict[str, Any]] = mapped_column(JSON)
    stale: Mapped[int]
    roster: Mapped[int | None]
    insured: Mapped[int | None]


class SettlementSeal(Base):
    """How many rows a settlement has, the hash of its content, and the signature; with it a settlement is complete."""

    __tablename__ = "settlement_seal"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), primary_key=True, autoincrement=False)
    rows: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    signature: Mapped[str] = mapped_column(String(128))
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))


class SigningKey(Base):
    """A public key (Ed25519, hexadecimal) that signed settlements; kept after the secret key was changed."""

    __tablename__ = "signing_key"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    first_used_at: Mapped[datetime] = mapped_column(Instant)
