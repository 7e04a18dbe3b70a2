"""When an assignment is required and covered, in ordinals: what rules.spans() says, told faster.

Pure. A test tells both the same thousands of times and compares.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from app.coverage.rebuild.demanded import Demanded
from app.coverage.rebuild.history import Day, Interval

Piece = tuple[int, Day, Day, bool, bool]
"""Which what, from when until when, covered or not, waived or not."""
Holdings = Mapping[str, Sequence[Interval]]


def required(demanded: Sequence[Demanded], term: Interval) -> list[Demanded]:
    """Give what is demanded within a term."""
    start, end = term
    found = []
    for one in demanded:
        from_on, until_on, what, courses = one
        if start <= from_on and until_on <= end:
            found.append(one)
        elif start < until_on and from_on < end:
            found.append(Demanded(max(start, from_on), min(end, until_on), what, courses))
    return found


def uncovered(demanded: Sequence[Demanded]) -> tuple[Piece, ...]:
    """Give how it stands where nothing is held."""
    if len(demanded) == 1:
        from_on, until_on, what, _ = demanded[0]
        return ((what, from_on, until_on, False, False),)
    found: list[Piece] = []
    for from_on, until_on, what, _ in demanded:
        _say(found, (what, from_on, until_on, False, False))
    return tuple(found)


def judged(demanded: Sequence[Demanded], holdings: Holdings, waivers: Sequence[Interval]) -> tuple[Piece, ...]:
    """Give how it stands by what is held, and waived."""
    found: list[Piece] = []
    for from_on, until_on, what, courses in demanded:
        if waivers:
            for piece in _waived((from_on, until_on), [holdings.get(key, ()) for key in courses], waivers):
                _say(found, (what, *piece))
            continue
        at = from_on
        for start, end in _covered((from_on, until_on), courses, holdings):
            if at < start:
                _say(found, (what, at, start, False, False))
            _say(found, (what, start, end, True, False))
            at = end
        if at < until_on:
            _say(found, (what, at, until_on, False, False))
    return tuple(found)


def _covered(within: Interval, courses: Sequence[str], holdings: Holdings) -> Sequence[Interval]:
    """Give the days on which all courses are held, in order, none touching another."""
    start, end = within
    common: Sequence[Interval] = (within,)
    for key in courses:
        held = holdings.get(key, ())
        if not held:
            return ()
        if len(held) == 1 and len(common) == 1:  # nearly always
            start, end = max(start, held[0][0]), min(end, held[0][1])
            if start >= end:
                return ()
            common = ((start, end),)
        else:
            common = _both(common, joined(held))
            if not common:
                return ()
            start, end = common[0]
    return common


def _both(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Give the days that two lists have in common, each in order and without neighbours that touch."""
    found = ((max(one[0], other[0]), min(one[1], other[1])) for one in some for other in others)
    return [(start, end) for start, end in found if start < end]


def joined(intervals: Sequence[Interval]) -> Sequence[Interval]:
    """Join spans that overlap or touch."""
    if len(intervals) == 1:
        return intervals
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _waived(
    within: Interval, holds: Sequence[Sequence[Interval]], waivers: Sequence[Interval]
) -> list[tuple[Day, Day, bool, bool]]:
    """Cut a demand wherever anything begins or ends; neighbours may say the same. Few are waived: so in no hurry."""
    cuts = {day for spans in (*holds, waivers) for interval in spans for day in interval}
    days = sorted({*within, *(day for day in cuts if within[0] < day < within[1])})
    found = []
    for day, until in pairwise(days):
        waived = any(start <= day < end for start, end in waivers)
        held = all(any(start <= day < end for start, end in hold) for hold in holds)
        found.append((day, until, waived or held, waived))
    return found


def _say(found: list[Piece], piece: Piece) -> None:
    """Append a piece, or lengthen the last one, when it says the same up to that day."""
    if found:
        what, from_on, until_on, covered, waived = found[-1]
        if until_on == piece[1] and what == piece[0] and covered == piece[3] and waived == piece[4]:
            found[-1] = (what, from_on, piece[2], covered, waived)
            return
    found.append(piece)
