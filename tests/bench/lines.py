"""A measured figure beside its bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured; `bar` is the most (or, with `least`, the least) that it may be, None: no bar."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    least: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        """Say whether the bar is missed."""
        return self.bar is not None and (self.value < self.bar if self.least else self.value > self.bar)

    def __str__(self) -> str:
        """Give the line of the report."""
        bar = "" if self.bar is None else f"{'>=' if self.least else '<='} {self.bar:g} {self.unit}"
        mark = "MISSED" if self.missed else ""
        return f"{self.what:<46}{self.value:>10,.1f} {self.unit:<9}{bar:<18}{mark:<8}{self.note}".rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(what: str, seconds: Sequence[float], bar: float | None = None, cpu: float = 0.0) -> Line:
    """Give the p95 in milliseconds, with the median and the maximum as a note, and the processor's time if known.

    `cpu` is the seconds that all of them took of a processor: what a machine with other work on it says truly.
    """
    middle, most = percentile(seconds, 0.5) * 1000, max(seconds) * 1000
    note = f"p50 {middle:.1f}, max {most:.1f}, n {len(seconds)}"
    note += f", processor {cpu * 1000 / len(seconds):.1f} each" if cpu else ""
    return Line(what + ", p95", percentile(seconds, 0.95) * 1000, "ms", bar, note=note)
