"""The ids of postings by the instants at which they were recorded: read once, and handed to every process."""

from array import array
from bisect import bisect_left
from itertools import chain

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.orm import Session

from app.coverage.models import Posting
from app.coverage.rebuild.history import Instant
from app.coverage.rebuild.reading import raw
from app.kit.errors import Problem
from app.ops.db import EPOCH, MICROSECOND
from app.ops.i18n import N_

BLOCK = 100_000
"""Rows read at a time."""


class Postings:
    """All postings, in two arrays, for there are as many as facts: 16 bytes each."""

    def __init__(self, instants: "array[int]", ids: "array[int]") -> None:
        """Take instants in order, and the id of each."""
        self._instants, self._ids = instants, ids

    def at(self, instant: Instant) -> int:
        """Give the id of an instant's posting. Problem 409 when it has none."""
        place = bisect_left(self._instants, instant)
        if place == len(self._instants) or self._instants[place] != instant:
            lacking = EPOCH + instant * MICROSECOND
            message = N_("A fact was recorded at %(instant)s, but no posting was: the ledger cannot be rebuilt.")
            raise Problem(409, "rebuild_posting", message, {"instant": lacking.isoformat()})
        return self._ids[place]


class Ids(dict[Instant, int]):
    """Those of some enterprises, each looked for once."""

    def __init__(self, postings: Postings) -> None:
        """Begin with none."""
        super().__init__()
        self._postings = postings

    def __missing__(self, instant: Instant) -> int:
        found = self[instant] = self._postings.at(instant)
        return found


def read(session: Session) -> Postings:
    """Read all postings."""
    at = type_coerce(Posting.recorded_at, BigInteger)
    query = select(at, Posting.id).order_by(at).limit(BLOCK)
    found: array[int] = array("q")
    while rows := raw(session, query.where(at > found[-2]) if found else query):
        found.extend(chain.from_iterable(rows))
    return Postings(found[::2], found[1::2])
