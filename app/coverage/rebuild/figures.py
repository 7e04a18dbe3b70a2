"""How many of an enterprise's assignments are required and covered from each day on, kept as entries are posted.

Pure.
"""

from bisect import bisect_left, insort
from collections.abc import Mapping
from datetime import date

from app.coverage.ledger import Tally
from app.coverage.status import Change, by_figures
from app.kit.dates import add_days


class Figures:
    """The figures of one enterprise in one plan as known at one instant after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.days: list[date] = []
        self.required: list[int] = []
        self.covered: list[int] = []

    def add(self, changes: Mapping[date, Tally]) -> date | None:
        """Post changes by day; give the first day on which the status they make is another, None where it stays."""
        days = sorted(changes)
        for day in days:
            self._open(day)
        first = bisect_left(self.days, days[0])
        before = list(map(by_figures, self.required[first:], self.covered[first:]))
        for day in days:
            at, tally = bisect_left(self.days, day), changes[day]
            if tally.required:
                self.required[at:] = [count + tally.required for count in self.required[at:]]
            if tally.covered:
                self.covered[at:] = [count + tally.covered for count in self.covered[at:]]
        after = map(by_figures, self.required[first:], self.covered[first:])
        differing = (day for day, old, new in zip(self.days[first:], before, after, strict=True) if old != new)
        return next(differing, None)

    def since(self, first: date) -> list[Change]:
        """Give the changes from a day on by day; those before it as one change on the day before."""
        at = bisect_left(self.days, first)
        required, covered, found = 0, 0, []
        if at:
            required, covered = self.required[at - 1], self.covered[at - 1]
            found.append(Change(add_days(first, -1), required, covered))
        for day, now_required, now_covered in zip(self.days[at:], self.required[at:], self.covered[at:], strict=True):
            found.append(Change(day, now_required - required, now_covered - covered))
            required, covered = now_required, now_covered
        return found

    def _open(self, day: date) -> None:
        at = bisect_left(self.days, day)
        if at == len(self.days) or self.days[at] != day:
            insort(self.days, day)
            self.required.insert(at, self.required[at - 1] if at else 0)
            self.covered.insert(at, self.covered[at - 1] if at else 0)
