"""Tables: exam attempts and their autosaved answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant, WideId


class Attempt(Base):
    """One attempt at a course's paper, on the server from its first second; at most one open per person and course.

    `questions` is the drawn paper in its order: [{"item": id, "options": [index in the shuffled order, ...]}, ...]; one
    that is no choice has its "kind", a case also "parts": the options of each.
    `outcome` is '' while open, then passed or failed. `recorded_person_id` stays when people are merged.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index(
            "uq_attempt_open",
            "person_id",
            "course_code",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(None, "person_id", "course_code", "opened_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_person_id: Mapped[int]
    course_code: Mapped[str] = mapped_column(String(60))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    paper: Mapped[str] = mapped_column(String(40))
    seed: Mapped[str] = mapped_column(String(64))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    deadline_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    score: Mapped[float | None]
    outcome: Mapped[str] = mapped_column(String(10), default="")
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the result became known; a failed attempt is an event of its submission's day."""


class AttemptAnswer(Base):
    """The answer to one question as last saved (`chosen`: see assessment.answers); `sequence` refuses older saves."""

    __tablename__ = "attempt_answer"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    chosen: Mapped[list[Any] | str] = mapped_column(JSON)
    flagged: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Instant)
