"""The ledger: spans of standing turned into dated entries, the difference a change posts, and sums of entries.

Pure. An entry says that from its day on so many more are required, covered, waived (or so much more of an enterprise's
figure); so what stands on a day is the sum of the entries up to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from app.coverage.rules import Place, Span
from app.coverage.status import StatusSpan
from app.kit.dates import NEVER

MILLION = 10**6
OWN = "本级"
"""The row of a region's own enterprises, which lie in none of its children."""


class Line(NamedTuple):
    """Where and from when an entry counts."""

    plan: int
    region: str
    industry: str
    key_enterprise: bool
    enterprise: int
    post: str
    effective_on: date


class EnterpriseLine(NamedTuple):
    """The same for an enterprise's figure: kind is a status, stale, insured or roster."""

    plan: int
    region: str
    industry: str
    key_enterprise: bool
    enterprise: int
    kind: str
    effective_on: date


class Tally(NamedTuple):
    """How many assignments are required, covered, and of these waived."""

    required: int = 0
    covered: int = 0
    waived: int = 0

    def plus(self, other: "Tally", sign: int = 1) -> "Tally":
        """Give the sum (or with sign -1 the difference)."""
        return Tally(
            self.required + sign * other.required,
            self.covered + sign * other.covered,
            self.waived + sign * other.waived,
        )


LATEST = 15
"""The highest late class: no plan began 89 years (2**15 days) before its entries were recorded."""
EARLIEST = -22
"""The class of what took effect 11,000 years after it was recorded: there is none beyond."""
FAR = -8
"""The class from which on down an entry came far ahead of the day it takes effect: 128 days (2**7) and more."""
LONG = 7
"""The class from which on an entry came long after the day it took effect: 64 days (2**6) and more."""
NOTHING = Tally()
Key = TypeVar("Key")


def total(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    whole = NOTHING
    for tally in tallies:
        whole = whole.plus(tally)
    return whole


def difference(old: Iterable[Span], new: Iterable[Span]) -> dict[Line, Tally]:
    """Give the entries that lead from the old spans to the new ones; lines that come to nothing are left out."""
    found: dict[Plain, tuple[int, int, int]] = {}
    for sign, spans in ((-1, old), (1, new)):
        for span in spans:
            what = span.plan, span.region, span.industry, span.key_enterprise, span.enterprise, span.post
            _add(found, (*what, span.from_on), sign, span)
            if span.until_on != NEVER:
                _add(found, (*what, span.until_on), -sign, span)
    return {Line(*line): Tally(*sums) for line, sums in found.items() if sums != NOTHING}


What = tuple[int, str, str, bool, int, str]
"""A line but for its day."""
Plain = tuple[int, str, str, bool, int, str, date]
"""A line unnamed: most of those summed come to nothing, and naming them would take longer than to sum."""


def _add(found: dict[Plain, tuple[int, int, int]], line: Plain, sign: int, span: Span) -> None:
    required, covered, waived = found.get(line, NOTHING)
    found[line] = (required + sign, covered + sign * span.covered, waived + sign * span.waived)


def status_difference(old: Iterable[StatusSpan], new: Iterable[StatusSpan]) -> dict[EnterpriseLine, int]:
    """Give the enterprise entries that lead from the old spans of status to the new ones."""
    found: dict[Plain, int] = {}
    for sign, spans in ((-1, old), (1, new)):
        for span in spans:
            place = span.plan, span.region, span.industry, span.key_enterprise, span.enterprise
            _add_span(found, (*place, span.status), span.from_on, span.until_on, sign)
    return {EnterpriseLine(*line): delta for line, delta in found.items() if delta}


def amounts(
    plan: int, enterprise: int, taken_in: Iterable[Place], kind: str, changes: Sequence[tuple[date, int]]
) -> dict[EnterpriseLine, int]:
    """Give the entries of a dated amount (insured, roster, stale) of an enterprise while the plan takes it in."""
    found: dict[Plain, int] = {}
    for place in taken_in:
        what = plan, place.region, place.industry, place.key_enterprise, enterprise, kind
        for day, delta in changes:
            if day < place.until_on:
                _add_span(found, what, max(day, place.from_on), place.until_on, delta)
    return {EnterpriseLine(*line): delta for line, delta in found.items() if delta}


def _add_span(found: dict[Plain, int], what: What, from_on: date, until_on: date, delta: int) -> None:
    line = (*what, from_on)
    found[line] = found.get(line, 0) + delta
    if until_on != NEVER:
        end = (*what, until_on)
        found[end] = found.get(end, 0) - delta


def late_class(effective_on: date, recorded_on: date) -> int:
    """Give the bit length of the days an entry came late; of one that came early, that of the days it did, negative.

    So an entry of class c, recorded on a day, took effect less than 2**c days before it; of class -c, after it.
    """
    return lateness((recorded_on - effective_on).days)


def lateness(days: int) -> int:
    """Give the class of an entry that came so many days late, or, negative, early."""
    return days.bit_length() if days >= 0 else -(-days).bit_length()


def balances(changes: Iterable[tuple[date, Tally]], days: Sequence[date]) -> tuple[Tally, ...]:
    """Give what stands at the end of each of the days (in order), from changes in any order."""
    ordered = sorted(changes, key=lambda change: change[0])
    found, sum_, position = [], NOTHING, 0
    for day in days:
        while position < len(ordered) and ordered[position][0] <= day:
            sum_ = sum_.plus(ordered[position][1])
            position += 1
        found.append(sum_)
    return tuple(found)


def ratio(required: int, covered: int) -> float | None:
    """Give covered / required, truncated (never rounded) to 6 decimals; None where nothing is required."""
    return covered * MILLION // required / MILLION if required else None


def is_full(tally: Tally, statuses: Mapping[str, int]) -> bool:
    """Say whether a region is full: all covered, some required, every enterprise taken in full or not applicable."""
    open_ones = sum(count for status, count in statuses.items() if status not in {"full", "not_applicable"})
    return tally.covered == tally.required > 0 and open_ones == 0


def roll_up(parents: Mapping[str, str | None], amounts_by_region: Mapping[str, Key], top: str) -> dict[str, list[Key]]:
    """Sort the regions' amounts under the children of `top`; under `top` itself stand its own (本级).

    Every child has a row, also an empty one; amounts of regions that are not below `top` are left out.
    """
    rows: dict[str, list[Key]] = {child: [] for child, parent in sorted(parents.items()) if parent == top}
    rows[top] = []
    for region, amount in amounts_by_region.items():
        at: str | None = region
        while at is not None and at not in rows:
            at = parents.get(at)
        if at is not None:
            rows[at].append(amount)
    return rows
