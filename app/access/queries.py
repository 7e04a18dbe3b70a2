"""Reads of access: the staff accounts, what each may do and where, and whether it is in use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.models import ApiToken, Grant
from app.identity.models import Account, ActivationCode, SignInSession
from app.kit.paging import Page, page
from app.ops.secrets import decrypt, keyed_hash

StaffQuery: TypeAlias = Select[Account, bool, datetime]
STATES = ("active", "issued", "lapsed", "closed")
"""In use; a code waits to be used; neither password nor code; closed."""


@dataclass(frozen=True)
class HeldRole:
    """A role in force over a region or an enterprise, who gave it and when."""

    id: int
    account_id: int
    role: str
    region: str | None
    enterprise_id: int | None
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True)
class StaffRow:
    """A staff account: the phone number is masked, `state` one of STATES, `seen_at` its latest use."""

    id: int
    name: str
    login: str
    phone: str
    state: str
    created_at: datetime
    seen_at: datetime | None
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True)
class StaffFilter:
    """Which staff accounts: by role held, by state, by a text in name or login (or the whole phone number)."""

    role: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class TokenRow:
    """A bearer token for the JSON API, without its secret: whose figures it opens, and since when it no longer does."""

    id: int
    name: str
    role: str
    region: str | None
    enterprise_id: int | None
    created_at: datetime
    revoked_at: datetime | None


def tokens(session: Session) -> tuple[TokenRow, ...]:
    """List all bearer tokens, oldest first."""
    row = ApiToken
    columns = (row.id, row.name, row.role, row.region, row.enterprise_id, row.created_at, row.revoked_at)
    return tuple(TokenRow(*found) for found in session.execute(select(*columns).order_by(row.id)))


def staff(session: Session, chosen: StaffFilter, after: int | None, now: datetime, size: int = 50) -> Page[StaffRow]:
    """List staff accounts, the newest first; `after` is the last id of the page before."""
    query = _staff(now).where(*_conditions(chosen, now)).order_by(Account.id.desc()).limit(size + 1)
    if after is not None:
        query = query.where(Account.id < after)
    return page(_rows(session, query), size, lambda row: str(row.id))


def staff_account(session: Session, account_id: int, now: datetime) -> StaffRow | None:
    """Find a staff account by id."""
    found = _rows(session, _staff(now).where(Account.id == account_id))
    return found[0] if found else None


def officers(session: Session, enterprise_id: int, now: datetime) -> Sequence[StaffRow]:
    """List the open accounts that hold the officer's role at an enterprise, oldest first."""
    held = exists().where(
        Grant.account_id == Account.id,
        Grant.role == "officer",
        Grant.enterprise_id == enterprise_id,
        Grant.revoked_at.is_(None),
    )
    return _rows(session, _staff(now).where(held, Account.closed_at.is_(None)).order_by(Account.id))


def staff_named(session: Session, login: str, phone: str) -> int | None:
    """Find the open staff account that a login name or a phone number belongs to."""
    named = [Account.login == login.lower()] if login else []
    reached = [Account.phone_hash == keyed_hash(phone, "phone")] if phone else []
    if not named and not reached:
        return None
    query = select(Account.id).where(or_(*named, *reached), Account.person_id.is_(None), Account.closed_at.is_(None))
    return session.scalars(query.limit(1)).first()


def login_taken(session: Session, login: str) -> bool:
    """Say whether a login name was ever given; a closed account keeps its name."""
    return session.scalar(select(Account.id).where(Account.login == login.lower())) is not None


def roles_held(session: Session, account_ids: Iterable[int]) -> dict[int, tuple[HeldRole, ...]]:
    """Give the roles in force of accounts, oldest first."""
    query = select(Grant).where(Grant.account_id.in_(tuple(account_ids)), Grant.revoked_at.is_(None))
    held: dict[int, tuple[HeldRole, ...]] = {}
    for g in session.scalars(query.order_by(Grant.id)):
        row = HeldRole(g.id, g.account_id, g.role, g.region, g.enterprise_id, g.granted_by, g.granted_at)
        held[g.account_id] = (*held.get(g.account_id, ()), row)
    return held


def _staff(now: datetime) -> StaffQuery:
    seen = select(func.max(SignInSession.seen_at)).where(SignInSession.account_id == Account.id).scalar_subquery()
    named = or_(Account.login.is_not(None), Account.phone_hash.is_not(None))
    return select(Account, _waiting(now), seen).where(Account.person_id.is_(None), named)


def _waiting(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        ActivationCode.account_id == Account.id,
        ActivationCode.used_at.is_(None),
        ActivationCode.withdrawn_at.is_(None),
        ActivationCode.expires_at > now,
    )


def _conditions(chosen: StaffFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.role:
        held = Grant.account_id == Account.id, Grant.role == chosen.role, Grant.revoked_at.is_(None)
        found.append(exists().where(*held))
    if chosen.state == "closed":
        found.append(Account.closed_at.is_not(None))
    elif chosen.state:
        found.append(Account.closed_at.is_(None))
    if chosen.state == "active":
        found.append(Account.password_hash.is_not(None))
    elif chosen.state in {"issued", "lapsed"}:
        waits = _waiting(now)
        found += [Account.password_hash.is_(None), waits if chosen.state == "issued" else ~waits]
    if chosen.text:
        found.append(
            or_(
                Account.name.icontains(chosen.text, autoescape=True),
                Account.login.contains(chosen.text.lower(), autoescape=True),
                Account.phone_hash == keyed_hash(chosen.text, "phone"),
            )
        )
    return found


def _rows(session: Session, query: StaffQuery) -> Sequence[StaffRow]:
    found = session.execute(query).all()
    roles = roles_held(session, [account.id for account, _, _ in found])
    return [
        StaffRow(
            id=account.id,
            name=account.name,
            login=account.login or "",
            phone=_masked(account.phone_sealed),
            state=_state(account, waits=waits),
            created_at=account.created_at,
            seen_at=seen_at,
            roles=roles.get(account.id, ()),
        )
        for account, waits, seen_at in found
    ]


def _state(account: Account, *, waits: bool) -> str:
    if account.closed_at is not None:
        return "closed"
    if account.password_hash is not None:
        return "active"
    return "issued" if waits else "lapsed"


def _masked(sealed: bytes | None) -> str:
    phone = decrypt(sealed, "phone") if sealed else ""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
