"""Waive one assignment in one plan, or withdraw a waiver: who, from when until when, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from app.coverage import service as coverage
from app.coverage import waivers
from app.coverage.service import Waive, Withdraw
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import roster
from app.workflows.reasons import stated


@dataclass(frozen=True)
class WaiveAssignment:
    """An assignment counts as covered in a plan on [from_on, until_on), open where None."""

    assignment_id: int
    plan_code: str
    from_on: date
    until_on: date | None
    reason: str


def waive_assignment(scope: Scope, session: Session, asked: WaiveAssignment, by: Actor, now: datetime) -> int:
    """Waive an assignment in reach and give the waiver's id; Problem 404 or 422."""
    posting = coverage.open_posting(session, now, "waiver")
    held = roster.post_held(scope, session, asked.assignment_id)
    reason = stated(asked.reason)
    command = Waive(held.assignment_id, asked.plan_code, asked.from_on, asked.until_on, reason, by.name)
    waiver_id = coverage.waive(session, command, posting.recorded_at)
    coverage.post(session, posting, assignments=[held.assignment_id])
    detail: dict[str, object] = {"waiver": waiver_id, "plan": asked.plan_code, "reason": reason}
    identity.audit(session, by, "waiver.add", "assignment", held.assignment_id, now, detail)
    return waiver_id


def withdraw_waiver(
    scope: Scope, session: Session, waiver_id: int, from_on: date | None, reason: str, by: Actor, now: datetime
) -> None:
    """Withdraw a waiver in reach from a day on (None: throughout); Problem 404 or 422."""
    posting = coverage.open_posting(session, now, "waiver")
    held = roster.post_held(scope, session, waivers.assignment_of(session, waiver_id))
    command = Withdraw(waiver_id, from_on, stated(reason), by.name)
    coverage.withdraw(session, command, posting.recorded_at)
    coverage.post(session, posting, assignments=[held.assignment_id])
    detail: dict[str, object] = {"waiver": waiver_id, "reason": command.reason}
    identity.audit(session, by, "waiver.withdraw", "assignment", held.assignment_id, now, detail)
