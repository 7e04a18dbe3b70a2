"""Reads of learning: which version somebody studies, how far they are, what they learned today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Module
from app.kit.scope import Scope
from app.learning.conditions import asks
from app.learning.models import LearningDay, ModuleProgress
from app.ops.listed import CODES, among
from app.ops.prepared import run
from app.organisations import queries as organisations


@dataclass(frozen=True)
class ModuleState:
    """How far somebody is in one module; times in milliseconds of reading."""

    slug: str
    needed_ms: int
    credited_ms: int = 0
    completed_at: datetime | None = None
    asks: bool = False
    fulfilled_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """Say whether its time is done, and what it asks besides: a case ended, points ticked, a quiz passed."""
        return self.completed_at is not None

    @property
    def read(self) -> bool:
        """Say whether its time is done."""
        return self.credited_ms >= self.needed_ms

    @property
    def open(self) -> bool:
        """Say whether something besides time is still asked."""
        return self.asks and self.fulfilled_at is None


@dataclass(frozen=True)
class Progress:
    """How far somebody is in one version of a course, module by module."""

    version_id: int
    modules: tuple[ModuleState, ...]

    @property
    def complete(self) -> bool:
        """Say whether every module is complete."""
        return all(module.complete for module in self.modules)

    @property
    def done(self) -> int:
        """Count the complete modules."""
        return sum(module.complete for module in self.modules)

    @property
    def begun(self) -> bool:
        """Say whether any time was credited."""
        return any(module.credited_ms for module in self.modules)

    @property
    def left_ms(self) -> int:
        """Give the reading time that is left, in milliseconds."""
        return sum(module.needed_ms - module.credited_ms for module in self.modules if not module.complete)

    @property
    def next_module(self) -> str | None:
        """Give the slug of the first module that is not complete."""
        return next((module.slug for module in self.modules if not module.complete), None)

    def module(self, slug: str) -> ModuleState | None:
        """Find a module by its slug."""
        return next((module for module in self.modules if module.slug == slug), None)


@dataclass(frozen=True)
class ProgressRow:
    """What is stored of one module of one version."""

    course_code: str
    version_id: int
    module: str
    credited_ms: int
    updated_at: datetime
    completed_at: datetime | None
    fulfilled_at: datetime | None = None


def progress_rows(scope: Scope, session: Session, person_id: int, codes: Collection[str]) -> tuple[ProgressRow, ...]:
    """Give what is stored of a person's progress in some courses, the latest first; Problem 404 out of reach."""
    organisations.refuse_out_of_reach(scope, session, person_id)
    asked = {"person_id": person_id, "codes": codes}
    return tuple(ProgressRow(*row) for row in run(session, PROGRESS, asked))


PROGRESS = (
    select(
        ModuleProgress.course_code,
        ModuleProgress.course_version_id,
        ModuleProgress.module,
        ModuleProgress.credited_ms,
        ModuleProgress.updated_at,
        ModuleProgress.completed_at,
        ModuleProgress.fulfilled_at,
    )
    .where(
        ModuleProgress.person_id == bindparam("person_id"),
        among(ModuleProgress.course_code, CODES),
    )
    .order_by(ModuleProgress.updated_at.desc())
)


def studied_version(
    session: Session, rows: Sequence[ProgressRow], course_code: str, on: date, since: datetime | None = None
) -> CourseVersionRow:
    """Give the version that a person studies: that of their latest progress, unless a newer retake is in force.

    `rows` are progress_rows(). Progress up to `since` was used up by an award that has lapsed. Without progress it is
    the current version.
    """
    current = catalogue.current(session, course_code, on)
    latest = next((row for row in rows if row.course_code == course_code and row.credited_ms), None)
    if latest is None or latest.version_id == current.id or _spent(latest.updated_at, since):
        return current
    begun = catalogue.version(session, latest.version_id)
    return current if _retaken(session, begun, on) else begun


def _retaken(session: Session, version: CourseVersionRow, on: date) -> bool:
    """Say whether a newer version asks holders of this one to train again."""
    return any(
        newer.course_code == version.course_code
        and newer.number > version.number
        and newer.retake_from is not None
        and newer.retake_from <= on
        for newer in catalogue.retakes(session)
    )


def progress(rows: Sequence[ProgressRow], version: CourseVersionRow, since: datetime | None = None) -> Progress:
    """Give the progress in a version out of progress_rows(); what was done up to `since` counts as nothing."""
    fresh = {row.module: row for row in rows if row.version_id == version.id and not _spent(row.updated_at, since)}
    return Progress(version.id, tuple(_state(module, fresh.get(module.slug)) for module in version.course.modules))


def _state(module: Module, row: ProgressRow | None) -> ModuleState:
    needed, asking = module.needed_seconds * 1000, asks(module.kind)
    if row is None:
        return ModuleState(module.slug, needed, asks=asking)
    return ModuleState(module.slug, needed, row.credited_ms, row.completed_at, asking, row.fulfilled_at)


def _spent(updated_at: datetime, since: datetime | None) -> bool:
    return since is not None and updated_at <= since


@dataclass(frozen=True)
class LearnedRow:
    """What a person was credited in a course on a day, in milliseconds; `recorded_person_id`: as whom."""

    id: int
    course_code: str
    recorded_person_id: int
    credited_ms: int


def learned(session: Session, person_id: int, day: date) -> tuple[LearnedRow, ...]:
    """Give what a person was credited on a day, by course."""
    return tuple(LearnedRow(*row) for row in run(session, LEARNED, {"person_id": person_id, "day": day}))


LEARNED = select(
    LearningDay.id, LearningDay.course_code, LearningDay.recorded_person_id, LearningDay.credited_ms
).where(LearningDay.person_id == bindparam("person_id"), LearningDay.day == bindparam("day"))
