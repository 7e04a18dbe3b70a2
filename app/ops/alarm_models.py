"""Tables: runs of scheduled work, and the alarms that they raise."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant

UNDER_WAY = text("outcome IS NULL")


class JobRun(Base):
    """One run of scheduled work: begun, seen alive, finished, and with what outcome.

    `outcome` is null while it runs, then clean, findings or failed; a run that went silent becomes interrupted when
    the next one begins. Of each name one run at most is under way.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        Index("ix_job_run_under_way", "name", unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        Index("ix_job_run_name_started_at", "name", "started_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(Instant)
    alive_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    findings: Mapped[int] = mapped_column(default=0)


class Alarm(Base):
    """Something that the administrator must look at; open until somebody says what came of it.

    `rows` holds the first of what was found, as alarms.Found says it: ids and days only, no personal data.
    """

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_acknowledged_at", "acknowledged_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(400))
    count: Mapped[int]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
