"""How many of an enterprise's assignments are required and covered from each day on, kept as entries are posted.

Pure.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from app.coverage.rebuild.history import Day, Interval
from app.coverage.status import by_figures


class Figures:
    """The figures of one enterprise in one plan as known at one instant after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._days: list[Day] = []
        self._required: list[int] = [0]
        """What stands before the first day, and from each day on."""
        self._covered: list[int] = [0]
        self._statuses: list[str] = [by_figures(0, 0)]
        self._turns: list[Day] = []
        """The days on which the status that they make becomes another."""
        self._turned: list[str] = self._statuses[:]

    def add(self, changes: Mapping[Day, tuple[int, int]]) -> bool:
        """Post changes of required and covered by day; say whether the status they make is another on some day."""
        days, required, covered, statuses = self._days, self._required, self._covered, self._statuses
        for day in changes:
            self._open(day)
        more = extra = 0
        changed = False
        for at in range(bisect_left(days, min(changes)), len(days)):
            change = changes.get(days[at])
            if change is not None:
                more, extra = more + change[0], extra + change[1]
            if more or extra:
                required[at + 1] += more
                covered[at + 1] += extra
                status = by_figures(required[at + 1], covered[at + 1])
                if status != statuses[at + 1]:
                    statuses[at + 1] = status
                    changed = True
        if changed:
            self._turn()
        return changed

    def statuses(self, within: Interval) -> Iterator[tuple[Day, Day, str]]:
        """Give from when until when they make which status."""
        day, until = within
        at = bisect_right(self._turns, day)
        for turn in self._turns[at:]:
            if turn >= until:
                break
            yield day, turn, self._turned[at]
            day, at = turn, at + 1
        yield day, until, self._turned[at]

    def _open(self, day: Day) -> None:
        at = bisect_left(self._days, day)
        if at == len(self._days) or self._days[at] != day:
            self._days.insert(at, day)
            for kept in (self._required, self._covered):
                kept.insert(at + 1, kept[at])
            self._statuses.insert(at + 1, self._statuses[at])

    def _turn(self) -> None:
        self._turns, self._turned = [], self._statuses[:1]
        last = self._turned[0]
        for day, status in zip(self._days, self._statuses[1:], strict=True):
            if status != last:
                self._turns.append(day)
                self._turned.append(status)
                last = status
