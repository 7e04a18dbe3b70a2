"""Recorded time of a made province: every posting has an instant of its own, in office hours of its day."""

from dataclasses import dataclass, field
from random import Random

MICROS = 1_000_000
DAY_MICROS = 86_400 * MICROS
EPOCH_ORDINAL = 719_163
"""date(1970, 1, 1).toordinal(): days are ordinals, instants microseconds since then, as the tables keep them."""
OPENS, OPEN_SECONDS = 3600, 32_400
"""09:00 to 18:00 in Shanghai, as seconds of the day in UTC."""
LANES = 16
"""A second is shared by so many millions of postings without two at one microsecond."""


@dataclass
class Ticks:
    """Gives instants; `postings` collects (recorded_at, kind) until they are written."""

    count: int = 0
    postings: list[tuple[int, str]] = field(default_factory=list)

    def at(self, rng: Random, day: int, kind: str) -> int:
        """Open a posting of a kind at an instant of a day that no other posting has."""
        lane, micro = divmod(self.count, MICROS)
        assert lane < LANES, "more postings than instants"
        self.count += 1
        second = OPENS + int(rng.random() * (OPEN_SECONDS // LANES)) * LANES + lane
        instant = (day - EPOCH_ORDINAL) * DAY_MICROS + second * MICROS + micro
        self.postings.append((instant, kind))
        return instant

    def taken(self) -> list[tuple[int, str]]:
        """Give the postings since last asked."""
        found, self.postings = self.postings, []
        return found
