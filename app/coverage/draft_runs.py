"""Runs of drafts as rows: queued, taken up, beating while they run, done or failed; and what a comparison found.

A worker claims a row before it works on it. One that stops beating is up for grabs again, so a crash loses time only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.coverage.draft_models import DraftCourse, DraftEnterprise, DraftFigure, DraftRun, DraftStatus
from app.coverage.draft_sums import Line, Sums

Kind = Literal["compare", "publish"]
SILENT: Final = timedelta(minutes=2)
"""How long a run may be silent before somebody else takes it up."""
TRIES: Final = 3


@dataclass(frozen=True)
class QueueRun:
    """A run to be done: for a region and a day, or to publish for a reason."""

    draft_id: int
    kind: Kind
    region: str
    on: date
    account_id: int | None
    actor: str
    reason: str = ""
    base_version_id: int | None = None


@dataclass(frozen=True)
class Claimed:
    """A run that was taken up."""

    id: int
    draft_id: int
    kind: str
    region: str
    on: date
    account_id: int | None
    actor: str
    reason: str
    base_version_id: int | None


def queue(session: Session, command: QueueRun, now: datetime) -> int:
    """Queue a run and give its id."""
    run = DraftRun(**asdict(command), state="queued", created_at=now)
    session.add(run)
    session.flush()
    return run.id


def waiting(session: Session, now: datetime) -> bool:
    """Say whether a run waits to be taken up."""
    return session.scalar(select(DraftRun.id).where(_free(now)).limit(1)) is not None


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take up the run that waits longest; None when there is none. One that keeps dying is given up."""
    query = select(DraftRun).where(_free(now)).order_by(DraftRun.id).limit(1).with_for_update(skip_locked=True)
    row = session.scalar(query)
    if row is None:
        return None
    row.tries += 1
    if row.tries > TRIES:
        row.state, row.error, row.finished_at = "failed", "dead", now
        session.flush()
        return claim(session, now)
    return _taken_up(session, row, now)


def take_up(session: Session, run_id: int, now: datetime) -> Claimed:
    """Take up a run that was queued in this transaction: nobody else has seen it."""
    row = session.get_one(DraftRun, run_id)
    row.tries += 1
    return _taken_up(session, row, now)


def _taken_up(session: Session, row: DraftRun, now: datetime) -> Claimed:
    row.state, row.started_at, row.beat_at, row.done = "running", now, now, 0
    drop_results(session, row.id)
    where = (row.id, row.draft_id, row.kind, row.region, row.on)
    return Claimed(*where, row.account_id, row.actor, row.reason, row.base_version_id)


def _free(now: datetime) -> ColumnElement[bool]:
    silent = and_(DraftRun.state == "running", DraftRun.beat_at < now - SILENT)
    return or_(DraftRun.state == "queued", silent)


def begin(session: Session, run_id: int, whole: int, as_of: datetime | None, base_version_id: int | None) -> None:
    """Note how much there is to do, and as of when the facts are read."""
    values = {"whole": whole, "as_of": as_of, "base_version_id": base_version_id}
    session.execute(update(DraftRun).where(DraftRun.id == run_id).values(values))


def advance(session: Session, run_id: int, done: int, changed: Sequence[Line], now: datetime) -> None:
    """Keep a chunk's enterprises and how far the run is."""
    if changed:
        session.execute(insert(DraftEnterprise), [_enterprise(run_id, line) for line in changed])
    session.execute(update(DraftRun).where(DraftRun.id == run_id).values(done=done, beat_at=now))


def requeue(session: Session, run_id: int) -> None:
    """Put a run back that was not finished, through no fault of its own."""
    drop_results(session, run_id)
    values = {"state": "queued", "tries": DraftRun.tries - 1}
    session.execute(update(DraftRun).where(DraftRun.id == run_id).values(values))


def beat(session: Session, run_id: int, now: datetime) -> None:
    """Say that somebody still works on a run."""
    session.execute(update(DraftRun).where(DraftRun.id == run_id, DraftRun.state == "running").values(beat_at=now))


def finish(session: Session, run_id: int, sums: Sums, now: datetime) -> None:
    """Keep what was added up."""
    _insert(session, DraftFigure, (_figure(run_id, key, numbers) for key, numbers in sums.figures.items()))
    _insert(session, DraftStatus, (_status(run_id, key, counts) for key, counts in sums.statuses.items()))
    _insert(session, DraftCourse, (_course(run_id, code, numbers) for code, numbers in sums.courses.items()))
    close(session, run_id, now, totals=asdict(sums.finish()))


def close(
    session: Session, run_id: int, now: datetime, *, error: str = "", totals: dict[str, Any] | None = None
) -> None:
    """End a run, well or with the code of an error."""
    values = {"state": "failed" if error else "done", "error": error, "finished_at": now, "totals": totals}
    session.execute(update(DraftRun).where(DraftRun.id == run_id).values(values))


def drop_results(session: Session, run_id: int) -> None:
    """Drop what an earlier try of a run left."""
    for table in (DraftFigure, DraftStatus, DraftCourse, DraftEnterprise):
        session.execute(delete(table).where(table.run_id == run_id))


def keep_latest(session: Session, draft_id: int, kept: int) -> None:
    """Drop what all but the newest comparisons of a draft found; the runs stay, to say who and when."""
    done = select(DraftRun.id).where(
        DraftRun.draft_id == draft_id, DraftRun.state == "done", DraftRun.kind == "compare"
    )
    for run_id in session.scalars(done.order_by(DraftRun.id.desc()).offset(kept)).all():
        drop_results(session, run_id)
        session.execute(update(DraftRun).where(DraftRun.id == run_id).values(state="dropped"))


def _insert(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:  # noqa: ANN401 - one of the tables
    listed = list(rows)
    if listed:
        session.execute(insert(table), listed)


def _figure(run_id: int, key: tuple[str, str, str, bool], numbers: Sequence[int]) -> dict[str, Any]:
    names = [f"{what}_{side}" for side in ("now", "then") for what in ("required", "covered", "waived")]
    where = dict(zip(("region", "industry", "post", "key_enterprise"), key, strict=True))
    return {"run_id": run_id, **where, **dict(zip(names, numbers, strict=True))}


def _status(run_id: int, key: tuple[str, bool, str], counts: Sequence[int]) -> dict[str, Any]:
    region, key_enterprise, status = key
    where = {"run_id": run_id, "region": region, "key_enterprise": key_enterprise, "status": status}
    return {**where, "count_now": counts[0], "count_then": counts[1]}


def _course(run_id: int, code: str, numbers: Sequence[int]) -> dict[str, Any]:
    names = ("required_now", "required_then", "missing_now", "missing_then", "newly_missing")
    return {"run_id": run_id, "course": code, **dict(zip(names, numbers, strict=True))}


def _enterprise(run_id: int, line: Line) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "enterprise_id": line.enterprise,
        "region": line.region,
        "industry_now": line.now.industry,
        "industry_then": line.then.industry,
        "status_now": line.now.status,
        "status_then": line.then.status,
        "required_now": line.tally_now.required,
        "covered_now": line.tally_now.covered,
        "required_then": line.tally_then.required,
        "covered_then": line.tally_then.covered,
        "weight": line.weight,
    }
