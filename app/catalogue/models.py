"""Tables: courses and their immutable versions, as loaded from the course files; the files of films and recordings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant


class Course(Base):
    """A course; its content is in its versions."""

    __tablename__ = "course"
    code: Mapped[str] = mapped_column(String(60), primary_key=True)


class CourseVersion(Base):
    """One immutable version of a course: what was taught, asked and promised.

    `body` is the parsed course (catalogue.parse.Course as JSON, pages already rendered to HTML).
    `change` is editorial, or retake: then awards of older versions cease to be held on `retake_from`.
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_code", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(ForeignKey("course.code"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    current_from: Mapped[date] = mapped_column(Day)
    valid_months: Mapped[int | None]
    hours: Mapped[float]
    change: Mapped[str] = mapped_column(String(12))
    retake_from: Mapped[date | None] = mapped_column(Day)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class ContentFile(Base):
    """A film, recording or document, named by its content: a version that names it always shows the same bytes."""

    __tablename__ = "content_file"
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The first 32 hex digits of the content's SHA-256."""
    name: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)


class ContentChunk(Base):
    """A piece of a file, store.CHUNK bytes long but for the last, so that a range is read without the rest."""

    __tablename__ = "content_chunk"
    digest: Mapped[str] = mapped_column(ForeignKey("content_file.digest"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
