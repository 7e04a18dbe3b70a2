"""Passwords: argon2id, a bounded number at a time, never inside a transaction."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kit.errors import Problem
from app.ops.i18n import N_

MIN_LENGTH = 8
MAX_LENGTH = 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = BoundedSemaphore(4)
_NOBODY = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Hash a password; Problem 422 when it is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Problem(422, "password_length", N_("Choose a password of at least 8 characters."))
    with _slots:
        return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Say whether a password fits; an unknown account costs the same time as a known one."""
    if len(password) > MAX_LENGTH:
        return False
    with _slots:
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None
