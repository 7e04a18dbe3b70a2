"""Which regions show their coverage under which plans to the public: since when, by whom, why, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.coverage.publication_models import Publication
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.i18n import N_
from app.organisations.queries import in_regions
from app.plans.models import Plan


@dataclass(frozen=True)
class PublicationRow:
    """A publication; `ended_at` None: it is in force."""

    id: int
    plan: str
    region: str
    begun_at: datetime
    begun_by: str
    reason: str
    ended_at: datetime | None
    ended_by: str
    ended_reason: str


def in_force(session: Session, plan: str | None = None) -> tuple[PublicationRow, ...]:
    """List what is public now, of all plans or of one, by plan and region; anybody may know."""
    query = _query().where(Publication.ended_at.is_(None)).order_by(Plan.code, Publication.region)
    if plan is not None:
        query = query.where(Plan.code == plan)
    return tuple(PublicationRow(**row) for row in session.execute(query).mappings())


def listed(
    scope: Scope, session: Session, *, ended: bool, size: int, before: int | None = None
) -> tuple[PublicationRow, ...]:
    """List the publications of regions in reach, in force or ended, newest first, from below an id on."""
    state = Publication.ended_at.is_not(None) if ended else Publication.ended_at.is_(None)
    query = _query().where(state, in_regions(scope, Publication.region)).order_by(Publication.id.desc()).limit(size)
    if before is not None:
        query = query.where(Publication.id < before)
    return tuple(PublicationRow(**row) for row in session.execute(query).mappings())


def region_of(session: Session, publication_id: int) -> str:
    """Give the region that a publication is about; Problem 404 when there is none."""
    found = session.scalar(select(Publication.region).where(Publication.id == publication_id))
    if found is None:
        raise not_found()
    return found


def begin(session: Session, plan_id: int, region: str, by: str, reason: str, now: datetime) -> int:
    """Show a region's coverage under a plan to the public and give the publication's id; Problem 409 when it is."""
    begun = Publication(plan_id=plan_id, region=region, begun_at=now, begun_by=by, reason=reason)
    try:
        with session.begin_nested():
            session.add(begun)
    except IntegrityError:
        raise Problem(409, "published", N_("This region's page under this plan is public already.")) from None
    return begun.id


def end(session: Session, publication_id: int, by: str, reason: str, now: datetime) -> None:
    """Take a publication back; Problem 409 when it ended already."""
    values = {"ended_at": now, "ended_by": by, "ended_reason": reason}
    query = update(Publication).where(Publication.id == publication_id, Publication.ended_at.is_(None)).values(values)
    if not session.scalars(query.returning(Publication.id)).all():
        raise Problem(409, "unpublished", N_("This page is not public any more."))


def _query() -> Select[*tuple[Any, ...]]:
    row = Publication
    begun = (row.id, Plan.code.label("plan"), row.region, row.begun_at, row.begun_by, row.reason)
    return select(*begun, row.ended_at, row.ended_by, row.ended_reason).join(Plan, Plan.id == row.plan_id)
