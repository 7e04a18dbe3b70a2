"""Reads of what people have studied, for lists of many: how far, and when last. Ids come from scoped reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.kit.batches import batched
from app.learning.models import LearningDay, ModuleProgress

Pair = tuple[int, str]
"""A person and a course."""


@dataclass(frozen=True)
class Studied:
    """How far somebody is in the version of a course they study now, in milliseconds of reading."""

    done_ms: int
    needed_ms: int


def studied(session: Session, pairs: Iterable[Pair], used_up: Mapping[Pair, datetime]) -> dict[Pair, Studied]:
    """Tell how far people are in courses; what they did up to `used_up` went into an award and counts no more."""
    wanted = set(pairs)
    found: dict[Pair, dict[int, list[ModuleProgress]]] = {}
    for batch in batched(sorted({person_id for person_id, _ in wanted})):
        query = select(ModuleProgress).where(ModuleProgress.person_id.in_(batch)).order_by(ModuleProgress.updated_at)
        for row in session.scalars(query):
            pair = row.person_id, row.course_code
            if pair in wanted and (pair not in used_up or row.updated_at > used_up[pair]):
                versions = found.setdefault(pair, {})
                versions[row.course_version_id] = [*versions.pop(row.course_version_id, []), row]
    return {pair: _studied(session, *list(versions.items())[-1]) for pair, versions in found.items()}


def _studied(session: Session, version_id: int, rows: Iterable[ModuleProgress]) -> Studied:
    modules = catalogue.version(session, version_id).course.modules
    return Studied(sum(row.credited_ms for row in rows), sum(module.needed_seconds for module in modules) * 1000)


def last_days(session: Session, person_ids: Iterable[int], on: date) -> dict[int, date]:
    """Give the last day, up to `on`, on which each of some people learned anything."""
    found: dict[int, date] = {}
    for batch in batched(sorted(set(person_ids))):
        query = select(LearningDay.person_id, func.max(LearningDay.day)).where(
            LearningDay.person_id.in_(batch), LearningDay.day <= on
        )
        found.update(dict(session.execute(query.group_by(LearningDay.person_id)).all()))
    return found


def first_days(session: Session, person_id: int) -> tuple[tuple[date, str], ...]:
    """Give the day on which somebody first learned in each course they began."""
    query = select(func.min(LearningDay.day, type_=LearningDay.day.type), LearningDay.course_code).where(
        LearningDay.person_id == person_id
    )
    return tuple(session.execute(query.group_by(LearningDay.course_code).order_by(LearningDay.course_code)))
