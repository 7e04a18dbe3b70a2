"""What people do in modules besides spending time: noted for ever, and whether it fulfils what the module asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.errors import Problem
from app.learning.conditions import Deed, fulfilled
from app.learning.models import ModuleDeed
from app.learning.rows import OpenModule, lock_person, module_of, progress_row
from app.ops.i18n import N_

MOST_DEEDS = 1000
"""Nobody honest does more in one module."""


@dataclass(frozen=True)
class Noted:
    """Whether the module's condition, and the module as a whole, are fulfilled now."""

    fulfilled: bool
    complete: bool


def note(session: Session, where: OpenModule, kind: str, detail: Mapping[str, Any], now: datetime) -> Noted:
    """Note a deed. Problem 404 for an unknown module, 429 for more deeds than anybody honest does."""
    lock_person(session, where.person_id)
    module = module_of(where.version, where.module)
    progress, _ = progress_row(session, where, now)
    known = done(session, where)
    if len(known) >= MOST_DEEDS:
        raise Problem(429, "deeds", N_("That is too often. Read the module again first."))
    session.add(
        ModuleDeed(
            person_id=where.person_id,
            recorded_person_id=where.person_id,
            course_version_id=where.version.id,
            module=where.module,
            kind=kind,
            detail=dict(detail),
            done_at=now,
        )
    )
    if progress.fulfilled_at is None and fulfilled(module, (*known, Deed(kind, detail, now))):
        progress.fulfilled_at = now
        if progress.credited_ms >= progress.needed_ms and progress.completed_at is None:
            progress.completed_at = progress.updated_at = now
    session.flush()
    return Noted(progress.fulfilled_at is not None, progress.completed_at is not None)


def done(session: Session, where: OpenModule, until: datetime | None = None) -> tuple[Deed, ...]:
    """Give what somebody did in a module, in order: after `since`, when that is set, and up to `until`."""
    row = ModuleDeed
    query = select(row.kind, row.detail, row.done_at).where(
        row.person_id == where.person_id, row.course_version_id == where.version.id, row.module == where.module
    )
    if where.since is not None:
        query = query.where(row.done_at > where.since)
    if until is not None:
        query = query.where(row.done_at <= until)
    return tuple(Deed(kind, detail, at) for kind, detail, at in session.execute(query.order_by(row.id)))
