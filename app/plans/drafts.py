"""Drafts of plans: kept as uploaded, seen by those who reach their region, then discarded or published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.kit.errors import Problem, not_found
from app.kit.paging import Page, page
from app.kit.scope import Scope
from app.ops.i18n import N_
from app.organisations.queries import in_regions
from app.plans.models import Plan as PlanRow
from app.plans.models import PlanDraft, PlanVersion
from app.plans.shapes import Plan, from_json, to_json

STATES: Final = ("open", "published", "discarded")


@dataclass(frozen=True)
class KeepDraft:
    """A plan that was read without errors, the plan it is compared with, and who uploaded it for which region."""

    plan: Plan
    base_plan_id: int | None
    file_name: str
    region: str
    account_id: int | None
    actor: str


@dataclass(frozen=True)
class VersionRow:
    """A version of a plan: what was known from `recorded_at` until `superseded_at`, None: what is known now."""

    id: int
    plan: Plan
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True)
class DraftRow:
    """A draft; `closed_at` and `closed_by` say when and by whom it was published or discarded, `reason` why."""

    id: int
    plan: Plan
    base_plan_id: int | None
    file_name: str
    region: str
    actor: str
    created_at: datetime
    state: str
    closed_at: datetime | None
    closed_by: str
    reason: str


def keep(session: Session, command: KeepDraft, now: datetime) -> int:
    """Keep a draft and give its id."""
    draft = PlanDraft(
        code=command.plan.code,
        base_plan_id=command.base_plan_id,
        body=to_json(command.plan),
        file_name=command.file_name,
        region=command.region,
        account_id=command.account_id,
        actor=command.actor,
        created_at=now,
    )
    session.add(draft)
    session.flush()
    return draft.id


def find(scope: Scope, session: Session, draft_id: int) -> DraftRow:
    """Give a draft; Problem 404 when there is none, or its region is out of reach."""
    row = session.scalar(select(PlanDraft).where(PlanDraft.id == draft_id, in_regions(scope, PlanDraft.region)))
    if row is None:
        raise not_found()
    return _shaped(row, _plan_id(session, row.code))


def saying(session: Session, plan: Plan) -> int | None:
    """Give the newest open draft that says the same as a plan, whoever uploaded it; None when there is none."""
    body = to_json(plan)
    query = select(PlanDraft).where(PlanDraft.code == plan.code, _in_state("open")).order_by(PlanDraft.id.desc())
    return next((row.id for row in session.scalars(query) if row.body == body), None)


def listing(
    scope: Scope, session: Session, state: str = "", after: int | None = None, size: int = 50
) -> Page[DraftRow]:
    """List drafts, the newest first, all or those in a state; `after` is the last id of the page before."""
    query = select(PlanDraft).where(in_regions(scope, PlanDraft.region)).order_by(PlanDraft.id.desc()).limit(size + 1)
    if state:
        query = query.where(_in_state(state))
    if after is not None:
        query = query.where(PlanDraft.id < after)
    return page([_shaped(row, 0) for row in session.scalars(query)], size, lambda row: str(row.id))


def discard(session: Session, draft_id: int, by: str, now: datetime) -> None:
    """Put an open draft away; Problem 409 when it is not open any more."""
    row = _open(session, draft_id)
    row.discarded_at, row.discarded_by = now, by


def close_published(session: Session, draft_id: int, version_id: int, by: str, reason: str, now: datetime) -> None:
    """Note that an open draft became a version of its plan; Problem 409 when it is not open any more."""
    row = _open(session, draft_id)
    row.version_id, row.published_at, row.published_by, row.reason = version_id, now, by, reason


def version_now(session: Session, plan_id: int | None, known_at: datetime | None = None) -> int | None:
    """Give the version of a plan that is known now, what a draft of it would supersede; or that was at an instant."""
    query = select(PlanVersion.id).where(PlanVersion.plan_id == plan_id, _known(known_at))
    return None if plan_id is None else session.scalar(query)


def versions_now(session: Session) -> dict[int, int]:
    """Give the version of each plan that is known now, by the plan."""
    query = select(PlanVersion.plan_id, PlanVersion.id).where(_known(None))
    return dict(session.execute(query).all())


def version(session: Session, version_id: int | None) -> VersionRow | None:
    """Give a version of a plan; None for none."""
    row = None if version_id is None else session.get(PlanVersion, version_id)
    if row is None:
        return None
    return VersionRow(row.id, from_json(row.plan_id, row.body), row.recorded_at, row.superseded_at)


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return PlanVersion.superseded_at.is_(None)
    later = PlanVersion.superseded_at.is_(None) | (PlanVersion.superseded_at > known_at)
    return (PlanVersion.recorded_at <= known_at) & later


def published_codes(session: Session) -> frozenset[str]:
    """Give the codes of plans whose version known now was published from a draft, not loaded from a file."""
    query = select(PlanRow.code).join(PlanVersion, PlanVersion.plan_id == PlanRow.id)
    query = query.join(PlanDraft, PlanDraft.version_id == PlanVersion.id)
    return frozenset(session.scalars(query.where(PlanVersion.superseded_at.is_(None))))


def _open(session: Session, draft_id: int) -> PlanDraft:
    row = session.scalar(select(PlanDraft).where(PlanDraft.id == draft_id).with_for_update())
    if row is None:
        raise not_found()
    if row.published_at is not None or row.discarded_at is not None:
        raise Problem(409, "draft_closed", N_("This draft was published or discarded already."))
    return row


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "published":
        return PlanDraft.published_at.is_not(None)
    if state == "discarded":
        return PlanDraft.discarded_at.is_not(None)
    return PlanDraft.published_at.is_(None) & PlanDraft.discarded_at.is_(None)


def _plan_id(session: Session, code: str) -> int:
    return session.scalar(select(PlanRow.id).where(PlanRow.code == code)) or 0


def _shaped(row: PlanDraft, plan_id: int) -> DraftRow:
    state = "published" if row.published_at else "discarded" if row.discarded_at else "open"
    return DraftRow(
        id=row.id,
        plan=from_json(plan_id, row.body),
        base_plan_id=row.base_plan_id,
        file_name=row.file_name,
        region=row.region,
        actor=row.actor,
        created_at=row.created_at,
        state=state,
        closed_at=row.published_at or row.discarded_at,
        closed_by=row.published_by or row.discarded_by,
        reason=row.reason,
    )
