"""The dated amounts of one enterprise in one plan - roster, insured, stale - as known at one instant after another.

Pure. They are counted only while the plan takes the enterprise in.
"""

from collections.abc import Iterable

from app.coverage.rebuild.history import NEVER, Day
from app.coverage.rebuild.lines import INSURED, KIND, KIND_BITS, ROSTER, Lines, add_span
from app.coverage.status import STALE

Taken = list[tuple[int, Day, Day]]
"""At which place (by number) a plan takes an enterprise in, from when until when."""
Steps = Iterable[tuple[Day, int]]
KINDS = (KIND[ROSTER], KIND[INSURED])
STALE_KIND = KIND[STALE]


class Amounts:
    """What was counted so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counted: Lines = {}
        self._stale: tuple[Taken, Day] = [], NEVER

    def anew(self, taken_in: Taken, roster: Steps, insured: Steps) -> Lines:
        """Count everything anew, and give what was lacking."""
        counted: Lines = {}
        for kind, steps in zip(KINDS, (roster, insured), strict=True):
            _count(counted, taken_in, kind, steps)
        lacking = {line: -count for line, count in self._counted.items()}
        for line, count in counted.items():
            lacking[line] = lacking.get(line, 0) + count
        self._counted = counted
        return lacking

    def more(self, taken_in: Taken, steps: Steps) -> Lines:
        """Count more on the roster."""
        lines: Lines = {}
        _count(lines, taken_in, KINDS[0], steps)
        for line, count in lines.items():
            self._counted[line] = self._counted.get(line, 0) + count
        return lines

    def stale(self, taken_in: Taken, stale_from: Day) -> Lines:
        """Let it be stale from a day on wherever it is taken in; give what was lacking."""
        lines: Lines = {}
        if self._stale != (taken_in, stale_from):
            for (places, day), sign in ((self._stale, -1), ((taken_in, stale_from), 1)):
                for place, from_on, until_on in places:
                    if day < until_on:
                        add_span(lines, place << KIND_BITS | STALE_KIND, max(day, from_on), until_on, sign)
            self._stale = taken_in, stale_from
        return lines


def _count(lines: Lines, taken_in: Taken, kind: int, steps: Steps) -> None:
    for day, more in steps:
        for place, from_on, until_on in taken_in:
            if day < until_on:
                add_span(lines, place << KIND_BITS | kind, max(day, from_on), until_on, more)
