"""Commands of access: grant and revoke roles, make and revoke API tokens."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.models import ApiToken, Grant
from app.access.roles import NEEDS_ENTERPRISE, NEEDS_REGION, PERMISSIONS
from app.kit.errors import Problem
from app.ops.i18n import N_
from app.ops.secrets import keyed_hash, random_token


def grant(
    session: Session,
    account_id: int,
    role: str,
    region: str | None,
    enterprise_id: int | None,
    by: str,
    now: datetime,
) -> int:
    """Give an account a role over a region or an enterprise; the same grant twice is one.

    Problem 422 when the role is unknown or lacks its place.
    """
    check_role(role, region, enterprise_id)
    known = session.scalar(
        select(Grant.id).where(
            Grant.account_id == account_id,
            Grant.role == role,
            Grant.region.is_(None) if region is None else Grant.region == region,
            Grant.enterprise_id.is_(None) if enterprise_id is None else Grant.enterprise_id == enterprise_id,
            Grant.revoked_at.is_(None),
        )
    )
    if known is not None:
        return known
    given = Grant(
        account_id=account_id, role=role, region=region, enterprise_id=enterprise_id, granted_by=by, granted_at=now
    )
    session.add(given)
    session.flush()
    return given.id


def revoke_grant(session: Session, grant_id: int, now: datetime) -> None:
    """Take a role away."""
    session.execute(update(Grant).where(Grant.id == grant_id).values(revoked_at=now))


def make_token(
    session: Session, name: str, role: str, region: str | None, enterprise_id: int | None, now: datetime
) -> str:
    """Make a bearer token for the JSON API; it is shown once."""
    check_role(role, region, enterprise_id)
    token = "cv_" + random_token()
    session.add(
        ApiToken(
            name=name,
            token_hash=keyed_hash(token, "api"),
            role=role,
            region=region,
            enterprise_id=enterprise_id,
            created_at=now,
        )
    )
    return token


def revoke_token(session: Session, token_id: int, now: datetime) -> str:
    """Revoke a bearer token for good and give its name; Problem 404 when it is unknown, 409 when that was done."""
    found = session.get(ApiToken, token_id, with_for_update=True)
    if found is None:
        raise Problem(
            404,
            "token_unknown",
            N_("There is no token %(number)s. List them: coverall token list."),
            {"number": token_id},
        )
    if found.revoked_at is not None:
        raise Problem(409, "token_revoked", N_("This token has been revoked already."))
    found.revoked_at = now
    return found.name


def check_role(role: str, region: str | None, enterprise_id: int | None) -> None:
    """Refuse an unknown role, or one without the place it needs."""
    if role not in PERMISSIONS or role == "worker":
        known = ", ".join(code for code in PERMISSIONS if code != "worker")
        raise Problem(422, "role", N_("Unknown role. Choose one of: %(roles)s."), {"roles": known})
    if role in NEEDS_REGION and region is None:
        raise Problem(422, "role_region", N_("This role needs a region."))
    if role in NEEDS_ENTERPRISE and enterprise_id is None:
        raise Problem(422, "role_enterprise", N_("This role needs an enterprise."))
