"""Table: what bureaus show to the public."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant

IN_FORCE = text("ended_at IS NULL")


class Publication(Base):
    """A region's coverage under a plan is public from `begun_at` until `ended_at`: by whom and why, both times."""

    __tablename__ = "publication"
    __table_args__ = (
        Index(
            "ix_publication_in_force",
            "plan_id",
            "region",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    region: Mapped[str] = mapped_column(String(12))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str] = mapped_column(String(120), default="")
    ended_reason: Mapped[str] = mapped_column(String(400), default="")
