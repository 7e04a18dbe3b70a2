"""Runs of scheduled work: one of a name at a time, seen alive while it lasts, remembered with its outcome.

Who may run is decided by a lease in the database, not by a lock of a connection: it works alike on SQLite and on
PostgreSQL (also behind a connection pooler), holds no transaction open for minutes, and leaves a trace when the process
dies. A run that was not seen alive for LEASE counts as interrupted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.ops.alarm_models import JobRun

LEASE = timedelta(minutes=5)
CLEAN, FINDINGS, FAILED, INTERRUPTED = "clean", "findings", "failed", "interrupted"
COMPLETED = (CLEAN, FINDINGS)


@dataclass(frozen=True)
class Run:
    """A run; `outcome` None: it is under way."""

    id: int
    name: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    findings: int


def claim(session: Session, name: str, now: datetime) -> int | None:
    """Begin a run and give its id; None when another of this name is under way."""
    silent = (JobRun.name == name, JobRun.outcome.is_(None), JobRun.alive_at < now - LEASE)
    session.execute(update(JobRun).where(*silent).values(outcome=INTERRUPTED))
    if session.scalar(select(JobRun.id).where(JobRun.name == name, JobRun.outcome.is_(None))) is not None:
        return None
    begun = JobRun(name=name, started_at=now, alive_at=now, findings=0)
    try:
        with session.begin_nested():
            session.add(begun)
    except IntegrityError:  # another process was quicker
        return None
    return begun.id


def beat(session: Session, run_id: int, now: datetime) -> None:
    """Say that a run is alive."""
    session.execute(update(JobRun).where(JobRun.id == run_id, JobRun.outcome.is_(None)).values(alive_at=now))


def finish(session: Session, run_id: int, outcome: str, findings: int, now: datetime) -> None:
    """End a run with its outcome."""
    ended = {"outcome": outcome, "findings": findings, "alive_at": now, "finished_at": now}
    session.execute(update(JobRun).where(JobRun.id == run_id).values(ended))


def since(session: Session, name: str, instant: datetime, now: datetime) -> tuple[Run, ...]:
    """List the runs of a name that began at or after an instant, newest first."""
    query = select(JobRun).where(JobRun.name == name, JobRun.started_at >= instant)
    return tuple(_run(row, now) for row in session.scalars(query.order_by(JobRun.id.desc())))


def latest(session: Session, now: datetime, size: int) -> tuple[Run, ...]:
    """List runs of all names, newest first."""
    query = select(JobRun).order_by(JobRun.id.desc()).limit(size)
    return tuple(_run(row, now) for row in session.scalars(query))


def last_completed(session: Session, name: str) -> Run | None:
    """Give the last run of a name that came to its end, with findings or without."""
    query = select(JobRun).where(JobRun.name == name, JobRun.outcome.in_(COMPLETED))
    found = session.scalar(query.order_by(JobRun.started_at.desc()).limit(1))
    return None if found is None else _run(found, found.alive_at)


def _run(row: JobRun, now: datetime) -> Run:
    silent = row.outcome is None and row.alive_at < now - LEASE
    return Run(row.id, row.name, row.started_at, row.finished_at, INTERRUPTED if silent else row.outcome, row.findings)
