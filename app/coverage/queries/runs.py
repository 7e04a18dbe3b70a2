"""Reads of draft runs: which there are, of what, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.draft_models import DraftRun
from app.coverage.draft_sums import Totals
from app.kit.errors import not_found
from app.kit.scope import Scope


@dataclass(frozen=True)
class RunRow:
    """A run and how far it is; `totals` once it is done. `as_of` is the recorded time of the facts it read."""

    id: int
    draft_id: int
    kind: str
    region: str
    on: date
    state: str
    done: int
    whole: int
    as_of: datetime | None
    base_version_id: int | None
    actor: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    totals: Totals

    @property
    def unfinished(self) -> bool:
        """Say whether it waits or is under way."""
        return self.state in {"queued", "running"}


def run(scope: Scope, session: Session, run_id: int) -> RunRow:
    """Give a run; Problem 404 when there is none, or its region is out of reach."""
    row = session.get(DraftRun, run_id)
    if row is None or not scope.reaches_region(row.region):
        raise not_found()
    return _shaped(row)


def runs(scope: Scope, session: Session, draft_id: int) -> tuple[RunRow, ...]:
    """Give a draft's runs in reach, the newest first; those whose findings were dropped are left out."""
    rows = session.scalars(
        select(DraftRun).where(DraftRun.draft_id == draft_id, DraftRun.state != "dropped").order_by(DraftRun.id.desc())
    )
    return tuple(_shaped(row) for row in rows if scope.reaches_region(row.region))


def compared(runs: Iterable[RunRow]) -> RunRow | None:
    """Give the newest finished comparison of some runs, the newest first."""
    return next((run for run in runs if run.kind == "compare" and run.state == "done"), None)


def newest_compared(session: Session, draft_ids: Iterable[int]) -> dict[int, RunRow]:
    """Give the newest finished comparison of each draft that has one."""
    done = select(DraftRun).where(DraftRun.kind == "compare", DraftRun.state == "done")
    rows = session.scalars(done.where(DraftRun.draft_id.in_(list(draft_ids))).order_by(DraftRun.id))
    return {row.draft_id: _shaped(row) for row in rows}


def _shaped(row: DraftRun) -> RunRow:
    return RunRow(
        id=row.id,
        draft_id=row.draft_id,
        kind=row.kind,
        region=row.region,
        on=row.on,
        state=row.state,
        done=row.done,
        whole=row.whole,
        as_of=row.as_of,
        base_version_id=row.base_version_id,
        actor=row.actor,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        totals=Totals(**(row.totals or {})),
    )
