"""How entries are counted while they come about: a line as one number, a tally as one number; and taken apart again.

Pure. Most lines come to nothing, and to name them all would take longer than to count.
"""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from app.coverage.rebuild.history import NEVER, Day
from app.coverage.status import STALE, STATUSES

Item = TypeVar("Item")
Lines = dict[int, int]
"""By how much something changes, by line."""
DAY_BITS = 22
DAY_MASK = (1 << DAY_BITS) - 1
"""Of a line: the number of what it is about, then its day."""
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1
"""Of what a line of an enterprise is about: the number of its place, then its kind."""
ROSTER, INSURED = "roster", "insured"
KINDS = (*STATUSES, STALE, ROSTER, INSURED)
KIND = {kind: number for number, kind in enumerate(KINDS)}
FIELD = 30
REQUIRED, COVERED, WAIVED = 1, 1 << FIELD, 1 << 2 * FIELD
"""A tally: three counts that may be negative, none of which ever reaches half of 2**30."""


class Numbered(Generic[Item]):
    """Things numbered in the order in which they came."""

    def __init__(self) -> None:
        """Begin with none."""
        self.all: list[Item] = []
        self._numbers: dict[Item, int] = {}

    def number(self, item: Item) -> int:
        """Give the number of one, a new one if need be."""
        number = self._numbers.setdefault(item, len(self.all))
        if number == len(self.all):
            self.all.append(item)
        return number


def tally(sums: int) -> tuple[int, int, int]:
    """Take a tally apart: required, covered, waived."""
    waived = (sums + (WAIVED >> 1)) >> 2 * FIELD
    sums -= waived << 2 * FIELD
    covered = (sums + (COVERED >> 1)) >> FIELD
    return sums - (covered << FIELD), covered, waived


def packed(required: Iterable[int], covered: Iterable[int], waived: Iterable[int]) -> list[int]:
    """Put tallies together, given each count of all of them."""
    counts = zip(required, covered, waived, strict=True)
    return [some + some_covered * COVERED + some_waived * WAIVED for some, some_covered, some_waived in counts]


def add_span(lines: Lines, what: int, from_on: Day, until_on: Day, more: int) -> None:
    """Add something from a day on, and take it from another, if that ever comes."""
    line = what << DAY_BITS | from_on
    lines[line] = lines.get(line, 0) + more
    if until_on != NEVER:
        line = what << DAY_BITS | until_on
        lines[line] = lines.get(line, 0) - more


def by_day(lines: Lines) -> Iterator[tuple[int, Day, int]]:
    """Give lines that do not come to nothing: what, day, how much."""
    for line, more in lines.items():
        if more:
            yield line >> DAY_BITS, line & DAY_MASK, more
