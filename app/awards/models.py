"""Tables: awards with their evidence, and revocations. A certificate is an award with its number and token."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant


class Award(Base):
    """One person completed one version of one course on a day.

    `valid_until` is the first invalid day, stamped once (null: no expiry). `recorded_person_id` is the person as
    first recorded; `person_id` follows merges. `token` is the secret in the certificate's QR code.
    """

    __tablename__ = "award"
    __table_args__ = (Index(None, "person_id", "course_code", "completed_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    token: Mapped[str] = mapped_column(String(48), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_person_id: Mapped[int] = mapped_column(index=True)
    holder_name: Mapped[str] = mapped_column(String(60))
    course_code: Mapped[str] = mapped_column(ForeignKey("course.code"))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    version_number: Mapped[int]
    completed_on: Mapped[date] = mapped_column(Day)
    valid_until: Mapped[date | None] = mapped_column(Day)
    mode: Mapped[str] = mapped_column(String(8))
    """online | offline"""
    origin: Mapped[str] = mapped_column(String(10))
    """exam | import | session"""
    score: Mapped[float | None]
    hours: Mapped[float | None]
    provider: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(120), default="")
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), unique=True)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Revocation(Base):
    """An award is not held from `revoked_from` on: who, when recorded, and why."""

    __tablename__ = "revocation"
    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    revoked_from: Mapped[date] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(String(400))
    actor: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
