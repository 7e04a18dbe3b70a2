"""How many assignments each enterprise of the made province has: giants, many with five, one in ten with none."""

from random import Random

PER_ENTERPRISE = 20
GIANTS = (10_000, 7_200, 5_100, 3_900, 3_000, 2_400, 2_000, 1_700, 1_500, 1_200)
"""For 50,000 enterprises; others in proportion, the ten thousand last to shrink."""
UNDECLARED = 0.09
"""Enterprises that never handed in a roster, so that nobody there is known."""
BANDS = ((0.56, 3, 7), (0.29, 8, 24), (0.135, 25, 110), (0.015, 111, 600))
"""Share, least and most of the others."""


def sizes(rng: Random, assignments: int) -> list[int]:
    """Give each enterprise's number of assignments; they add up to `assignments` exactly."""
    count = max(1, assignments // PER_ENTERPRISE)
    found = [_size(rng) for _ in range(count)]
    for size in _giants(assignments, count):
        found[rng.randrange(count)] = size
    _fit(rng, found, assignments)
    return found


def _giants(assignments: int, count: int) -> list[int]:
    """Give the greatest: at every size of the province they have about a twenty-fifth of all."""
    times = max(1, round(count / 50_000))
    scale = min(1.0, assignments / 1_000_000)
    return [max(20, round(size * scale)) for size in GIANTS] * times


def _size(rng: Random) -> int:
    if rng.random() < UNDECLARED:
        return 0
    _, least, most = rng.choices(BANDS, [share for share, _, _ in BANDS])[0]
    return least + int((most - least + 1) * rng.random() ** 1.7)


def _fit(rng: Random, found: list[int], assignments: int) -> None:
    """Add or take one at a time, from those of middling size, until the sum is right."""
    missing = assignments - sum(found)
    step = 1 if missing > 0 else -1
    while missing:
        at = rng.randrange(len(found))
        if 6 < found[at] < 600:
            found[at] += step
            missing -= step
