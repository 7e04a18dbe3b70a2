"""Tells good items from bad ones by how they were answered. Pure.

Facility is the mean share that an item earned. Discrimination is the correlation of that share with the rest of the
score (point-biserial, corrected: the item itself is left out). An item that strong candidates miss as often as weak
ones asks something else than the course, or has a wrong key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

Flag = Literal["key", "discrimination", "hard", "easy", "distractor"]
ENOUGH = 20
"""Answers from which on a flag is raised."""
MANY = 50
"""Answers from which on an option that hardly anybody takes is told."""
HARD, EASY = 0.3, 0.95
WEAK = 0.1
HARDLY = 0.02


@dataclass(frozen=True)
class Answered:
    """One answer to an item: the share it earned, the share that the rest of that paper earned, the options taken.

    `picked` are indices of the item's options, empty for what has none.
    """

    earned: float
    rest: float
    picked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figures:
    """An item's figures; `facility` and `discrimination` None where they cannot be told; picks by option."""

    count: int
    facility: float | None
    discrimination: float | None
    picks: tuple[int, ...]
    flags: tuple[Flag, ...]


def figures(answers: Sequence[Answered], options: int, right: Sequence[int]) -> Figures:
    """Work an item's figures out; `options` counts its options, `right` are the right ones."""
    count = len(answers)
    if not count:
        return Figures(0, None, None, (0,) * options, ())
    facility = sum(one.earned for one in answers) / count
    discrimination = correlation([one.earned for one in answers], [one.rest for one in answers])
    taken: dict[int, int] = {}
    for one in answers:
        for option in one.picked:
            taken[option] = taken.get(option, 0) + 1
    picks = tuple(taken.get(option, 0) for option in range(options))
    return Figures(count, facility, discrimination, picks, _flags(count, facility, discrimination, taken, picks, right))


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Give Pearson's coefficient; None when either side never varies."""
    count = len(left)
    if not count:
        return None
    mean_left, mean_right = sum(left) / count, sum(right) / count
    spread_left = sum((value - mean_left) ** 2 for value in left)
    spread_right = sum((value - mean_right) ** 2 for value in right)
    if spread_left * spread_right <= 0:
        return None
    both = sum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True))
    return max(-1.0, min(1.0, both / sqrt(spread_left * spread_right)))


def _flags(
    count: int,
    facility: float,
    discrimination: float | None,
    taken: Mapping[int, int],
    picks: Sequence[int],
    right: Sequence[int],
) -> tuple[Flag, ...]:
    if count < ENOUGH:
        return ()
    wrong = [option for option in range(len(picks)) if option not in right]
    beaten = len(right) == 1 and any(picks[option] > picks[right[0]] for option in wrong)
    raised: list[Flag] = []
    if (discrimination is not None and discrimination < -WEAK) or (taken and beaten):
        raised.append("key")
    elif discrimination is not None and discrimination < WEAK:
        raised.append("discrimination")
    if facility < HARD:
        raised.append("hard")
    if facility > EASY:
        raised.append("easy")
    if taken and count >= MANY and any(picks[option] < HARDLY * count for option in wrong):
        raised.append("distractor")
    return tuple(raised)
