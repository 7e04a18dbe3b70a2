"""What a report of reading time is worth: never more than a person could have done. Pure.

DESIGN 4: the union of the played spans, never more than the wall-clock since the last receipt (rate 1.0), never past
the first unseen gap (pages forbid skipping), never more in a day than the cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.learning.intervals import Span, clip, first_gap

CARRY = timedelta(seconds=20)
"""Wall-clock that a receipt may leave for the next one: lines are slow one moment and quick the next."""
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class State:
    """What the server knows before a receipt: times in milliseconds; wall-clock before `credited_until` is spent."""

    seen: tuple[Span, ...]
    needed_ms: int
    credited_until: datetime
    earned_today_ms: int
    daily_cap_ms: int


@dataclass(frozen=True)
class Decision:
    """What the server makes of a receipt; `allowed_ms` bounded it, `capped` says that the day's cap did."""

    seen: tuple[Span, ...]
    allowed_ms: int
    credited_ms: int
    credited_until: datetime
    complete: bool
    capped: bool


def decide(played: Sequence[Span], state: State, now: datetime) -> Decision:
    """Credit the played spans as far as they continue what was seen and fit the wall-clock and the day.

    A long silence loses nothing that could honestly have been read in it: the bound is the wall-clock itself.
    """
    wall_ms = max(0, (now - state.credited_until) // MILLISECOND)
    left_today_ms = max(0, state.daily_cap_ms - state.earned_today_ms)
    allowed = min(wall_ms, left_today_ms)
    begun = first_gap(clip(state.seen, state.needed_ms))
    claimed = first_gap(clip((*state.seen, *played), state.needed_ms)) - begun
    credited = min(claimed, allowed)
    reached = begun + credited
    return Decision(
        seen=((0, reached),) if reached else (),
        allowed_ms=allowed,
        credited_ms=credited,
        credited_until=max(state.credited_until + credited * MILLISECOND, now - CARRY),
        complete=reached >= state.needed_ms,
        capped=credited < claimed and left_today_ms <= wall_ms,
    )
