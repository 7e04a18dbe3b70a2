"""The dated amounts of one enterprise in one plan - roster and insured - as known at one instant after another.

Pure. They are counted only while the plan takes the enterprise in.
"""

from collections.abc import Iterable

from app.coverage.rebuild.history import Day
from app.coverage.rebuild.lines import INSURED, KIND, KIND_BITS, ROSTER, Lines, add_span

Taken = list[tuple[int, Day, Day]]
"""At which place (by number) a plan takes an enterprise in, from when until when."""
Steps = Iterable[tuple[Day, int]]
KINDS = (KIND[ROSTER], KIND[INSURED])


class Amounts:
    """What was counted so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counted: Lines = {}

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


def _count(lines: Lines, taken_in: Taken, kind: int, steps: Steps) -> None:
    for day, more in steps:
        for place, from_on, until_on in taken_in:
            if day < until_on:
                add_span(lines, place << KIND_BITS | kind, max(day, from_on), until_on, more)
