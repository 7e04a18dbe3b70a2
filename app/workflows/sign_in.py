"""Sign in, activate, change the password: what touches identity and people together.

Password hashing takes tens of milliseconds and stands between transactions, never inside one.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from app.access.scope import Viewer
from app.identity import queries as identity
from app.identity import service
from app.identity.queries import AccountRow
from app.identity.service import Actor
from app.kit.errors import Problem, not_found
from app.ops import passwords
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.organisations import queries as organisations

MOST_CANDIDATES = 3
"""Accounts that one phone may stand for; more, and its owner must use the resident ID."""


@dataclass(frozen=True)
class SignIn:
    """What somebody typed, and from where."""

    identifier: str
    password: str
    address: str
    device: str


def sign_in(database: Database, command: SignIn, now: datetime) -> str:
    """Sign in by login name, phone or resident ID with the password; give the cookie's token.

    Problem 422 when it does not fit (the same for every cause), 429 when throttled.
    """
    identifier = "".join(unicodedata.normalize("NFKC", command.identifier).split()).upper()
    with database.session() as session:
        service.begin_attempt(session, identifier, command.address, now)
        candidates = _candidates(session, identifier)
    account = _fitting(candidates, command.password)
    with database.session() as session:
        if account is None:
            service.note_address(session, command.address, now)
        else:
            service.forget_failures(session, identifier)
            actor = Actor(account.id, account.name)
            service.audit(session, actor, "sign_in", "account", account.id, now)
            return service.start_session(session, account.id, command.device, now)
    raise Problem(422, "sign_in", N_("The name or the password is not right."))


def activate(database: Database, code: str, password: str, address: str, device: str, now: datetime) -> str:
    """Use an activation code, set the password and sign in; give the cookie's token."""
    with database.reading() as session:
        service.refuse_throttled(session, "activation:" + address, address, now)
    hashed = passwords.hash_password(password)
    try:
        with database.session() as session:
            account_id = service.activate(session, code, hashed, now)
            account = identity.account(session, account_id)
            actor = Actor(account_id, account.name if account else "")
            service.audit(session, actor, "activate", "account", account_id, now)
            return service.start_session(session, account_id, device, now)
    except Problem:
        with database.session() as session:
            service.note_failure(session, "activation:" + address, address, now)
        raise


def change_password(database: Database, viewer: Viewer, old: str, new: str, now: datetime) -> None:
    """Change the viewer's own password; every session ends."""
    if viewer.account_id is None:
        raise not_found()
    with database.reading() as session:
        account = identity.account(session, viewer.account_id)
    if account is None or not passwords.verify(account.password_hash, old):
        raise Problem(422, "password", N_("The present password is not right."))
    hashed = passwords.hash_password(new)
    with database.session() as session:
        service.set_password(session, account.id, hashed, now)
        service.audit(session, Actor(account.id, account.name), "password.change", "account", account.id, now)


def _candidates(session: Session, identifier: str) -> tuple[AccountRow, ...]:
    """Find the accounts with a password that an identifier may mean: a phone can belong to an officer and a worker."""
    staff = identity.by_login(session, identifier)
    if staff is not None:
        return (staff,)
    people = organisations.people_by_id_or_phone(session, identifier)
    found = {a.id: a for a in (*identity.by_phone(session, identifier), *identity.by_person(session, people))}
    return tuple(account for account in found.values() if account.password_hash)


def _fitting(candidates: tuple[AccountRow, ...], password: str) -> AccountRow | None:
    """Give the one account that the password opens; none, and none out of too many, costs the time of one try."""
    if not 0 < len(candidates) <= MOST_CANDIDATES:
        passwords.verify(None, password)
        return None
    fitting = [account for account in candidates if passwords.verify(account.password_hash, password)]
    return fitting[0] if len(fitting) == 1 else None
