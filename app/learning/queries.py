"""Reads of learning: which version somebody studies, how far they are, what they learned today, the replay."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Module
from app.kit.scope import Scope
from app.learning.credit import State, decide
from app.learning.intervals import Span, union
from app.learning.models import LearningDay, LearningReceipt, LearningSession, ModuleProgress
from app.organisations import queries as organisations
from app.organisations.models import Person


@dataclass(frozen=True)
class ModuleState:
    """How far somebody is in one module; times in milliseconds of reading."""

    slug: str
    needed_ms: int
    credited_ms: int = 0
    completed_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """Say whether its reading time is done."""
        return self.completed_at is not None


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


def studied_version(
    session: Session, person_id: int, course_code: str, on: date, since: datetime | None = None
) -> CourseVersionRow:
    """Give the version that a person studies: that of their latest progress, unless a newer retake is in force.

    Progress up to `since` was used up by an award that has lapsed. Without progress it is the current version.
    """
    current = catalogue.current(session, course_code, on)
    latest = session.execute(
        select(ModuleProgress.course_version_id, ModuleProgress.updated_at)
        .where(
            ModuleProgress.person_id == person_id,
            ModuleProgress.course_code == course_code,
            ModuleProgress.credited_ms > 0,
        )
        .order_by(ModuleProgress.updated_at.desc())
        .limit(1)
    ).first()
    if latest is None or latest[0] == current.id or _spent(latest[1], since):
        return current
    begun = catalogue.version(session, latest[0])
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


def progress(
    scope: Scope, session: Session, person_id: int, version: CourseVersionRow, since: datetime | None = None
) -> Progress:
    """Give a person's progress in a version; what was done up to `since` was used up and counts as nothing.

    Problem 404 when the person is out of reach.
    """
    organisations.refuse_out_of_reach(scope, session, person_id)
    rows = {
        row.module: row
        for row in session.scalars(
            select(ModuleProgress).where(
                ModuleProgress.person_id == person_id, ModuleProgress.course_version_id == version.id
            )
        )
        if not _spent(row.updated_at, since)
    }
    return Progress(version.id, tuple(_state(module, rows.get(module.slug)) for module in version.course.modules))


def _state(module: Module, row: ModuleProgress | None) -> ModuleState:
    needed = module.needed_seconds * 1000
    return (
        ModuleState(module.slug, needed, row.credited_ms, row.completed_at) if row else ModuleState(module.slug, needed)
    )


def _spent(updated_at: datetime, since: datetime | None) -> bool:
    return since is not None and updated_at <= since


def learned_ms(session: Session, person_id: int, day: date) -> int:
    """Give the milliseconds that a person was credited on a day, in all courses."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(LearningDay.credited_ms), 0)).where(
                LearningDay.person_id == person_id, LearningDay.day == day
            )
        )
        or 0
    )


def replay(session: Session, person_id: int, version_id: int, module: str, needed_ms: int) -> tuple[Span, ...]:
    """Work a module's progress out again from its sessions and receipts alone, those of merged records included.

    A receipt counts for no more than the server allowed then, nor than its session's wall-clock allows now.
    """
    rows = session.execute(
        select(LearningSession, LearningReceipt)
        .outerjoin(LearningReceipt, LearningReceipt.session_id == LearningSession.id)
        .where(
            LearningSession.person_id.in_(_records_of(session, person_id)),
            LearningSession.course_version_id == version_id,
            LearningSession.module == module,
        )
        .order_by(LearningSession.id, LearningReceipt.id)
    ).all()
    seen: dict[int, tuple[Span, ...]] = {}
    until: dict[int, datetime] = {}
    for live, receipt in rows:
        if live.id not in until:
            until[live.id] = live.opened_at
            if live.anew:
                seen[live.person_id] = ()
        if receipt is None:
            continue
        state = State(seen.get(live.person_id, ()), needed_ms, until[live.id], 0, receipt.allowed_ms)
        decision = decide([(a, b) for a, b in receipt.spans], state, receipt.received_at)
        seen[live.person_id], until[live.id] = decision.seen, decision.credited_until
    return union(span for spans in seen.values() for span in spans)


def _records_of(session: Session, person_id: int) -> list[int]:
    """Give the ids of a person's record and of those merged into it, however far back."""
    found, fresh = [person_id], [person_id]
    while fresh:
        fresh = list(session.scalars(select(Person.id).where(Person.merged_into.in_(fresh))))
        found += fresh
    return found
