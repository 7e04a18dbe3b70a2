"""Keys, encryption at rest, keyed hashes and random tokens, all derived from one secret."""

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.ops.settings import settings

KEY_ID = b"\x01"
NONCE_BYTES = 12


def encrypt(plain: str, purpose: str) -> bytes:
    """Encrypt with AES-256-GCM; `purpose` is authenticated, so a value cannot be moved to another column."""
    return seal(plain.encode(), purpose)


def decrypt(sealed: bytes, purpose: str) -> str:
    """Undo `encrypt`; raises cryptography's InvalidTag when the value or its purpose was changed."""
    return unseal(sealed, purpose).decode()


def seal(data: bytes, purpose: str) -> bytes:
    """Encrypt a whole file as `encrypt` does a text."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return KEY_ID + nonce + _cipher().encrypt(nonce, data, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """Undo `seal`; raises cryptography's InvalidTag when the file or its purpose was changed."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    return _cipher().decrypt(nonce, body, purpose.encode())


def keyed_hash(value: str, purpose: str) -> str:
    """Give the HMAC-SHA256 (hex) by which an encrypted or secret value is looked up."""
    return hmac.digest(_key("index:" + purpose), value.encode(), "sha256").hex()


def random_token(bits: int = 256) -> str:
    """Give a random URL-safe token."""
    return base64.urlsafe_b64encode(secrets.token_bytes(bits // 8)).decode().rstrip("=")


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("encryption"))


@cache
def _key(purpose: str) -> bytes:
    return hmac.new(settings().secret_key.encode(), purpose.encode(), hashlib.sha256).digest()
