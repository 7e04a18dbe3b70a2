"""The status of an enterprise in a plan over time (DESIGN section 3): declared, complete, and how far it is covered.

Pure: facts and changes of the required and covered figures in, spans and dated amounts out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from app.coverage.facts import Dated, Declaration, EnterpriseTimeline, Plan
from app.coverage.rules import Interval, Place, all_held, segments
from app.kit.dates import NEVER, add_days

STATUSES = ("undeclared", "incomplete", "not_applicable", "none", "partial", "full")
DECIDED = frozenset({"undeclared", "incomplete"})
"""Statuses that do not depend on how many are required and covered."""
STALE = "stale"
"""The kind of entries that say from when until when a roster is long unconfirmed."""
STALE_DAYS = 90


class StatusSpan(NamedTuple):
    """A plan takes an enterprise in on [from_on, until_on) with this status; '' is one still to be told by figures."""

    plan: int
    enterprise: int
    region: str
    industry: str
    key_enterprise: bool
    from_on: date
    until_on: date
    status: str


class Change(NamedTuple):
    """From a day on, so many more of an enterprise's assignments are required, covered and waived."""

    effective_on: date
    required: int
    covered: int
    waived: int = 0


class Hold(NamedTuple):
    """A person is in a post on [from_on, until_on)."""

    person: int
    post: str
    from_on: date
    until_on: date


def frame(
    plan: Plan,
    enterprise: EnterpriseTimeline,
    taken_in: Iterable[Place],
    declarations: Sequence[Declaration],
    in_post: Mapping[str, tuple[Interval, ...]],
) -> tuple[StatusSpan, ...]:
    """Give the spans on which the plan takes the enterprise in, with what declarations and expected posts decide.

    `in_post` is posts_held() of all its assignments; the deadline does not matter for who counts as holding a post.
    """
    return declared(completeness(plan, enterprise, taken_in, in_post), declarations)


def completeness(
    plan: Plan, enterprise: EnterpriseTimeline, taken_in: Iterable[Place], in_post: Mapping[str, tuple[Interval, ...]]
) -> tuple[StatusSpan, ...]:
    """Give the spans on which the plan takes the enterprise in, as if it had always been declared."""
    cuts = enterprise.days("not_applicable")
    cuts |= {day for post in plan.expected for interval in in_post.get(post, ()) for day in interval}
    cuts |= {day for term in plan.terms.values() for day in term}
    found: list[StatusSpan] = []
    for place in taken_in:
        where = (plan.id, enterprise.id, place.region, place.industry, place.key_enterprise)
        for day, until in segments(place.from_on, place.until_on, cuts):
            status = "" if _complete(plan, enterprise, in_post, day) else "incomplete"
            _say(found, where, day, until, status)
    return tuple(found)


def declared(complete: Iterable[StatusSpan], declarations: Sequence[Declaration]) -> tuple[StatusSpan, ...]:
    """Give the same spans with what declarations decide: undeclared before the first."""
    declared_from = _declared_from(declarations)
    found: list[StatusSpan] = []
    for span in complete:
        where, begun, until, status = span[:5], span.from_on, span.until_on, span.status
        if begun < declared_from:
            _say(found, where, begun, min(until, declared_from), "undeclared")
            begun = declared_from
        if begun < until:
            _say(found, where, begun, until, status)
    return tuple(found)


def undeclared(
    plan: Plan, enterprise: int, taken_in: Iterable[Place], declarations: Sequence[Declaration]
) -> set[StatusSpan]:
    """Give the spans on which the plan takes the enterprise in and nothing was declared."""
    spans = (StatusSpan(plan.id, enterprise, *place[2:], place.from_on, place.until_on, "") for place in taken_in)
    return {span for span in declared(spans, declarations) if span.status == "undeclared"}


def _declared_from(declarations: Iterable[Declaration]) -> date:
    return min((d.declared_from for d in declarations), default=NEVER)


def stale_from(declarations: Sequence[Declaration]) -> date:
    """Give the day from which on what was declared is stale: more than STALE_DAYS after it was confirmed last.

    staleness.py says the same in SQL.
    """
    confirmed_on = max((d.confirmed_on for d in declarations), default=NEVER)
    return max(_declared_from(declarations), _overdue_from(confirmed_on))


def is_stale(status: str, confirmed_on: date | None, on: date) -> bool:
    """Say the same of a day with its status, by the last confirmation (None: there is none)."""
    return status != "undeclared" and confirmed_on is not None and on >= _overdue_from(confirmed_on)


def _overdue_from(confirmed_on: date) -> date:
    return add_days(confirmed_on, STALE_DAYS + 1)


def together(declarations: Sequence[Declaration]) -> tuple[Declaration, ...]:
    """Give what several declarations come to: frame() says the same of it, in less time."""
    first, last = min(d.declared_from for d in declarations), max(d.confirmed_on for d in declarations)
    return (Declaration(first, last),)


def _complete(
    plan: Plan, enterprise: EnterpriseTimeline, in_post: Mapping[str, tuple[Interval, ...]], day: date
) -> bool:
    not_applicable = enterprise.on("not_applicable", day).split(";")
    return all_held([in_post.get(post, ()) for post in plan.expected_on(day) if post not in not_applicable], day)


def stated(spans: Iterable[StatusSpan], changes: Sequence[Change]) -> tuple[StatusSpan, ...]:
    """Tell every span that is still to be told; `changes` are the enterprise's in this plan, by day."""
    days = [change.effective_on for change in changes]
    required = [0, *accumulate([change.required for change in changes])]
    covered = [0, *accumulate([change.covered for change in changes])]
    return told(spans, days, required, covered)


def told(
    spans: Iterable[StatusSpan], days: Sequence[date], required: Sequence[int], covered: Sequence[int]
) -> tuple[StatusSpan, ...]:
    """Do the same by what stands from each of the days on; the figures have one more in front, that before them all."""
    found: list[StatusSpan] = []
    for span in spans:
        where, day = span[:5], span.from_on
        if span.status:
            _say(found, where, day, span.until_on, span.status)
            continue
        inside = days[bisect_right(days, day) : bisect_left(days, span.until_on)]
        for begun, until in segments(day, span.until_on, inside):
            position = bisect_right(days, begun)
            _say(found, where, begun, until, by_figures(required[position], covered[position]))
    return tuple(found)


def by_figures(required: int, covered: int) -> str:
    """Give the status of a declared and complete enterprise."""
    if required == 0:
        return "not_applicable"
    if covered == 0:
        return "none"
    return "full" if covered == required else "partial"


def merged(spans: Iterable[StatusSpan]) -> tuple[StatusSpan, ...]:
    """Join neighbours that say the same."""
    found: list[StatusSpan] = []
    for span in spans:
        _say(found, span[:5], span.from_on, span.until_on, span.status)
    return tuple(found)


def _say(found: list[StatusSpan], where: tuple[int, int, str, str, bool], day: date, until: date, status: str) -> None:
    """Append a span, or lengthen the last one, when it says the same up to that day."""
    if found:
        last = found[-1]
        if last.until_on == day and last.status == status and last[:5] == where:
            day = last.from_on
            found.pop()
    found.append(StatusSpan(*where, day, until, status))


def posts_held(holds: Iterable[Hold]) -> dict[str, tuple[Interval, ...]]:
    """Give the spans on which anybody holds each post, joined."""
    by_post: dict[str, list[Interval]] = {}
    for hold in holds:
        by_post.setdefault(hold.post, []).append((hold.from_on, hold.until_on))
    return {post: union(intervals) for post, intervals in by_post.items()}


def roster(holds: Iterable[Hold]) -> tuple[tuple[date, int], ...]:
    """Give by day how many more distinct persons hold any post."""
    by_person: dict[int, list[Interval]] = {}
    for hold in holds:
        by_person.setdefault(hold.person, []).append((hold.from_on, hold.until_on))
    changes: dict[date, int] = {}
    for intervals in by_person.values():
        for start, end in union(intervals):
            changes[start] = changes.get(start, 0) + 1
            changes[end] = changes.get(end, 0) - 1
    return tuple(sorted(changes.items()))


def insured(values: Dated) -> tuple[tuple[date, int], ...]:
    """Give by day by how much the insured head-count changes."""
    counts = [0, *(int(value or 0) for _, value in values)]
    return tuple((day, counts[i + 1] - counts[i]) for i, (day, _) in enumerate(values))


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join spans that overlap or touch."""
    ordered = sorted(intervals)
    if len(ordered) == 1:
        return (ordered[0],)
    found: list[Interval] = []
    for start, end in ordered:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
