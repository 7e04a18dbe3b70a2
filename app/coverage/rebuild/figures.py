"""How many of an enterprise's assignments are required and covered from each day on, kept as entries are posted.

Pure.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from app.coverage.rebuild.history import Day, Interval
from app.coverage.rebuild.lines import tally
from app.coverage.status import by_figures


class _Statuses(dict[int, str]):
    """The status that a tally makes, each worked out once."""

    def __missing__(self, sums: int) -> str:
        required, covered, _ = tally(sums)
        found = self[sums] = by_figures(required, covered)
        return found


STATUSES = _Statuses()


class Figures:
    """The figures of one enterprise in one plan as known at one instant after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._days: list[Day] = []
        self._sums: list[int] = [0]
        """Tallies: what stands before the first day, and from each day on."""
        self._statuses: list[str] = [STATUSES[0]]
        self._turns: list[Day] = []
        """The days on which the status that they make becomes another."""
        self._turned: list[str] = self._statuses[:]

    def add(self, changes: Mapping[Day, int]) -> bool:
        """Post changes of the tally by day; say whether the status they make is another on some day."""
        days, sums, statuses = self._days, self._sums, self._statuses
        for day in changes:
            self._open(day)
        more = 0
        changed = False
        for at in range(bisect_left(days, min(changes)), len(days)):
            change = changes.get(days[at])
            if change:
                more += change
            if more:
                sums[at + 1] = total = sums[at + 1] + more
                status = STATUSES[total]
                if status != statuses[at + 1]:
                    statuses[at + 1] = status
                    changed = True
        if changed:
            self._turn()
        return changed

    def statuses(self, within: Interval) -> list[tuple[Day, Day, str]]:
        """Give from when until when they make which status."""
        day, until = within
        turns, turned = self._turns, self._turned
        at = bisect_right(turns, day)
        found = []
        while at < len(turns) and turns[at] < until:
            found.append((day, turns[at], turned[at]))
            day, at = turns[at], at + 1
        found.append((day, until, turned[at]))
        return found

    def _open(self, day: Day) -> None:
        at = bisect_left(self._days, day)
        if at == len(self._days) or self._days[at] != day:
            self._days.insert(at, day)
            self._sums.insert(at + 1, self._sums[at])
            self._statuses.insert(at + 1, self._statuses[at])

    def _turn(self) -> None:
        self._turns, self._turned = [], self._statuses[:1]
        last = self._turned[0]
        for day, status in zip(self._days, self._statuses[1:], strict=True):
            if status != last:
                self._turns.append(day)
                self._turned.append(status)
                last = status
