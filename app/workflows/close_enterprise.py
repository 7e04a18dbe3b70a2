"""Close an enterprise from a day on, or take back a closure recorded by mistake; its assignments stay."""

from dataclasses import dataclass
from datetime import date, datetime

from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import ALWAYS
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import dated, queries, service
from app.workflows.reasons import stated


@dataclass(frozen=True)
class CloseEnterprise:
    """The first day on which an enterprise no longer exists (None: it was never closed), and why we say so."""

    enterprise_id: int
    closed_on: date | None
    reason: str


def close_enterprise(scope: Scope, session: Session, asked: CloseEnterprise, by: Actor, now: datetime) -> None:
    """Close an enterprise in reach; the same closure twice is one. Problem 404, or 422 without a reason."""
    posting = coverage.open_posting(session, now, "closure")
    reason = stated(asked.reason)
    enterprise = queries.enterprise(scope, session, asked.enterprise_id)
    known = queries.facts(session, (enterprise.id,))[enterprise.id]
    value = asked.closed_on.isoformat() if asked.closed_on else ""
    change = dated.restated(known, enterprise.id, dated.CLOSED_ON, value, ALWAYS, dated=False)
    if change is None:
        return
    service.record_facts(session, (change,), posting.recorded_at)
    coverage.post(session, posting, enterprises=[enterprise.id])
    detail: dict[str, object] = {"closed_on": value, "reason": reason}
    identity.audit(session, by, "enterprise.close", "enterprise", enterprise.id, posting.recorded_at, detail)
