"""Tables: training held in person, and who attended it. Closing a session makes the awards of those who did."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant


class TrainingSession(Base):
    """A course held in person on a day, by an enterprise for its own people or by a bureau for those of a region.

    Either `enterprise_id` or `region` is set. `course_version_id` is the version current on `held_on`, settled when
    the session is closed; from then on nothing of it changes.
    """

    __tablename__ = "training_session"
    __table_args__ = (Index(None, "held_on", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(ForeignKey("course.code"), index=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    held_on: Mapped[date] = mapped_column(Day)
    minutes: Mapped[int]
    """Minutes taught, breaks left out."""
    place: Mapped[str] = mapped_column(String(120))
    trainer: Mapped[str] = mapped_column(String(60))
    provider: Mapped[str] = mapped_column(String(120))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    region: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    note: Mapped[str] = mapped_column(String(400), default="")
    opened_by: Mapped[str] = mapped_column(String(120))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(120), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class SessionAttendance(Base):
    """Somebody on the list of a session: whether they attended, with which score, and what came of it.

    `attended` None: not marked yet. `outcome` is '' until the session is closed, then one of session_rules.OUTCOMES.
    `recorded_person_id` is the person as put on the list; `person_id` follows merges.
    """

    __tablename__ = "session_attendance"
    __table_args__ = (UniqueConstraint("session_id", "recorded_person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_person_id: Mapped[int]
    attended: Mapped[bool | None]
    score: Mapped[float | None]
    marked_by: Mapped[str] = mapped_column(String(120), default="")
    marked_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), unique=True)
