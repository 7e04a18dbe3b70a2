"""The rows that commands of learning change: found, made, begun anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Module
from app.kit.errors import not_found
from app.learning.models import LearningSession, ModuleProgress
from app.ops.secrets import keyed_hash
from app.organisations.models import Person


@dataclass(frozen=True)
class OpenModule:
    """Somebody opens a module of a version; progress up to `since` was used up, so that it begins again."""

    person_id: int
    version: CourseVersionRow
    module: str
    since: datetime | None = None


def lock_person(session: Session, person_id: int) -> None:
    """Let nobody else open a session for this person meanwhile."""
    if session.scalar(select(Person.id).where(Person.id == person_id).with_for_update()) is None:
        raise not_found()


def module_of(version: CourseVersionRow, slug: str) -> Module:
    """Find a module of a version; Problem 404."""
    found = next((module for module in version.course.modules if module.slug == slug), None)
    if found is None:
        raise not_found()
    return found


def progress_row(session: Session, asked: OpenModule, now: datetime) -> tuple[ModuleProgress, bool]:
    """Find or make the module's progress; say whether it begins again at zero."""
    module = module_of(asked.version, asked.module)
    row = find_progress(session, asked.person_id, asked.version.id, asked.module)
    if row is None:
        row = ModuleProgress(
            person_id=asked.person_id,
            course_code=asked.version.course_code,
            course_version_id=asked.version.id,
            module=asked.module,
            intervals=[],
            credited_ms=0,
            present_ms=0,
            needed_ms=module.needed_seconds * 1000,
            updated_at=now,
        )
        session.add(row)
        return row, False
    anew = asked.since is not None and row.updated_at <= asked.since
    if anew:
        row.intervals, row.credited_ms, row.present_ms = [], 0, 0
        row.fulfilled_at, row.completed_at, row.updated_at = None, None, now
    return row, anew


def find_progress(session: Session, person_id: int, version_id: int, module: str) -> ModuleProgress | None:
    """Find a module's progress and keep others from changing it."""
    return session.scalar(
        select(ModuleProgress)
        .where(
            ModuleProgress.person_id == person_id,
            ModuleProgress.course_version_id == version_id,
            ModuleProgress.module == module,
        )
        .with_for_update()
    )


def live_session(session: Session, person_id: int, token: str) -> tuple[LearningSession, ModuleProgress]:
    """Find a device's session, ended or not, and its module's progress; Problem 404 when it is not this person's."""
    found = session.execute(LIVE, {"token_hash": keyed_hash(token, "learning")}).first()
    if found is None or found[0].person_id != person_id:
        raise not_found()
    return found[0], found[1]


LIVE = (
    select(LearningSession, ModuleProgress)
    .join(
        ModuleProgress,
        and_(
            ModuleProgress.person_id == LearningSession.person_id,
            ModuleProgress.course_version_id == LearningSession.course_version_id,
            ModuleProgress.module == LearningSession.module,
        ),
    )
    .where(LearningSession.token_hash == bindparam("token_hash"))
    .with_for_update(of=[LearningSession, ModuleProgress])
)
