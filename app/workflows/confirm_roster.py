"""Confirm an enterprise's roster as it stands, be it empty: that declares it, and keeps it fresh."""

from datetime import datetime

from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import queries, service
from app.organisations.service import Declared


def confirm_roster(scope: Scope, session: Session, enterprise_id: int, by: Actor, now: datetime) -> int:
    """Confirm the roster of an enterprise in reach and give its head-count; a second time on a day says nothing new."""
    posting = coverage.open_posting(session, now, "confirmation")
    enterprise = queries.enterprise(scope, session, enterprise_id)
    today = day_of(posting.recorded_at)
    heads = service.head_counts(session, (enterprise.id,), today)[enterprise.id]
    word = Declared(enterprise.id, "confirmation", today, today, heads)
    if service.declare(session, (word,), by.name, posting.recorded_at):
        coverage.post(session, posting, declared=[enterprise.id])
        detail: dict[str, object] = {"head_count": heads}
        identity.audit(session, by, "roster.confirm", "enterprise", enterprise.id, now, detail)
    return heads
