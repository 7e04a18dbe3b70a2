"""When two records turn out to be one person: what learning progress does."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.learning.intervals import length, union
from app.learning.models import LearningDay, LearningSession, ModuleProgress

MERGED = "merged"


def hand_over(session: Session, source_id: int, target_id: int, now: datetime) -> None:
    """Give the progress of `source` to `target`, united module by module; sessions stay as evidence, live ones end."""
    session.execute(
        update(LearningSession)
        .where(LearningSession.person_id.in_((source_id, target_id)), LearningSession.ended_at.is_(None))
        .values(ended_at=now, ended_why=MERGED)
    )
    session.execute(update(LearningDay).where(LearningDay.person_id == source_id).values(person_id=target_id))
    kept = {
        (row.course_version_id, row.module): row
        for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == target_id))
    }
    for row in session.scalars(select(ModuleProgress).where(ModuleProgress.person_id == source_id)).all():
        other = kept.get((row.course_version_id, row.module))
        if other is None:
            row.person_id = target_id
        else:
            _unite(other, row)
            session.delete(row)
    session.flush()


def _unite(kept: ModuleProgress, other: ModuleProgress) -> None:
    seen = union((start, end) for row in (kept, other) for start, end in row.intervals)
    kept.intervals = [list(span) for span in seen]
    kept.credited_ms = length(seen)
    kept.updated_at = max(kept.updated_at, other.updated_at)
    done = [row.completed_at for row in (kept, other) if row.completed_at is not None]
    kept.completed_at = min(done, default=kept.updated_at if kept.credited_ms >= kept.needed_ms else None)
