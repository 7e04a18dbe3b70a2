"""What entries come to by place and day, summed as they come about: what the sums of nodes (nodes.py) are made of."""

from dataclasses import dataclass, field
from datetime import date

from app.coverage.ledger import FAR, LONG
from app.coverage.rebuild.history import Day
from app.coverage.rebuild.lines import DAY_BITS, Lines, packed
from app.coverage.rebuild.rows import Columns, recording_day

Place = tuple[int, str, str, int, str]
"""Plan, region, industry, key enterprise (1) or not, post or kind."""


class Firsts(dict[Day, Day]):
    """The first day of the month of each day, or with month=1 of the year, worked out once."""

    def __init__(self, **first: int) -> None:
        """Say which parts of a day become what."""
        super().__init__()
        self._first = first

    def __missing__(self, day: Day) -> Day:
        found = self[day] = date.fromordinal(day).replace(**self._first).toordinal()
        return found


MONTHS, YEARS = Firsts(day=1), Firsts(day=1, month=1)


@dataclass(frozen=True)
class Sums:
    """What entries of one kind come to, by place; three counts as one number (lines.py)."""

    days: dict[Place, Lines] = field(default_factory=dict)
    """By the day from which they count."""
    ahead: dict[Place, Lines] = field(default_factory=dict)
    """Of those that came far ahead or long after: by the month they were recorded in, then the day ahead.py gives."""

    def add(self, entries: Columns) -> None:
        """Add rows of entry, or of enterprise_entry."""
        if not entries:
            return
        _, instants, plans, regions, industries, keys, _, whats, days, *counts, lates = entries
        amounts = counts[0] if len(counts) == 1 else packed(*counts)
        places = zip(plans, regions, industries, keys, whats, strict=True)
        for place, day, amount, late, at in zip(places, days, amounts, lates, instants, strict=True):
            lines = self.days.get(place)
            if lines is None:
                lines = self.days[place] = {}
            lines[day] = lines.get(day, 0) + amount
            if late <= FAR or late >= LONG:
                line = MONTHS[recording_day(at)] << DAY_BITS | (day if late <= FAR else MONTHS[day])
                lines = self.ahead.setdefault(place, {})
                lines[line] = lines.get(line, 0) + amount

    def merge(self, place: Place, more: Lines, *, ahead: bool) -> None:
        """Add what was summed of a place elsewhere; it may be kept as it is."""
        lines = (self.ahead if ahead else self.days).setdefault(place, more)
        if lines is not more:
            for line, amount in more.items():
                lines[line] = lines.get(line, 0) + amount
