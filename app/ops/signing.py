"""Signs what the platform publishes: Ed25519, with a key derived from the platform's one secret.

The secret never leaves; the public key and its id are published, so that anybody can check a signature with other
software. When the secret is changed a new key comes into use, and the old public keys must be kept where they are.
"""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.ops.settings import settings

ALGORITHM = "Ed25519"
PURPOSE = b"coverall settlement signature"
KEY_BYTES, SIGNATURE_BYTES, ID_DIGITS = 32, 64, 16


def public_key() -> bytes:
    """Give the public key in use, 32 bytes."""
    return _private(settings().secret_key).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Give the short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:ID_DIGITS]


def sign(message: bytes) -> bytes:
    """Sign a message with the key in use; 64 bytes, the same for the same message."""
    return _private(settings().secret_key).sign(message)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a signature of a message was made with the secret half of a public key."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def pem(public: bytes) -> str:
    """Give a public key in the form that openssl reads."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@lru_cache(maxsize=4)
def _private(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)
