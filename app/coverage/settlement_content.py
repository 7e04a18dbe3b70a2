"""What a settlement says, in the one form that is hashed and signed: canonical JSON, written row by row.

Pure. The form is RFC 8785 as far as it is needed: keys sorted, no spaces, UTF-8, no numbers but integers; a ratio is a
string, truncated to 6 decimals. So the same figures give the same bytes, and the same hash, wherever they are read.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Final

from app.coverage.ledger import MILLION, Tally, ratio
from app.coverage.status import STATUSES

FORMAT: Final = "coverall-settlement/1"
KINDS: Final = ("whole", "key_enterprises", "region", "own", "industry", "post", "post_industry", "enterprise")
"""The kinds of rows in their order. own: the enterprises of a region that lie in none of the regions below it."""


@dataclass(frozen=True)
class Head:
    """What a settlement is about. `supersedes` is the hash of the one it takes the place of, for this `reason`."""

    plan_code: str
    plan_name: str
    plan_deadline: date
    provisional: bool
    region: str
    region_name: str
    on: date
    known_at: datetime
    settled_by: str
    note: str = ""
    supersedes: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A line of figures; '' and None where a field does not apply to its kind.

    parent: the region above, for a region below the one that was settled.
    statuses: enterprises by status, those that are not zero; stale: how many have a stale roster (an enterprise: 0, 1).
    """

    kind: str
    name: str
    tally: Tally
    region: str = ""
    parent: str = ""
    industry: str = ""
    post: str = ""
    uscc: str = ""
    key_enterprise: bool = False
    status: str = ""
    statuses: Mapping[str, int] = field(default_factory=dict)
    stale: int = 0
    roster: int | None = None
    insured: int | None = None

    @property
    def enterprises(self) -> int:
        """Give how many enterprises are taken in."""
        return sum(self.statuses.values())

    @property
    def declared(self) -> int:
        """Give how many of them have declared."""
        return self.enterprises - self.statuses.get("undeclared", 0)

    @property
    def ratio(self) -> float | None:
        """Give covered by required, for showing; None where nothing is required."""
        return ratio(self.tally.required, self.tally.covered)

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """Give what tells the rows of a settlement apart."""
        return self.kind, self.region, self.industry, self.post, self.uscc


def row_json(row: SettledRow) -> dict[str, Any]:
    """Give a row as the JSON object that is hashed."""
    return {
        "kind": row.kind,
        "region": row.region,
        "parent": row.parent,
        "industry": row.industry,
        "post": row.post,
        "uscc": row.uscc,
        "name": row.name,
        "key_enterprise": row.key_enterprise,
        "status": row.status,
        **row.tally._asdict(),
        "ratio": ratio_text(row.tally.required, row.tally.covered),
        "statuses": {status: row.statuses[status] for status in STATUSES if row.statuses.get(status)},
        "stale": row.stale,
        "roster": row.roster,
        "insured": row.insured,
    }


def head_json(head: Head) -> dict[str, Any]:
    """Give everything but the rows as the JSON object that is hashed."""
    plan = {"code": head.plan_code, "name": head.plan_name, "deadline": head.plan_deadline.isoformat()}
    return {
        "format": FORMAT,
        "plan": {**plan, "provisional": head.provisional},
        "region": {"code": head.region, "name": head.region_name},
        "on": head.on.isoformat(),
        "known_at": instant_text(head.known_at),
        "settled_by": head.settled_by,
        "note": head.note,
        "supersedes": head.supersedes,
        "reason": head.reason,
    }


def canonical(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write the content in its canonical form, piece by piece; `rows` becomes a member like the others."""
    opener = "{"
    for key in sorted([*head, "rows"]):
        yield f'{opener}"{key}":'.encode()
        opener = ","
        if key == "rows":
            yield b"["
            for position, row in enumerate(rows):
                yield (("," if position else "") + _text(row)).encode()
            yield b"]"
        else:
            yield _text(head[key]).encode()
    yield b"}"


class Digest:
    """A hash that grows with the pieces that pass through it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hash = hashlib.sha256()

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Hand the pieces on, hashed."""
        for piece in pieces:
            self._hash.update(piece)
            yield piece

    @property
    def hash(self) -> str:
        """Give the SHA-256 of what has passed, in hexadecimal."""
        return self._hash.hexdigest()


def content_hash(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """Give the SHA-256 of the canonical content, in hexadecimal."""
    digest = Digest()
    for _ in digest.through(canonical(head, rows)):
        pass
    return digest.hash


def signed_text(content_hash: str) -> bytes:
    """Give the text that is signed: it names its format, so that a signature cannot be taken for another purpose."""
    return f"{FORMAT}:{content_hash}".encode()


def ratio_text(required: int, covered: int) -> str | None:
    """Give covered by required, truncated to 6 decimals, as text; None where nothing is required."""
    if not required:
        return None
    whole, rest = divmod(covered * MILLION // required, MILLION)
    return f"{whole}.{rest:06d}"


def instant_text(instant: datetime) -> str:
    """Give an instant in UTC, always to the microsecond."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Name the fields in which two objects differ, with both values."""
    for name in dict.fromkeys([*left, *right]):
        if left.get(name) != right.get(name):
            yield name, left.get(name), right.get(name)


FIELDS: Final = tuple(field.name for field in fields(SettledRow) if field.name != "tally")
"""What is stored of a row under the name that it has as a value."""


def columns(row: SettledRow) -> dict[str, Any]:
    """Give a row's fields flat, as they are stored."""
    return {name: getattr(row, name) for name in FIELDS} | row.tally._asdict()


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
