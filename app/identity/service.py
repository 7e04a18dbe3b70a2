"""Commands of identity: open accounts, hand out activation codes, sign in and out, throttle, keep the audit trail."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.identity import queries
from app.identity.models import Account, ActivationCode, AuditEvent, SignInAttempt, SignInSession
from app.kit.errors import Problem
from app.ops.i18n import N_
from app.ops.secrets import encrypt, keyed_hash, random_token
from app.ops.settings import settings

CODE_BYTES = 10
CODE_DAYS = 30
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 30
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Actor:
    """Who acts: an account (None on the command line) and the name the audit trail shows."""

    account_id: int | None
    name: str
    request_id: str = ""


def open_staff_account(session: Session, name: str, phone: str, now: datetime, login: str | None = None) -> int:
    """Open an account for staff, found by phone or login name; an open one with the same phone or login is reused."""
    known = queries.by_login(session, login) if login else None
    if known is None and phone:
        known = next((a for a in queries.by_phone(session, phone) if a.person_id is None), None)
    if known is not None:
        return known.id
    opened = Account(
        name=name,
        person_id=None,
        login=login.lower() if login else None,
        phone_sealed=encrypt(phone, "phone") if phone else None,
        phone_hash=keyed_hash(phone, "phone") if phone else None,
        created_at=now,
    )
    session.add(opened)
    session.flush()
    return opened.id


def open_worker_account(session: Session, person_id: int, name: str, now: datetime) -> int:
    """Open (or find) the account of a person; they are found by the person's own ID or phone."""
    known = queries.by_person(session, (person_id,))
    if known:
        return known[0].id
    opened = Account(name=name, person_id=person_id, created_at=now)
    session.add(opened)
    session.flush()
    return opened.id


def issue_code(session: Session, account_id: int, by: Actor, now: datetime) -> str:
    """Hand out a new activation code; former codes, the password and all sessions end."""
    session.execute(
        update(ActivationCode)
        .where(ActivationCode.account_id == account_id, ActivationCode.used_at.is_(None))
        .values(withdrawn_at=now)
    )
    session.execute(update(Account).where(Account.id == account_id).values(password_hash=None))
    end_sessions(session, account_id, now)
    plain = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    session.add(
        ActivationCode(
            account_id=account_id,
            code_hash=keyed_hash(plain, "activation"),
            issued_by=by.name,
            issued_at=now,
            expires_at=now + timedelta(days=CODE_DAYS),
        )
    )
    audit(session, by, "code.issue", "account", account_id, now)
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def activate(session: Session, code: str, password_hash: str, now: datetime) -> int:
    """Use an activation code: set the password, give the account's id; Problem 422 when the code is not good."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    hashed = keyed_hash(plain, "activation")
    found = session.scalar(select(ActivationCode).where(ActivationCode.code_hash == hashed).with_for_update())
    if found is None or found.used_at or found.withdrawn_at or found.expires_at <= now:
        message = N_("This activation code is not valid. Ask your safety officer for a new one.")
        raise Problem(422, "activation_code", message)
    found.used_at = now
    set_password(session, found.account_id, password_hash, now)
    return found.account_id


def set_password(session: Session, account_id: int, password_hash: str, now: datetime) -> None:
    """Set a password (already hashed) and end all sessions."""
    session.execute(update(Account).where(Account.id == account_id).values(password_hash=password_hash))
    end_sessions(session, account_id, now)


def start_session(session: Session, account_id: int, device: str, now: datetime) -> str:
    """Sign an account in; give the cookie's token."""
    token = random_token()
    session.add(
        SignInSession(
            account_id=account_id,
            token_hash=keyed_hash(token, "session"),
            csrf=random_token(),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=settings().session_hours),
            device=device[:200],
        )
    )
    return token


def touch_session(session: Session, session_id: int, now: datetime) -> None:
    """Slide a session's end forward; callers do it at most every few minutes."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(seen_at=now, expires_at=now + timedelta(hours=settings().session_hours))
    )


def end_session(session: Session, session_id: int, now: datetime) -> None:
    """Sign one browser out."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(ended_at=now))


def end_sessions(session: Session, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def close_account(session: Session, account_id: int, by: Actor, now: datetime) -> None:
    """Close an account for good; its codes and sessions end."""
    session.execute(update(Account).where(Account.id == account_id).values(closed_at=now))
    session.execute(
        update(ActivationCode)
        .where(ActivationCode.account_id == account_id, ActivationCode.used_at.is_(None))
        .values(withdrawn_at=now)
    )
    end_sessions(session, account_id, now)
    audit(session, by, "account.close", "account", account_id, now)


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Remember the language an account reads."""
    session.execute(update(Account).where(Account.id == account_id).values(language=language))


def refuse_throttled(session: Session, account_key: str, address: str, now: datetime) -> None:
    """Problem 429 when an account name or an address failed too often within the last 15 minutes."""
    over_account = queries.recent_failures(session, "account:" + account_key, now) >= FAILURES_PER_ACCOUNT
    if over_account or queries.recent_failures(session, "address:" + address, now) >= FAILURES_PER_ADDRESS:
        message = N_("Too many failed attempts. Wait 15 minutes, or ask your safety officer for a new code.")
        raise Problem(429, "throttled", message)


def begin_attempt(session: Session, account_key: str, address: str, now: datetime) -> None:
    """Count a try against an account name before it is made, so that many at once are no way round; Problem 429.

    `forget_failures` takes it back when it succeeds, `note_address` says that it failed.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = int(keyed_hash("account:" + account_key, "throttle")[:15], 16)
        session.execute(select(func.pg_advisory_xact_lock(lock)))
    refuse_throttled(session, account_key, address, now)
    _note(session, "account:" + account_key, now)


def note_address(session: Session, address: str, now: datetime) -> None:
    """Remember a failed sign-in under its address, and forget those past the window.

    Only once it failed: a whole class may sign in at once from one address.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - 2 * queries.WINDOW))
    _note(session, "address:" + address, now)


def note_failure(session: Session, account_key: str, address: str, now: datetime) -> None:
    """Remember a failed try under both keys, and forget those past the window."""
    note_address(session, address, now)
    _note(session, "account:" + account_key, now)


def _note(session: Session, key: str, now: datetime) -> None:
    session.add(SignInAttempt(key_hash=keyed_hash(key, "throttle"), at=now))


def forget_failures(session: Session, account_key: str) -> None:
    """Clear an account name's failures after it signed in."""
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.key_hash == keyed_hash("account:" + account_key, "throttle"))
    )


def audit(
    session: Session,
    by: Actor,
    action: str,
    subject: str,
    subject_id: object,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Append to the audit trail, in the transaction of the act."""
    session.add(
        AuditEvent(
            at=now,
            account_id=by.account_id,
            actor=by.name,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            detail=detail or {},
            request_id=by.request_id,
        )
    )
