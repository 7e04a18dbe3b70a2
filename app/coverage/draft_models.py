"""Tables: runs of a draft plan and what coverage would be under it, beside what it is. No fact and no figure is here.

`_now` columns are of the plan known now, `_then` of the draft; a run can be dropped and done again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant


class DraftRun(Base):
    """Work on a draft: kind compare (a region, a day) or publish; state queued, running, done or failed.

    A running row whose `beat_at` is old is nobody's any more and is taken up again. `as_of` is the recorded time of
    the facts that were read, `base_version_id` the plan version that the draft was compared with or is to supersede.
    """

    __tablename__ = "draft_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("plan_draft.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    region: Mapped[str] = mapped_column(String(12))
    on: Mapped[date] = mapped_column(Day)
    state: Mapped[str] = mapped_column(String(12), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[datetime | None] = mapped_column(Instant)
    base_version_id: Mapped[int | None]
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(String(40), default="")
    totals: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class DraftFigure(Base):
    """Assignments of one region, industry and post, in key enterprises or in the others."""

    __tablename__ = "draft_figure"
    __table_args__ = (Index(None, "run_id", "region"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("draft_run.id", ondelete="CASCADE"))
    region: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(30))
    post: Mapped[str] = mapped_column(String(40))
    key_enterprise: Mapped[bool]
    required_now: Mapped[int]
    covered_now: Mapped[int]
    waived_now: Mapped[int]
    required_then: Mapped[int]
    covered_then: Mapped[int]
    waived_then: Mapped[int]


class DraftStatus(Base):
    """Enterprises of one region by status (and `stale`), key enterprises or the others."""

    __tablename__ = "draft_status"
    __table_args__ = (Index(None, "run_id", "region"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("draft_run.id", ondelete="CASCADE"))
    region: Mapped[str] = mapped_column(String(12))
    key_enterprise: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    count_now: Mapped[int]
    count_then: Mapped[int]


class DraftCourse(Base):
    """A course: how many assignments must hold it, how many miss it, and how many of these are newly missing."""

    __tablename__ = "draft_course"
    __table_args__ = (Index(None, "run_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("draft_run.id", ondelete="CASCADE"))
    course: Mapped[str] = mapped_column(String(60))
    required_now: Mapped[int]
    required_then: Mapped[int]
    missing_now: Mapped[int]
    missing_then: Mapped[int]
    newly_missing: Mapped[int]


class DraftEnterprise(Base):
    """An enterprise of which anything changes; '' for industry or status where a plan does not take it in.

    `weight` is how many assignments are required or covered more or less: the largest changes stand first.
    """

    __tablename__ = "draft_enterprise"
    __table_args__ = (Index(None, "run_id", "weight", "enterprise_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("draft_run.id", ondelete="CASCADE"))
    enterprise_id: Mapped[int]
    region: Mapped[str] = mapped_column(String(12))
    industry_now: Mapped[str] = mapped_column(String(30))
    industry_then: Mapped[str] = mapped_column(String(30))
    status_now: Mapped[str] = mapped_column(String(20))
    status_then: Mapped[str] = mapped_column(String(20))
    required_now: Mapped[int]
    covered_now: Mapped[int]
    required_then: Mapped[int]
    covered_then: Mapped[int]
    weight: Mapped[int]
