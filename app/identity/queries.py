"""Reads of identity: accounts, live sessions, recent failures, the audit trail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.identity.models import Account, ActivationCode, AuditEvent, SignInAttempt, SignInSession
from app.ops.prepared import run
from app.ops.secrets import keyed_hash

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class AccountRow:
    """An account, without its secrets but for the password's hash."""

    id: int
    name: str
    person_id: int | None
    login: str | None
    password_hash: str | None
    language: str
    closed: bool


@dataclass(frozen=True)
class SessionRow:
    """A live sign-in session with its account."""

    id: int
    account: AccountRow
    csrf: str
    seen_at: datetime
    created_at: datetime
    device: str


def live_session(session: Session, token: str, now: datetime) -> SessionRow | None:
    """Find the session of a cookie's token, unless it ended, expired, or its account is closed."""
    row = run(session, LIVE, {"token_hash": keyed_hash(token, "session")}).first()
    if row is None:
        return None
    id, csrf, seen_at, created_at, device, ended_at, expires_at, *found = row
    account = AccountRow(*found)
    if ended_at is not None or expires_at <= now or account.closed:
        return None
    return SessionRow(id, account, csrf, seen_at, created_at, device)


LIVE = (
    select(
        SignInSession.id,
        SignInSession.csrf,
        SignInSession.seen_at,
        SignInSession.created_at,
        SignInSession.device,
        SignInSession.ended_at,
        SignInSession.expires_at,
        Account.id,
        Account.name,
        Account.person_id,
        Account.login,
        Account.password_hash,
        Account.language,
        Account.closed_at.is_not(None),
    )
    .join(Account, Account.id == SignInSession.account_id)
    .where(SignInSession.token_hash == bindparam("token_hash"))
)


def sessions_of(session: Session, account_id: int, now: datetime) -> tuple[SessionRow, ...]:
    """List an account's live sessions, newest first."""
    rows = session.execute(
        select(SignInSession, Account)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now)
        .order_by(SignInSession.created_at.desc())
    )
    return tuple(SessionRow(s.id, account_row(a), s.csrf, s.seen_at, s.created_at, s.device) for s, a in rows)


def account(session: Session, account_id: int) -> AccountRow | None:
    """Find an account by id."""
    found = session.get(Account, account_id)
    return account_row(found) if found else None


def by_login(session: Session, login: str) -> AccountRow | None:
    """Find an open staff account by its login name."""
    found = session.scalar(select(Account).where(Account.login == login.lower(), Account.closed_at.is_(None)))
    return account_row(found) if found else None


def by_phone(session: Session, phone: str) -> tuple[AccountRow, ...]:
    """Find open accounts that carry a phone number; more than one is possible."""
    found = session.scalars(
        select(Account).where(Account.phone_hash == keyed_hash(phone, "phone"), Account.closed_at.is_(None))
    )
    return tuple(account_row(a) for a in found)


def by_person(session: Session, person_ids: tuple[int, ...]) -> tuple[AccountRow, ...]:
    """Find the open accounts of people."""
    found = session.scalars(select(Account).where(Account.person_id.in_(person_ids), Account.closed_at.is_(None)))
    return tuple(account_row(a) for a in found)


def worker_states(session: Session, person_ids: tuple[int, ...], now: datetime) -> dict[int, str]:
    """Say of people who have, or had, a code whether they used it: active, issued (a code waits), or lapsed."""
    own = ActivationCode.account_id == Account.id
    waiting = exists().where(
        own,
        ActivationCode.used_at.is_(None),
        ActivationCode.withdrawn_at.is_(None),
        ActivationCode.expires_at > now,
    )
    rows = session.execute(
        select(Account.person_id, Account.password_hash.is_not(None), waiting, exists().where(own)).where(
            Account.person_id.in_(person_ids), Account.closed_at.is_(None)
        )
    )
    found = {}
    for person_id, used, waits, ever in rows:
        if person_id is not None and (used or ever):
            found[person_id] = "active" if used else "issued" if waits else "lapsed"
    return found


def recent_failures(session: Session, key: str, now: datetime) -> int:
    """Count failed sign-ins under a key within the window."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.key_hash == keyed_hash(key, "throttle"), SignInAttempt.at > now - WINDOW)
        )
        or 0
    )


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit trail."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: str
    detail: dict[str, object]


def audit_trail(
    session: Session,
    *,
    before: int | None = None,
    action: str = "",
    account_id: int | None = None,
    subject: str = "",
    subject_id: str = "",
    until: datetime | None = None,
    size: int = 51,
) -> tuple[AuditRow, ...]:
    """Read the audit trail backwards from an id: of an action, by an account, on a subject, up to an instant."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(size)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    if until is not None:
        query = query.where(AuditEvent.at <= until)
    if account_id is not None:
        query = query.where(AuditEvent.account_id == account_id)
    named = {"action": action, "subject": subject, "subject_id": subject_id}
    query = query.filter_by(**{column: value for column, value in named.items() if value})
    return tuple(
        AuditRow(e.id, e.at, e.actor, e.action, e.subject, e.subject_id, e.detail) for e in session.scalars(query)
    )


def account_row(found: Account) -> AccountRow:
    """Make the frozen row of an account."""
    return AccountRow(
        found.id,
        found.name,
        found.person_id,
        found.login,
        found.password_hash,
        found.language,
        found.closed_at is not None,
    )
