"""Judges whether a settlement's file, as it was read (settlement_files.py), is what was signed.

A changed cell is found: the hash is computed anew from the cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.coverage.settlement_content import content_hash, signed_text
from app.ops import signing
from app.reports.settlement_files import SettlementFile


@dataclass(frozen=True)
class Verdict:
    """What a file was found to be: what it says its hash is, what it is, whose key, and what else is wrong.

    extras: what the file holds beside what was signed.
    """

    stated: str
    computed: str
    signed: bool
    key_id: str
    rows: int
    faults: tuple[str, ...]
    extras: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Say whether all that was signed is in the file, unaltered."""
        return self.signed and self.stated == self.computed and not self.faults

    @property
    def genuine(self) -> bool:
        """Say whether the file is exactly what was signed, and nothing more."""
        return self.intact and not self.extras


def judge(file: SettlementFile, public_key: bytes) -> Verdict:
    """Compute the hash of a file anew and check the signature with a key that is known to be the platform's."""
    count = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in file.rows:
            count += 1
            yield row

    stated = str(file.seal.get("hash", ""))
    computed = content_hash(file.head, counted())
    faults = list(file.faults)
    if str(file.seal.get("rows")) != str(count):
        faults.append(f"{count} rows instead of {file.seal.get('rows')}")
    if file.seal.get("key_id") != signing.key_id(public_key):
        faults.append(f"key {file.seal.get('key_id')} instead of {signing.key_id(public_key)}")
    signed = signing.verifies(public_key, _bytes(file.seal.get("signature")), signed_text(computed))
    return Verdict(stated, computed, signed, signing.key_id(public_key), count, tuple(faults), tuple(file.extras))


def _bytes(digits: object) -> bytes:
    try:
        return bytes.fromhex(str(digits))
    except ValueError:
        return b""
