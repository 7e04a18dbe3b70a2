"""Publishes a draft plan: a new version of the plan, known from now on, with who and why; figures follow at once.

Nothing that was known is rewritten: what was asked with an earlier known-at is answered as before. Who publishes must
reach all regions of the plan, as it is and as it will be: a county's bureau can draft the city's plan, not publish it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.coverage import draft_runs
from app.coverage import service as coverage
from app.coverage.draft_runs import Claimed, QueueRun
from app.coverage.models import Posting
from app.coverage.queries import runs as reads
from app.coverage.queries.runs import RunRow
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem, forbidden
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.plans import drafts, service
from app.plans.changes import changes, past_days
from app.plans.drafts import DraftRow
from app.plans.queries import Plan
from app.workflows.draft_plan import base_of, open_draft

REASON_LENGTH = 400


@dataclass(frozen=True)
class AskPublication:
    """Publish a draft, for a reason; `version_id` is the version of its plan that the reader saw it compared with.

    past_confirmed: the reader knows that figures of days already over will change.
    """

    draft_id: int
    reason: str
    version_id: int | None
    past_confirmed: bool = False


def may_publish(scope: Scope, plan: Plan, current: Plan | None) -> bool:
    """Say whether somebody reaches everything that publishing a plan would touch."""
    regions = {*plan.regions, *(current.regions if current else ())}
    return all(scope.reaches_region(code) for code in regions)


def current_of(session: Session, plan: Plan) -> Plan | None:
    """Give the plan known now that publishing would supersede; None for a new plan."""
    found = base_of(session, plan)
    return found if found is not None and found.code == plan.code else None


def past_of(plan: Plan, current: Plan | None, today: date) -> tuple[date, date] | None:
    """Give the first and last day already over whose figures publishing can alter; None when there is none."""
    return past_days(plan, changes(current, plan) if current else (), today, new=current is None)


def ask_publication(
    session: Session, scope: Scope, command: AskPublication, by: Actor, now: datetime, today: date
) -> int:
    """Queue the publication of a draft and give its run.

    Problem 403 when the plan reaches further than its reader, 409 when the plan changed since the draft was looked
    at or was compared with it, 422 without a reason, or when figures of days already over would change and that was
    not confirmed.
    """
    draft = open_draft(scope, session, command.draft_id)
    current = current_of(session, draft.plan)
    if not may_publish(scope, draft.plan, current):
        raise forbidden()
    reason = _checked_reason(command.reason)
    version_id = drafts.version_now(session, current.id if current else None)
    if version_id != command.version_id:
        raise _overtaken()
    _check_comparison(session, scope, draft)
    if past_of(draft.plan, current, today) and not command.past_confirmed:
        message = N_("Figures of days already over would change. Confirm that this is meant.")
        raise Problem(422, "past_unconfirmed", message)
    asked = QueueRun(draft.id, "publish", draft.region, today, by.account_id, by.name, reason, version_id)
    identity.audit(session, by, "draft.publish", "draft", draft.id, now, {"plan": draft.plan.code, "reason": reason})
    return draft_runs.queue(session, asked, now)


def _check_comparison(session: Session, scope: Scope, draft: DraftRow) -> None:
    newest = reads.compared(reads.runs(scope, session, draft.id))
    if newest is None:
        raise Problem(409, "not_compared", N_("Compare the draft with the current plan before you publish it."))
    if not stands(session, draft, newest):
        raise _overtaken()


def stands(session: Session, draft: DraftRow, run: RunRow) -> bool:
    """Say whether a comparison of a draft is with the plan known now: only then do its figures say what would be.

    A plan published meanwhile, perhaps from another draft, makes them figures of a change that nobody can make.
    """
    base = base_of(session, draft.plan, chosen_id=draft.base_plan_id)
    return run.base_version_id == drafts.version_now(session, base.id if base else None)


def publish_queued(session: Session, run: Claimed, now: datetime) -> None:
    """Do what was queued, in one transaction; done already is done. Problem 409 when the plan changed meanwhile."""
    recorded = coverage.open_posting(session, now, "plan")
    draft = drafts.find(SYSTEM, session, run.draft_id)
    if draft.state == "published":
        draft_runs.close(session, run.id, now)
        return
    current = current_of(session, draft.plan)
    if drafts.version_now(session, current.id if current else None) != run.base_version_id:
        raise _overtaken()
    _record(session, run.draft_id, draft.plan, recorded, Actor(run.account_id, run.actor), run.reason)
    draft_runs.close(session, run.id, now)


def is_known(session: Session, plan: Plan) -> bool:
    """Say whether a plan, as a file says it, is what was published or loaded last: there is nothing to publish."""
    current = current_of(session, plan)
    return current is not None and not changes(current, plan)


def draft_of(session: Session, draft_id: int) -> DraftRow:
    """Give a draft; Problem 404 or 409 when it cannot be published."""
    return open_draft(SYSTEM, session, draft_id)


def refuse_uncompared(session: Session, draft: DraftRow) -> None:
    """Refuse, naming the command that compares, a draft whose figures under the plan known now nobody has looked at."""
    newest = reads.compared(reads.runs(SYSTEM, session, draft.id))
    if newest is not None and stands(session, draft, newest):
        return
    if newest is None:
        message = N_(
            "Draft %(draft)s has not been compared with the current plan. "
            "Compare it first: coverall plan draft %(draft)s"
        )
        raise Problem(409, "not_compared", message, {"draft": draft.id})
    message = N_(
        "The current plan was changed after draft %(draft)s was compared with it. "
        "Compare it again first: coverall plan draft %(draft)s"
    )
    raise Problem(409, "plan_changed", message, {"draft": draft.id})


def publish_draft(session: Session, draft_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Publish a draft that is kept, on the command line; Problem 404, 409 or 422 when it cannot be.

    The rule is that of the web: it was compared with the plan known now.
    """
    draft = draft_of(session, draft_id)
    plan = draft.plan
    refuse_uncompared(session, draft)
    checked = _checked_reason(reason)
    recorded = coverage.open_posting(session, now, "plan")
    _record(session, draft_id, plan, recorded, by, checked)


def _record(session: Session, draft_id: int, plan: Plan, posting: Posting, by: Actor, reason: str) -> None:
    version_id = service.publish(session, plan, posting.recorded_at)
    drafts.close_published(session, draft_id, version_id, by.name, reason, posting.recorded_at)
    coverage.post(session, posting, everything=True)
    detail: dict[str, object] = {"reason": reason, "plan": plan.code}
    identity.audit(session, by, "plan.publish", "draft", draft_id, posting.recorded_at, detail)


def _checked_reason(reason: str) -> str:
    if not reason.strip():
        raise Problem(422, "reason_missing", N_("Say why: the reason is kept."))
    return reason.strip()[:REASON_LENGTH]


def _overtaken() -> Problem:
    return Problem(
        409,
        "plan_changed",
        N_("The current plan was changed after this comparison. Compare again with the plan as it stands first."),
    )
