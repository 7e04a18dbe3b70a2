"""What a report of learning time is worth: never more than a person could have done. Pure.

DESIGN 4: the union of the played spans, never more than the wall-clock since the last receipt x the permitted rate,
never past the first unseen gap where a module forbids skipping, never past a presence check that is not answered,
never more in a day than the cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.learning.intervals import Span, beginning, clip, first_gap, length, union, without

CARRY = timedelta(seconds=20)
"""Wall-clock that a receipt may leave for the next one: lines are slow one moment and quick the next."""
SILENCE = timedelta(minutes=15)
"""The longest silence that can have been learning: no module needs more at one go, and what lasts longer cannot be told
from absence. A line that is lost for ten minutes loses nothing."""
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class State:
    """What the server knows before a receipt: times in milliseconds; wall-clock before `credited_until` is spent.

    `hold_ms`: a presence check stands at so much credit of this module and is not answered (None: none is ahead).
    `skip`: the module may be gone through in any order. `rate`: module time that may pass in a unit of wall-clock.
    """

    seen: tuple[Span, ...]
    needed_ms: int
    credited_until: datetime
    earned_today_ms: int
    daily_cap_ms: int
    hold_ms: int | None = None
    skip: bool = False
    rate: float = 1.0


@dataclass(frozen=True)
class Decision:
    """What the server makes of a receipt; `allowed_ms` bounded it, `capped` says that the day's cap did.

    `held`: credit has reached a presence check and goes on once it is answered.
    """

    seen: tuple[Span, ...]
    allowed_ms: int
    credited_ms: int
    credited_until: datetime
    complete: bool
    capped: bool
    held: bool = False


def decide(played: Sequence[Span], state: State, now: datetime) -> Decision:
    """Credit the played spans as far as they continue what was seen and fit the wall-clock, the check and the day.

    A silence loses nothing that could honestly have been read in it: the bound is the wall-clock itself, to SILENCE.
    """
    wall_ms = int(max(0, min(now - state.credited_until, SILENCE) // MILLISECOND) * state.rate)
    left_today_ms = max(0, state.daily_cap_ms - state.earned_today_ms)
    seen, fresh = _fresh(played, state)
    begun, claimed = length(seen), length(fresh)
    room_ms = max(0, state.hold_ms - begun) if state.hold_ms is not None else state.needed_ms
    allowed = min(wall_ms, left_today_ms, room_ms)
    credited = min(claimed, allowed)
    reached = begun + credited
    held = state.hold_ms is not None and reached >= state.hold_ms
    return Decision(
        seen=union((*seen, *beginning(fresh, credited))),
        allowed_ms=allowed,
        credited_ms=credited,
        credited_until=_spent_until(state, credited, claimed if held else 0, now),
        complete=reached >= state.needed_ms,
        capped=credited < claimed and left_today_ms <= min(wall_ms, room_ms),
        held=held,
    )


def _fresh(played: Sequence[Span], state: State) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Give what counts as seen so far, and what the report adds to it."""
    seen, claimed = clip(state.seen, state.needed_ms), clip(played, state.needed_ms)
    if state.skip:
        return seen, without(claimed, seen)
    begun = first_gap(seen)
    reached = first_gap((*seen, *claimed))
    return (((0, begun),) if begun else ()), (((begun, reached),) if reached > begun else ())


def _spent_until(state: State, credited: int, waiting: int, now: datetime) -> datetime:
    """Say up to when wall-clock is spent. What waits for a presence check keeps its wall-clock, and no more."""
    spent = state.credited_until + timedelta(milliseconds=-int(-credited // state.rate))
    kept = max(CARRY, min(SILENCE, timedelta(milliseconds=-int(-(waiting - credited) // state.rate))))
    return max(spent, now - kept)
