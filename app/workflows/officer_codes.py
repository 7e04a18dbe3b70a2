"""A bureau manager hands an enterprise's safety officer an activation code: the first, or after a lost password."""

from datetime import datetime

from app.access import queries
from app.access.queries import StaffRow
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.workflows.staff_accounts import StaffCode


def issue_officer_code(
    scope: Scope, session: Session, enterprise_id: int, account_id: int, by: Actor, now: datetime
) -> StaffCode:
    """Hand out a new code; the officer's password and sessions end.

    Problem 404 when this is no officer of an enterprise in reach, 403 when the account may do more than that: a new
    code takes an account over, so it is only for accounts whose every role lies within the caller's own reach.
    """
    enterprise = organisations.enterprise(scope, session, enterprise_id)
    account = next((one for one in queries.officers(session, enterprise.id, now) if one.id == account_id), None)
    if account is None:
        raise not_found()
    if not _within(scope, session, account):
        message = N_("This account has other roles too. Its code comes from the administrator.")
        raise Problem(403, "other_roles", message)
    return StaffCode(account, identity.issue_code(session, account.id, by, now))


def _within(scope: Scope, session: Session, account: StaffRow) -> bool:
    places = [held.enterprise_id for held in account.roles if held.role == "officer"]
    known = organisations.enterprises(scope, session, [place for place in places if place is not None])
    return len(places) == len(account.roles) and len(known) == len(set(places))
