"""Tables: exam attempts, their autosaved answers and adjustments; daily practice."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant, WideId


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


class AttemptAdjustment(Base):
    """A closed attempt's question was graded anew, because its item was corrected: who, when, why, and what it gave.

    `course_version_id` names the version with the corrected item; None: the item was bad, everybody has it right. The
    attempt's own row stays as it was; `score` and `outcome` are what it has been worth since: never less.
    """

    __tablename__ = "attempt_adjustment"
    __table_args__ = (UniqueConstraint("attempt_id", "position", "course_version_id"),)
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(40))
    course_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    score: Mapped[float]
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(400))
    actor: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class PracticeCard(Base):
    """What FSRS knows of one person and one item: how well it is remembered, and the day on which it is due again."""

    __tablename__ = "practice_card"
    __table_args__ = (UniqueConstraint("person_id", "course_code", "item"), Index(None, "person_id", "due_on"))
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_code: Mapped[str] = mapped_column(String(60))
    item: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(Day)
    state: Mapped[int]
    step: Mapped[int | None]
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    due_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_at: Mapped[datetime] = mapped_column(Instant)


class PracticeReview(Base):
    """One question of a day's practice, answered: append-only. `spaced`: it had been answered on an earlier day.

    `drawn` is the question as shown, as in Attempt.questions, of the version `course_version_id`.
    """

    __tablename__ = "practice_review"
    __table_args__ = (
        UniqueConstraint("person_id", "course_code", "item", "day"),
        Index(None, "person_id", "day"),
        Index(None, "day"),
    )
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_code: Mapped[str] = mapped_column(String(60))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    item: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Day)
    drawn: Mapped[dict[str, Any]] = mapped_column(JSON)
    chosen: Mapped[list[Any] | str] = mapped_column(JSON)
    right: Mapped[bool]
    spaced: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(Instant)
