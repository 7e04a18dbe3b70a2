"""How far a streaming replica has come, and whether it may answer a report: decided from what it says of itself. Pure.

A position is a place in the primary's write-ahead log, in bytes; whatever was committed before it has been replayed
once the replica's own position is not smaller. Instants of one machine stand beside those of another: keep clocks
synchronised (NTP); a second's difference is harmless, since nothing younger than `SETTLING` depends on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SETTLING = timedelta(minutes=10)
"""How long after an instant something may still be committed that is recorded as known by then."""


@dataclass(frozen=True)
class Heard:
    """By an instant (the replica's clock) the primary had written its log up to a position."""

    at: datetime
    written: int


@dataclass(frozen=True)
class Replay:
    """What a replica says of itself.

    now: its clock. standby: it still replays. replayed: its position; replayed_at: when the last transaction that it
    replayed was committed. heard: the newest word of the primary, None while it hears nothing.
    """

    now: datetime
    standby: bool
    replayed: int
    replayed_at: datetime | None
    heard: Heard | None


@dataclass(frozen=True)
class Needs:
    """What a report must not miss: all that was known at an instant (None: no such instant), a write at a position."""

    known_at: datetime | None = None
    written: int = 0


class Refusal(StrEnum):
    """Why a report is not read on a replica."""

    UNREACHABLE = "unreachable"
    NO_REPLICA = "no_replica"
    LATE = "late"
    OWN_WRITE = "own_write"
    UNSETTLED = "unsettled"


def whole_until(replay: Replay, earlier: Iterable[Heard]) -> datetime | None:
    """Give the newest instant up to which everything is certainly replayed; None when nothing is certain.

    The last commit replayed vouches for what came before it. So does a word of the primary, today's or an earlier one,
    whose position has been reached: then an idle primary, or one that writes a single long transaction, makes no delay.
    """
    words = (*earlier, replay.heard) if replay.heard else tuple(earlier)
    reached = [word.at for word in words if word.written <= replay.replayed]
    if replay.replayed_at is not None:
        reached.append(min(replay.replayed_at, replay.now))
    return max(reached, default=None)


def refusal(replay: Replay, until: datetime | None, needs: Needs, most: timedelta) -> Refusal | None:
    """Say why a report may not be read on this replica, which is whole until an instant; None: it may.

    most: the delay that is tolerated. A recent `known_at` belongs to the primary: all that was known must be there.
    """
    if not replay.standby:
        return Refusal.NO_REPLICA
    if until is None or replay.now - until > most:
        return Refusal.LATE
    if replay.replayed < needs.written:
        return Refusal.OWN_WRITE
    if needs.known_at is not None and is_settling(needs.known_at, until):
        return Refusal.UNSETTLED
    return None


def is_settling(known_at: datetime, now: datetime) -> bool:
    """Say whether what was known at an instant may still be on its way."""
    return known_at > now - SETTLING
