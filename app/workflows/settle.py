"""Settle a plan's figures for a day in a region, or settle anew what was settled, with a reason. One transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from app.coverage import service as coverage
from app.coverage import settling
from app.coverage.queries import settlements
from app.coverage.settling import Settle
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.workflows.reasons import LONGEST, stated


@dataclass(frozen=True)
class SettleFigures:
    """The figures of a plan in a region with everything below it, at the end of a day."""

    plan_code: str
    region: str
    on: date
    note: str = ""


def settle_figures(scope: Scope, session: Session, asked: SettleFigures, by: Actor, now: datetime) -> int:
    """Settle, as known at this moment, and give the settlement's id; Problem 404, 409 or 422."""
    if len(asked.note.strip()) > LONGEST:
        raise Problem(422, "note", N_("Keep the note within 400 characters."))
    command = Settle(asked.plan_code, asked.region, asked.on, asked.note.strip(), by.name)
    return _settle(scope, session, command, by, now)


def supersede_settlement(
    scope: Scope, session: Session, settlement_id: int, reason: str, by: Actor, now: datetime
) -> int:
    """Settle the same plan, region and day anew, in the place of a settlement in reach; give the new one's id."""
    head = settlements.settlement(scope, session, settlement_id).head
    told = stated(reason)
    command = Settle(head.plan_code, head.region, head.on, "", by.name, settlement_id, told)
    return _settle(scope, session, command, by, now)


def _settle(scope: Scope, session: Session, command: Settle, by: Actor, now: datetime) -> int:
    posting = coverage.open_posting(session, now, "settlement")
    settled = settling.settle(scope, session, command, posting, day_of(posting.recorded_at))
    detail: dict[str, object] = {"plan": command.plan_code, "region": command.region, "on": command.on.isoformat()}
    if command.supersedes is not None:
        detail |= {"supersedes": command.supersedes, "reason": command.reason}
    identity.audit(session, by, "settlement.add", "settlement", settled, now, detail)
    return settled
