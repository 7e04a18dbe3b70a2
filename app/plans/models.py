"""Tables: plans and their recorded versions, and the names under which a post is known."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant


class KeyPost(Base):
    """A post that plans may name; `aliases` are what rosters call it."""

    __tablename__ = "key_post"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    aliases: Mapped[list[str]] = mapped_column(JSON)
    position: Mapped[int]


class Plan(Base):
    """A plan; its content is in its versions. `id` is the small key that ledger entries carry."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


class PlanVersion(Base):
    """What a plan said from `recorded_at` until `superseded_at`: the plan file as JSON."""

    __tablename__ = "plan_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class PlanDraft(Base):
    """A plan file somebody uploaded to see what it would change: open until it is discarded or published.

    `base_plan_id` is the plan it is compared with: the one of its own code, else one chosen, else none. `region` is
    the uploader's: who reaches it sees the draft. `version_id` is what publishing recorded.
    """

    __tablename__ = "plan_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    base_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(12), index=True)
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)
    discarded_by: Mapped[str] = mapped_column(String(120), default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), index=True)
