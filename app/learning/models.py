"""Tables: learning sessions, receipts of time, presence checks, deeds, progress by module, days of learning."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant, WideId


class LearningSession(Base):
    """A person studies one module on one device; at most one is live (not ended) per person."""

    __tablename__ = "learning_session"
    __table_args__ = (
        Index(
            "uq_learning_session_live",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    module: Mapped[str] = mapped_column(String(80))
    anew: Mapped[bool] = mapped_column(default=False)
    """The module began again at zero here: its former completion was used up by an award that has lapsed."""
    checks: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    """Presence checks that the server chose for this module, in milliseconds of credit; not sent before their time."""
    opened_at: Mapped[datetime] = mapped_column(Instant)
    credited_until: Mapped[datetime] = mapped_column(Instant)
    """Wall-clock up to here is spent: credit granted later must fit between it and the receipt."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str] = mapped_column(String(20), default="")


class LearningReceipt(Base):
    """One report of played spans and what the server decided: evidence, append-only."""

    __tablename__ = "learning_receipt"
    __table_args__ = (UniqueConstraint("session_id", "sequence"),)
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("learning_session.id"))
    sequence: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant)
    spans: Mapped[list[list[int]]] = mapped_column(JSON)
    """Played spans [from, to) in milliseconds of the module's own time, as claimed."""
    allowed_ms: Mapped[int]
    credited_ms: Mapped[int]


class PresenceCheck(Base):
    """A learner was asked whether they are still there, at `at_ms` of a module's credit, and when they answered.

    A wrong answer is counted and asks anew; credit waits meanwhile.
    """

    __tablename__ = "presence_check"
    __table_args__ = (UniqueConstraint("session_id", "at_ms"),)
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("learning_session.id"))
    at_ms: Mapped[int]
    word: Mapped[str] = mapped_column(String(20))
    options: Mapped[list[str]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    wrong: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class ModuleDeed(Base):
    """Something that somebody did in a module besides spending time (learning.conditions): evidence, append-only."""

    __tablename__ = "module_deed"
    __table_args__ = (Index(None, "person_id", "course_version_id", "module"),)
    id: Mapped[int] = mapped_column(WideId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_person_id: Mapped[int]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    module: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_at: Mapped[datetime] = mapped_column(Instant)


class ModuleProgress(Base):
    """How much of one module of one course version a person has honestly covered."""

    __tablename__ = "module_progress"
    __table_args__ = (UniqueConstraint("person_id", "course_version_id", "module"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_code: Mapped[str] = mapped_column(String(60))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    module: Mapped[str] = mapped_column(String(80))
    intervals: Mapped[list[list[int]]] = mapped_column(JSON)
    credited_ms: Mapped[int]
    needed_ms: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(Instant)
    present_ms: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last presence check that was answered, in milliseconds of credit."""
    fulfilled_at: Mapped[datetime | None] = mapped_column(Instant)
    """When what the module asks besides time was done: the case ended, all points ticked, the quiz passed."""
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    """When time and condition were both fulfilled."""


class LearningDay(Base):
    """A person earned time in a course on a day (Asia/Shanghai): the event behind `in_progress`, and the daily cap."""

    __tablename__ = "learning_day"
    __table_args__ = (UniqueConstraint("person_id", "course_code", "day", "recorded_person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_person_id: Mapped[int]
    course_code: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Day)
    credited_ms: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
