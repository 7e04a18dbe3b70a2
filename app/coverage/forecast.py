"""The way to full coverage: the pace of the last weeks, what each week needs, when it would be done, what came after.

Pure: dated changes in, figures out. A change tells learning and lapsing of those in post apart from their coming, going
and moving, so that a gap closed by somebody who left is never taken for training.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.coverage.ledger import Tally
from app.kit.dates import NEVER, add_days

WEEK = 7
PACE_WEEKS = 8
PACE_DAYS = PACE_WEEKS * WEEK
"""The pace is that of so many days up to the day asked about."""
AHEAD_DAYS = 90
"""Lapses are told so many days ahead."""
FAR_DAYS = 7305
"""A date further away than twenty years is no forecast."""


class Change(NamedTuple):
    """What changed on a day.

    gained and lost: of those in post, how many became covered, and how many ceased to be, both counted upwards.
    required and covered: by how much these sums changed (+-) because people or enterprises came, left or moved.
    """

    on: date
    gained: int
    lost: int
    required: int
    covered: int

    @property
    def gap(self) -> int:
        """Give by how much the number of uncovered assignments grew (negative: shrank)."""
        return self.required - self.covered - self.gained + self.lost


@dataclass(frozen=True)
class Stretch:
    """The changes of some days, both days included; the counts are those of Change, added up."""

    from_on: date
    to_on: date
    gained: int
    lost: int
    required: int
    covered: int


@dataclass(frozen=True)
class Outlook:
    """How things stand on a day before the deadline, and what is known of the days after it.

    gap: uncovered now. lapsing: those who will cease to be covered by the deadline, as known. moving: by how much known
    starts, leaving and moves (and waivers to come) change the gap until then. per_week: people who must be covered each
    week so that nobody is missing at the deadline; None when no day is left. full_on: the first day without a gap at
    the pace of the last weeks; None when it is not reached within twenty years. lasting_on: the first day from which on
    there is none any more, whatever is known to lapse; None likewise.
    """

    on: date
    deadline: date
    gap: int
    lapsing: int
    moving: int
    per_week: int | None
    full_on: date | None
    lasting_on: date | None
    weeks: tuple[Stretch, ...]
    ahead: tuple[Stretch, ...]

    @property
    def gap_at_deadline(self) -> int:
        """Give how many would be uncovered at the deadline if nobody learned any more, as known."""
        return self.gap + self.lapsing + self.moving

    @property
    def days_left(self) -> int:
        """Give the days after this one up to the deadline, which counts."""
        return max((self.deadline - self.on).days, 0)

    @property
    def gained(self) -> int:
        """Give how many became covered in the last weeks."""
        return sum(week.gained for week in self.weeks)

    @property
    def lost(self) -> int:
        """Give how many ceased to be covered in the last weeks, though still in post."""
        return sum(week.lost for week in self.weeks)

    @property
    def pace_tenths(self) -> int:
        """Give how many become covered a week, in tenths, truncated."""
        return self.gained * 10 // PACE_WEEKS

    @property
    def lapsing_soon(self) -> int:
        """Give how many will cease to be covered within the days told ahead."""
        return sum(stretch.lost for stretch in self.ahead)


@dataclass(frozen=True)
class Aftermath:
    """What became of the gap after the deadline, up to a later day; the counts explain the later gap in full."""

    then: Tally
    now: Tally
    gained: int
    lost: int
    required: int
    covered: int

    @property
    def gap_then(self) -> int:
        """Give how many were uncovered at the deadline."""
        return self.then.required - self.then.covered

    @property
    def gap_now(self) -> int:
        """Give how many of those still in post are uncovered."""
        return self.now.required - self.now.covered

    @property
    def left(self) -> int:
        """Give by how much leaving and moving made the gap smaller (negative: larger)."""
        return self.covered - self.required


def outlook(on: date, deadline: date, gap: int, changes: Iterable[Change]) -> Outlook:
    """Tell the way from a day to the deadline; `changes` reach from PACE_DAYS before it to the end of what is known."""
    listed = sorted(changes, key=lambda change: change.on)
    later = [change for change in listed if change.on > on]
    by_deadline = [change for change in later if change.on <= deadline]
    lapsing = sum(change.lost for change in by_deadline)
    total = sum(change.gap for change in by_deadline)
    weeks = stretches(listed, add_days(on, 1 - PACE_DAYS), on)
    return Outlook(
        on=on,
        deadline=deadline,
        gap=gap,
        lapsing=lapsing,
        moving=total - lapsing,
        per_week=per_week(gap + total, (deadline - on).days),
        full_on=full_on(on, gap, sum(week.gained for week in weeks), later),
        lasting_on=lasting_on(on, gap, sum(week.gained for week in weeks), later),
        weeks=weeks,
        ahead=stretches(later, add_days(on, 1), add_days(on, AHEAD_DAYS)),
    )


def per_week(gap: int, days: int) -> int | None:
    """Give how many must be covered each week to close a gap in so many days; all of them in the last week."""
    if days <= 0:
        return None
    return -(-max(gap, 0) * WEEK // max(days, WEEK))


def full_on(on: date, gap: int, gained: int, changes: Sequence[Change]) -> date | None:
    """Give the first day on which as many have learned, at `gained` in PACE_DAYS, as are missing on that day.

    What is missing follows the known changes, which are in order of their days; those who learn only close gaps.
    """
    for day, until, missing in _standing(on, gap, changes):
        found = max(day, _closed_on(on, missing, gained))
        if found < until:
            return _near(on, found)
    return None


def lasting_on(on: date, gap: int, gained: int, changes: Sequence[Change]) -> date | None:
    """Give the first day from which on as many have learned, at `gained` in PACE_DAYS, as are missing on any day."""
    last = on
    for day, until, missing in _standing(on, gap, changes):
        closed = _closed_on(on, missing, gained)
        last = min(closed, until) if closed > day else last
    return _near(on, last)


def _standing(on: date, gap: int, changes: Sequence[Change]) -> Iterator[tuple[date, date, int]]:
    """Give from which day until which how many are missing, if nobody learned."""
    day = on
    for change in changes:
        yield day, change.on, gap
        day, gap = change.on, gap + change.gap
    yield day, NEVER, gap


def _near(on: date, found: date) -> date | None:
    return found if (found - on).days <= FAR_DAYS else None


def _closed_on(on: date, gap: int, gained: int) -> date:
    """Give the day on which a gap is closed at a pace, NEVER when nobody learns."""
    if gap <= 0:
        return on
    return add_days(on, -(-gap * PACE_DAYS // gained)) if gained else NEVER


def after(tally: Tally, changes: Iterable[Change]) -> Tally:
    """Give what stands after some changes; who is waived is not followed."""
    for change in changes:
        tally = tally.plus(Tally(change.required, change.covered + change.gained - change.lost))
    return tally


def projected(known: Tally, gained: int, days: int) -> Tally:
    """Give what the pace makes, in so many days, of the figures that are known of a later day."""
    learned = max(gained * days // PACE_DAYS, 0)
    return known._replace(covered=min(known.required, known.covered + learned))


def stretches(changes: Iterable[Change], first: date, last: date) -> tuple[Stretch, ...]:
    """Add changes up by weeks from the first day on; the last one ends on the last day."""
    starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, WEEK)]
    sums = [[0, 0, 0, 0] for _ in starts]
    for change in changes:
        if first <= change.on <= last:
            row = sums[(change.on - first).days // WEEK]
            for position, amount in enumerate(change[1:]):
                row[position] += amount
    ends = [min(start + timedelta(days=WEEK - 1), last) for start in starts]
    return tuple(Stretch(start, end, *row) for start, end, row in zip(starts, ends, sums, strict=True))


def aftermath(then: Tally, now: Tally, changes: Iterable[Change]) -> Aftermath:
    """Tell what became of a gap, from the changes after the deadline up to the later day."""
    sums = [0, 0, 0, 0]
    for change in changes:
        sums = [total + amount for total, amount in zip(sums, change[1:], strict=True)]
    return Aftermath(then, now, *sums)


def full_days(points: Iterable[tuple[date, Tally]]) -> tuple[date, ...]:
    """Give the days on which somebody is required and everybody required is covered."""
    return tuple(day for day, tally in points if tally.covered == tally.required > 0)
