"""When two records turn out to be one person: what learning progress does."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.learning.conditions import asks
from app.learning.intervals import length, union
from app.learning.models import LearningDay, LearningSession, ModuleDeed, ModuleProgress
from app.learning.rows import module_of

MERGED = "merged"


def hand_over(session: Session, source_id: int, target_id: int, now: datetime) -> None:
    """Give the progress of `source` to `target`, united module by module; sessions stay as evidence, live ones end."""
    session.execute(
        update(LearningSession)
        .where(LearningSession.person_id.in_((source_id, target_id)), LearningSession.ended_at.is_(None))
        .values(ended_at=now, ended_why=MERGED)
    )
    session.execute(update(LearningDay).where(LearningDay.person_id == source_id).values(person_id=target_id))
    session.execute(update(ModuleDeed).where(ModuleDeed.person_id == source_id).values(person_id=target_id))
    kept = {
        (row.course_version_id, row.module): row
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == target_id))
    }
    for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == source_id)).all():
        other = kept.get((row.course_version_id, row.module))
        if other is None:
            row.person_id = target_id
        else:
            _unite(other, row, asking=_asks(session, row))
            session.delete(row)
    session.flush()


def _asks(session: Session, row: ModuleProgress) -> bool:
    return asks(module_of(catalogue.version(session, row.course_version_id), row.module).kind)


def _unite(kept: ModuleProgress, other: ModuleProgress, *, asking: bool) -> None:
    seen = union((start, end) for row in (kept, other) for start, end in row.intervals)
    kept.intervals = [list(span) for span in seen]
    kept.credited_ms = length(seen)
    kept.updated_at = max(kept.updated_at, other.updated_at)
    kept.present_ms = max(kept.present_ms, other.present_ms)
    fulfilled = [row.fulfilled_at for row in (kept, other) if row.fulfilled_at is not None]
    kept.fulfilled_at = min(fulfilled, default=None)
    done = [row.completed_at for row in (kept, other) if row.completed_at is not None]
    whole = kept.credited_ms >= kept.needed_ms and (kept.fulfilled_at is not None or not asking)
    kept.completed_at = min(done, default=kept.updated_at if whole else None)
