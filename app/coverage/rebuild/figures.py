"""How many of an enterprise's assignments are required and covered from each day on, kept as entries are posted.

Pure.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date

from app.coverage.ledger import Tally
from app.coverage.status import by_figures


class Figures:
    """The figures of one enterprise in one plan as known at one instant after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.days: list[date] = []
        self.required: list[int] = [0]
        """What stands before the first day, and from each day on."""
        self.covered: list[int] = [0]

    def add(self, changes: Mapping[date, Tally]) -> date | None:
        """Post changes by day; give the first day on which the status they make is another, None where it stays."""
        days = sorted(changes)
        for day in days:
            self._open(day)
        first = bisect_left(self.days, days[0])
        before = list(map(by_figures, self.required[first + 1 :], self.covered[first + 1 :]))
        for day in days:
            at, tally = bisect_left(self.days, day) + 1, changes[day]
            if tally.required:
                self.required[at:] = [count + tally.required for count in self.required[at:]]
            if tally.covered:
                self.covered[at:] = [count + tally.covered for count in self.covered[at:]]
        after = list(map(by_figures, self.required[first + 1 :], self.covered[first + 1 :]))
        if before == after:
            return None
        return next(self.days[first + i] for i, status in enumerate(after) if status != before[i])

    def _open(self, day: date) -> None:
        at = bisect_left(self.days, day)
        if at == len(self.days) or self.days[at] != day:
            self.days.insert(at, day)
            self.required.insert(at + 1, self.required[at])
            self.covered.insert(at + 1, self.covered[at])
