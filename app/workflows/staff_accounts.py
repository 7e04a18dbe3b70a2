"""Staff accounts as the administrator keeps them: open, give and take roles, hand out a code, close; all audited."""

import re
from dataclasses import dataclass
from datetime import datetime

from app.access import queries, service
from app.access.queries import StaffRow
from app.access.roles import NEEDS_ENTERPRISE, NEEDS_REGION
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem, not_found
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations

PHONE = re.compile(r"1[3-9]\d{9}")
LOGIN = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9._-]{2,39}")
NAME_LENGTH = 60


@dataclass(frozen=True)
class RoleWanted:
    """A role and where: a region's code, or an enterprise's unified social credit code; '' where it needs none."""

    role: str
    region: str = ""
    uscc: str = ""


@dataclass(frozen=True)
class NewStaff:
    """Somebody who is to work here: found by phone, by login name, or by both."""

    name: str
    phone: str
    login: str
    role: RoleWanted


@dataclass(frozen=True)
class StaffCode:
    """An activation code for an account; it exists only here."""

    account: StaffRow
    code: str


def open_account(session: Session, command: NewStaff, by: Actor, now: datetime) -> StaffCode:
    """Open an account with one role and its first activation code.

    Problem 422 when something is malformed, 409 when the phone number or the login name is taken.
    """
    name, login = " ".join(command.name.split()), command.login.strip().lower()
    phone = "".join(c for c in command.phone if c not in " -")
    _check(name, phone, login)
    if queries.staff_named(session, login, phone) is not None or (login and queries.login_taken(session, login)):
        message = N_("An account with this mobile number or login name exists. Look for it in the list.")
        raise Problem(409, "account_taken", message)
    place = _place(session, command.role)
    account_id = identity.open_staff_account(session, name, phone, now, login or None)
    service.grant(session, account_id, command.role.role, *place, by.name, now)
    identity.audit(session, by, "user.add", "account", account_id, now, _detail(command.role))
    return _coded(session, account_id, by, now)


def issue_code(session: Session, account_id: int, by: Actor, now: datetime) -> StaffCode:
    """Hand out a new code: the password and all sessions of the account end."""
    _open(session, account_id, now)
    if account_id == by.account_id:
        raise Problem(422, "own_account", N_("This is your own account. Change your password on your account's page."))
    return _coded(session, account_id, by, now)


def close_account(session: Session, account_id: int, by: Actor, now: datetime) -> None:
    """Close an account for good: its roles, codes and sessions end. Not one's own."""
    account = _open(session, account_id, now)
    if account_id == by.account_id:
        raise Problem(422, "own_account", N_("You cannot close your own account. Another administrator can."))
    for held in account.roles:
        service.revoke_grant(session, held.id, now)
    identity.close_account(session, account_id, by, now)


def give_role(session: Session, account_id: int, wanted: RoleWanted, by: Actor, now: datetime) -> None:
    """Give an account one more role."""
    _open(session, account_id, now)
    service.grant(session, account_id, wanted.role, *_place(session, wanted), by.name, now)
    identity.audit(session, by, "role.grant", "account", account_id, now, _detail(wanted))


def take_role(session: Session, account_id: int, grant_id: int, by: Actor, now: datetime) -> None:
    """Take a role away; Problem 422 when it is one's own administrator role, so that one always remains."""
    held = next((role for role in _open(session, account_id, now).roles if role.id == grant_id), None)
    if held is None:
        raise not_found()
    if account_id == by.account_id and held.role == "administrator":
        message = N_("You cannot take the administrator's role from yourself. Another administrator can.")
        raise Problem(422, "own_account", message)
    service.revoke_grant(session, grant_id, now)
    identity.audit(session, by, "role.revoke", "account", account_id, now, {"role": held.role})


def _check(name: str, phone: str, login: str) -> None:
    if not name or len(name) > NAME_LENGTH:
        raise Problem(422, "name", N_("Write the name, at most 60 characters."))
    if not phone and not login:
        raise Problem(422, "phone_or_login", N_("Write a mobile number or a login name to sign in with."))
    if phone and not PHONE.fullmatch(phone):
        raise Problem(422, "phone", N_("A mobile number has 11 digits and begins with 1."))
    if login and not LOGIN.fullmatch(login):
        message = N_("A login name has 3 to 40 letters, digits, dots or hyphens, and at least one letter.")
        raise Problem(422, "login", message)


def _place(session: Session, wanted: RoleWanted) -> tuple[str | None, int | None]:
    """Find where a role is to hold; what it does not need is left out."""
    region = wanted.region if wanted.role in NEEDS_REGION and wanted.region else None
    uscc = wanted.uscc.strip() if wanted.role in NEEDS_ENTERPRISE else ""
    if region is not None and organisations.region(session, region) is None:
        raise Problem(422, "region", N_("There is no region with this code."))
    enterprise_id = organisations.enterprise_id(session, uscc) if uscc else None
    if uscc and enterprise_id is None:
        raise Problem(422, "enterprise", N_("No enterprise has this unified social credit code. Import it first."))
    service.check_role(wanted.role, region, enterprise_id)
    return region, enterprise_id


def _detail(wanted: RoleWanted) -> dict[str, object]:
    said = {
        "role": wanted.role,
        "region": wanted.region if wanted.role in NEEDS_REGION else "",
        "uscc": wanted.uscc.strip() if wanted.role in NEEDS_ENTERPRISE else "",
    }
    return {name: value for name, value in said.items() if value}


def _open(session: Session, account_id: int, now: datetime) -> StaffRow:
    found = queries.staff_account(session, account_id, now)
    if found is None:
        raise not_found()
    if found.state == "closed":
        raise Problem(409, "account_closed", N_("This account is closed."))
    return found


def _coded(session: Session, account_id: int, by: Actor, now: datetime) -> StaffCode:
    code = identity.issue_code(session, account_id, by, now)
    account = queries.staff_account(session, account_id, now)
    assert account is not None  # noqa: S101 - it was found, or opened, above
    return StaffCode(account, code)
