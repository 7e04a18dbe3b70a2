"""Tables: courses proposed for teaching, what reviewers say of them, and who approved each version that is taught."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant

OPEN, RETURNED, APPROVED, REPLACED = "open", "returned", "approved", "replaced"
"""States of a proposal; `replaced`: the author handed in another text before a reviewer had decided."""


class CourseProposal(Base):
    """A course as an author handed it in; one at a time waits for each course. Never edited: a new text is a new row.

    `body` is the parsed course as in CourseVersion; `base_id` the newest version when it was handed in, which it is
    compared with; `facts` are those that it teaches and asks, by id, as its author knew them. `version_id` is what
    approval made of it.
    """

    __tablename__ = "course_proposal"
    __table_args__ = (
        Index(
            "uq_course_proposal_open",
            "course_code",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "course_code", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by: Mapped[str] = mapped_column(String(120))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decision: Mapped[str] = mapped_column(Text, default="")
    """The reviewer's words with which it was approved or returned."""
    version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))


class CourseComment(Base):
    """What a reviewer or an author says of a proposal: of the whole (`kind` course), of a module, of an item.

    A remark is settled when whoever may review says that it is answered.
    """

    __tablename__ = "course_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("course_proposal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str] = mapped_column(String(120), default="")


class CourseApproval(Base):
    """Who let a version be taught, and on what ground: a review (`proposal_id`), or loading by the operator."""

    __tablename__ = "course_approval"
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("course_proposal.id"))
    approved_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[str] = mapped_column(String(120))
