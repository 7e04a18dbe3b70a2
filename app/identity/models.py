"""Tables: accounts, sessions, activation codes, sign-in attempts, the audit trail."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Instant


class Account(Base):
    """Somebody who can sign in.

    A worker (`person_id`) is found through the person's ID or phone, staff by `login` or phone.
    """

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(unique=True)
    """organisations.Person; no foreign key, identity lies below."""
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ActivationCode(Base):
    """A one-time code (80 random bits) that an officer hands out; kept as an HMAC."""

    __tablename__ = "activation_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInSession(Base):
    """A signed-in browser; the cookie's token is kept as an HMAC."""

    __tablename__ = "sign_in_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(200), default="")


class SignInAttempt(Base):
    """A failed sign-in or activation, by keyed hash of the account name and of the address: for throttling."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "key_hash", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class AuditEvent(Base):
    """Who did what to which subject, when: append-only. `detail` holds no personal data beyond subject ids."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "subject", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(40), default="")
