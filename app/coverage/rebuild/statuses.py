"""The statuses of one enterprise in one plan as known at one instant after another.

Pure.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.coverage.rebuild.figures import Figures
from app.coverage.rebuild.history import Day, Instant
from app.coverage.rebuild.lines import KIND, KIND_BITS, Lines, Numbered, add_span

Place = tuple[str, str, int]
"""Region, industry, key enterprise (1) or not."""
Status = tuple[int, Day, Day, str]
"""At a place (by number) from a day until another a status; '' where figures tell."""


def declared(complete: Iterable[Status], declared_from: Day) -> list[Status]:
    """Give what declarations decide: undeclared before the first (NEVER: there is none); status.declared() says it."""
    found: list[Status] = []
    for place, begun, until, status in complete:
        day = begun
        if day < declared_from:
            _say(found, (place, day, min(until, declared_from), "undeclared"))
            day = declared_from
        if day < until:
            _say(found, (place, day, until, status))
    return found


class Told:
    """What was told of one enterprise in one plan."""

    def __init__(self, plan: int, enterprise: int, places: Numbered[Place]) -> None:
        """Begin with nothing."""
        self.stored: list[tuple[Any, ...]] = []
        self._who = (plan, enterprise)
        self._places = places
        self._said: Sequence[Status] = ()
        self._since: dict[Status, Instant] = {}

    def tell(self, at: Instant, framed: Iterable[Status], figures: Figures) -> Lines:
        """Let statuses be these from an instant on, those left open told by figures; give what that posts."""
        said: list[Status] = []
        for span in framed:
            if span[3]:
                _say(said, span)
            else:
                for day, until, status in figures.statuses(span[1:3]):
                    _say(said, (span[0], day, until, status))
        lines: Lines = {}
        if said != self._said:
            self._turn(at, said, lines)
        self._said = said
        return lines

    def end(self) -> None:
        """Store what is known still."""
        self.stored.extend([self._row(span, since, None) for span, since in self._since.items()])
        self._since = {}

    def _turn(self, at: Instant, said: Sequence[Status], lines: Lines) -> None:
        """Tell what differs: before and after it, in order of time, all is as it was."""
        known, was = self._since, self._said
        first, least = 0, min(len(was), len(said))
        while first < least and was[first] == said[first]:
            first += 1
        last = 0
        while last < least - first and was[-1 - last] == said[-1 - last]:
            last += 1
        new = said[first : len(said) - last]
        for span in was[first : len(was) - last]:
            if span not in new:
                self.stored.append(self._row(span, known.pop(span), at))
                _count(lines, span, -1)
        for span in new:
            if span not in known:
                known[span] = at
                _count(lines, span, 1)

    def _row(self, span: Status, since: Instant, until: Instant | None) -> tuple[Any, ...]:
        return (*self._who, *self._places.all[span[0]], *span[1:], since, until)


def _count(lines: Lines, span: Status, sign: int) -> None:
    place, from_on, until_on, status = span
    add_span(lines, place << KIND_BITS | KIND[status], from_on, until_on, sign)


def _say(found: list[Status], span: Status) -> None:
    """Append a span, or lengthen the last one, when it says the same up to that day."""
    if found:
        place, from_on, until_on, status = found[-1]
        if until_on == span[1] and place == span[0] and status == span[3]:
            found[-1] = (place, from_on, span[2], status)
            return
    found.append(span)
