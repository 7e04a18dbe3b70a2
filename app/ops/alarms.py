"""Alarms: raised by scheduled work, open until somebody acknowledges them with a note."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.kit.errors import Problem, not_found
from app.ops.alarm_models import Alarm, JobRun
from app.ops.i18n import N_

SHOWN = 200
"""How many of the rows found an alarm keeps."""


@dataclass(frozen=True)
class Found:
    """A row that something found: its kind and where, as a line, by ids and days.

    The rest says the same as values, for who puts it into words: what it is about, what stands there, what should, or
    by how much it is too small. Rows of alarms from before have the line only.
    """

    kind: str
    text: str
    about: dict[str, Any] = field(default_factory=dict)
    stands: dict[str, Any] | None = None
    should: dict[str, Any] | None = None
    lacks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AlarmRow:
    """An alarm with the run that raised it; `acknowledged_at` None: it is open."""

    id: int
    kind: str
    text: str
    count: int
    rows: tuple[Found, ...]
    raised_at: datetime
    started_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str


def raise_alarm(
    session: Session, run_id: int, kind: str, text: str, count: int, rows: Sequence[Found], now: datetime
) -> None:
    """Raise an alarm from a run; at most the first SHOWN rows are kept."""
    kept = [asdict(row) for row in rows[:SHOWN]]
    session.add(Alarm(run_id=run_id, kind=kind, text=text, count=count, rows=kept, raised_at=now))


def acknowledge(session: Session, alarm_id: int, by: str, note: str, now: datetime) -> tuple[int, ...]:
    """Close an open alarm, and the open ones of its kind before it, with a note; give their ids.

    Problem 404 when there is none, 409 when somebody was quicker.
    """
    kind = session.scalar(select(Alarm.kind).where(Alarm.id == alarm_id))
    if kind is None:
        raise not_found()
    open_ones = (Alarm.kind == kind, Alarm.id <= alarm_id, Alarm.acknowledged_at.is_(None))
    ids = tuple(session.scalars(select(Alarm.id).where(*open_ones).order_by(Alarm.id).with_for_update()))
    if alarm_id not in ids:
        raise Problem(409, "acknowledged", N_("Somebody has acknowledged this alarm already."))
    values = {"acknowledged_at": now, "acknowledged_by": by, "note": note}
    session.execute(update(Alarm).where(Alarm.id.in_(ids)).values(values))
    return ids


def open_count(session: Session) -> int:
    """Count the alarms that nobody has acknowledged."""
    query = select(func.count()).select_from(Alarm).where(Alarm.acknowledged_at.is_(None))
    return session.scalar(query) or 0


def listed(session: Session, *, acknowledged: bool, size: int, before: int | None = None) -> tuple[AlarmRow, ...]:
    """List alarms, open or acknowledged, newest first, from below an id on; without the rows found."""
    state = Alarm.acknowledged_at.is_not(None) if acknowledged else Alarm.acknowledged_at.is_(None)
    query = _query().where(state).order_by(Alarm.id.desc()).limit(size)
    if before is not None:
        query = query.where(Alarm.id < before)
    return tuple(AlarmRow(rows=(), **row) for row in session.execute(query).mappings())


def one(session: Session, alarm_id: int) -> AlarmRow:
    """Give an alarm with the rows found; Problem 404 when there is none."""
    query = _query().add_columns(Alarm.rows).where(Alarm.id == alarm_id)
    row = session.execute(query).mappings().first()
    if row is None:
        raise not_found()
    return AlarmRow(**dict(row) | {"rows": tuple(Found(**found) for found in row["rows"])})


def _query() -> Select[*tuple[Any, ...]]:
    said = (Alarm.id, Alarm.kind, Alarm.text, Alarm.count, Alarm.raised_at, JobRun.started_at)
    return select(*said, Alarm.acknowledged_at, Alarm.acknowledged_by, Alarm.note).join(JobRun)
