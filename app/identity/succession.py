"""When two records turn out to be one person: which account they sign in with."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity.models import Account
from app.identity.service import Actor, close_account


def hand_over(session: Session, source_id: int, target_id: int, by: Actor, now: datetime) -> None:
    """Keep one open account for `target`: their own where there is one, else that of `source`."""
    accounts = {
        account.person_id: account
        for account in session.scalars(select(Account).where(Account.person_id.in_((source_id, target_id))))
    }
    source, target = accounts.get(source_id), accounts.get(target_id)
    if source is None:
        return
    if target is not None and target.closed_at is None:
        if source.closed_at is None:
            close_account(session, source.id, by, now)
        return
    if target is not None:
        target.person_id = None
        session.flush()
    source.person_id = target_id
    session.flush()
