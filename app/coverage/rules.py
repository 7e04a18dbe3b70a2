"""The rules of coverage (DESIGN section 3): when an assignment is required and covered, and why not.

Pure: facts in, spans over time out. Status of enterprises is in status.py, sums are in ledger.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.coverage.facts import Assignment, Award, EnterpriseTimeline, Plan, Record, Retake, Waiver
from app.kit.dates import NEVER
from app.kit.offline import marked, plain

Interval = tuple[date, date]
Holdings = Mapping[str, tuple[Interval, ...]]
"""Course -> the spans on which it is held."""

REASONS = ("revoked", "outdated", "expired", "failed", "in_progress", "never_started")
"""Why a course is missing; of several events on the latest day, the one that stands first decides."""


class Place(NamedTuple):
    """A plan takes an enterprise in on [from_on, until_on): where, in which key industry, marked key or not."""

    from_on: date
    until_on: date
    region: str
    industry: str
    key_enterprise: bool


class Span(NamedTuple):
    """An assignment is required by a plan on [from_on, until_on), covered or not; a waived one is covered."""

    plan: int
    assignment: int
    person: int
    enterprise: int
    post: str
    region: str
    industry: str
    key_enterprise: bool
    from_on: date
    until_on: date
    covered: bool
    waived: bool


class Demand(NamedTuple):
    """On [from_on, until_on) these must be held, in plan order: courses, or the keys of those to be held in person."""

    from_on: date
    until_on: date
    courses: tuple[str, ...]


class Missing(NamedTuple):
    """A required course that is not held: why, and since which day (None: never started)."""

    course: str
    reason: str
    since: date | None
    offline: bool = False
    """Whether only training in person meets it."""


def places(plan: Plan, enterprise: EnterpriseTimeline) -> tuple[Place, ...]:
    """Give when, where and as what the plan takes the enterprise in, from the plan's start on, in order of time."""
    cuts = enterprise.days("region", "industry", "hazardous_licence", "key_industry", "key_enterprise", "closed_on")
    cuts |= {date.fromisoformat(value) for _, value in enterprise.values.get("closed_on", ()) if value}
    cuts |= plan.industry_days
    found: list[Place] = []
    for day, until in segments(plan.starts_on, NEVER, cuts):
        place = _place(plan, enterprise, day, until)
        if place is None:
            continue
        if found and found[-1].until_on == day and found[-1][2:] == place[2:]:
            place = place._replace(from_on=found.pop().from_on)
        found.append(place)
    return tuple(found)


def _place(plan: Plan, enterprise: EnterpriseTimeline, day: date, until: date) -> Place | None:
    region = enterprise.on("region", day)
    industry = key_industry(plan, enterprise, day)
    if region not in plan.regions or industry is None or is_closed(enterprise, day):
        return None
    return Place(day, until, region, industry, enterprise.on("key_enterprise", day) == "1")


def key_industry(plan: Plan, enterprise: EnterpriseTimeline, day: date) -> str | None:
    """Give the enterprise's one key industry in a plan: the designated, else by licence, else by division; or None."""
    industries, designated = plan.industries_on(day), enterprise.on("key_industry", day)
    if any(industry.code == designated for industry in industries):
        return designated
    if enterprise.on("hazardous_licence", day) == "1":
        licensed = next((industry.code for industry in industries if industry.licence), None)
        if licensed is not None:
            return licensed
    division = enterprise.on("industry", day)
    return next((industry.code for industry in industries if division in industry.divisions), None)


def is_closed(enterprise: EnterpriseTimeline, day: date) -> bool:
    """Say whether the enterprise is closed on a day: from `closed_on` on, that day included."""
    closed_on = enterprise.on("closed_on", day)
    return closed_on != "" and day >= date.fromisoformat(closed_on)


@lru_cache(maxsize=4096)
def demands(plan: Plan, post: str, industry: str) -> tuple[Demand, ...]:
    """Give what the plan demands of a post in an industry over time: "any" industry's courses first, no repeats."""
    if post not in plan.posts:
        return ()
    rows = [r for r in plan.requirements if r.post == post and r.industry in {None, industry}]
    rows.sort(key=lambda r: r.industry is not None)
    cuts = {day for r in rows for day in (r.from_on, r.until_on)}
    found: list[Demand] = []
    begun, over = plan.term(post)
    start = max(plan.starts_on, begun)
    for day, until in segments(start, over, cuts) if start < over else ():
        keys = dict.fromkeys(key for r in rows if r.from_on <= day < r.until_on for key in r.courses)
        courses = dict.fromkeys(plain(key) for key in keys)
        if courses:
            strict = (marked(course) if marked(course) in keys else course for course in courses)
            found.append(Demand(day, until, tuple(strict)))
    return tuple(found)


def courses_on(plan: Plan, post: str, industry: str, day: date) -> tuple[str, ...]:
    """Give the courses that a post in an industry must hold on a day, in plan order."""
    return tuple(plain(key) for key in keys_on(plan, post, industry, day))


def keys_on(plan: Plan, post: str, industry: str, day: date) -> tuple[str, ...]:
    """Give the same as courses_on(), those that must be held in person by their keys."""
    return next((d.courses for d in demands(plan, post, industry) if d.from_on <= day < d.until_on), ())


def held(awards: Iterable[Award], retakes: Sequence[Retake], counts_from: date) -> dict[str, tuple[Interval, ...]]:
    """Give the spans on which each course is held by one person's awards, by course, and by key where in person.

    They may overlap.
    """
    found: dict[str, tuple[Interval, ...]] = {}
    for award in awards:
        if award.completed_on < counts_from:
            continue
        end = ending(award, retakes)
        until = end[0] if end else NEVER
        if award.completed_on < until:
            for key in (award.course, marked(award.course)) if award.offline else (award.course,):
                found[key] = (*found.get(key, ()), (award.completed_on, until))
    return found


@lru_cache(maxsize=4096)
def fewest(plan: Plan, post: str) -> int:
    """Give how many courses the plan demands of a post where it demands the fewest: who holds fewer is not covered."""
    industries = {None, *(industry.code for industry in plan.industries)}
    counts = [len(demand.courses) for code in industries for demand in demands(plan, post, code or "")]
    return min(counts, default=0)


def ending(award: Award, retakes: Sequence[Retake]) -> tuple[date, str] | None:
    """Give the day an award ends and why: the earliest end, and of equal ones revoked, outdated, expired."""
    retaken = [r.retake_from for r in retakes if r.course == award.course and award.version < r.version]
    if award.valid_until is None and award.revoked_from is None and not retaken:
        return None  # most awards: millions are judged
    ends = (
        (award.revoked_from, "revoked"),
        (min(retaken, default=None), "outdated"),
        (award.valid_until, "expired"),
    )
    dated = [(max(day, award.completed_on), reason) for day, reason in ends if day is not None]
    return min(dated, key=lambda end: end[0], default=None)


def spans(
    plan: Plan, assignment: Assignment, taken_in: Iterable[Place], holdings: Holdings, waivers: Sequence[Waiver]
) -> tuple[Span, ...]:
    """Give the spans on which the plan requires the assignment, in order of time, none where it does not.

    `taken_in` is places() of its enterprise, `holdings` is held() of its person, `waivers` are its own in this plan.
    """
    if assignment.starts_on > plan.deadline:
        return ()
    who = (plan.id, assignment.id, assignment.person, assignment.enterprise, assignment.post)
    found: list[Span] = []
    for place in taken_in:
        for demand in demands(plan, assignment.post, place.industry):
            start = max(assignment.starts_on, place.from_on, demand.from_on)
            end = min(assignment.ends_on, place.until_on, demand.until_on)
            if start < end:
                what = (*who, place.region, place.industry, place.key_enterprise)
                _extend(found, what, (start, end), [holdings.get(course, ()) for course in demand.courses], waivers)
    return tuple(found)


What = tuple[int, int, int, int, str, str, str, bool]
"""All of a span up to its days."""


def _extend(
    found: list[Span], what: What, required: Interval, holds: list[tuple[Interval, ...]], waivers: Sequence[Waiver]
) -> None:
    """Cut a required span where its standing changes, and append the pieces, joined where nothing changes."""
    for start, until, covered, waived in _pieces(required, holds, waivers):
        if found:
            last = found[-1]
            if last.until_on == start and last.covered == covered and last.waived == waived and last[:8] == what:
                found[-1] = Span(*what, last.from_on, until, covered, waived)
                continue
        found.append(Span(*what, start, until, covered, waived))


def _pieces(
    required: Interval, holds: list[tuple[Interval, ...]], waivers: Sequence[Waiver]
) -> list[tuple[date, date, bool, bool]]:
    """Give from when until when it is covered, and waived; neighbours may say the same."""
    start, end = required
    if not waivers and not all(holds):
        return [(start, end, False, False)]
    if not waivers and all(len(hold) == 1 for hold in holds):  # nearly always
        first = max(start, *[hold[0][0] for hold in holds])
        last = min(end, *[hold[0][1] for hold in holds])
        if first >= last:
            return [(start, end, False, False)]
        pieces = ((start, first, False, False), (first, last, True, False), (last, end, False, False))
        return [piece for piece in pieces if piece[0] < piece[1]]
    cuts = [day for hold in holds for interval in hold for day in interval]
    cuts += [day for waiver in waivers for day in (waiver.from_on, waiver.until_on)]
    found = []
    for day, until in segments(start, end, cuts):
        waived = any(waiver.from_on <= day < waiver.until_on for waiver in waivers)
        found.append((day, until, waived or all_held(holds, day), waived))
    return found


def all_held(holds: Iterable[tuple[Interval, ...]], day: date) -> bool:
    """Say whether each of several courses (or posts) is held on a day, given the spans on which it is."""
    for hold in holds:  # plain loops: this is asked millions of times
        for start, end in hold:
            if start <= day < end:
                break
        else:
            return False
    return True


def reasons(plan: Plan, post: str, industry: str, record: Record, on: date) -> tuple[Missing, ...]:
    """Give the courses that a post's holder misses on a day, in plan order, each with its reason.

    The latest event not after the day decides; of several on one day, the first in REASONS. Waivers are not looked at.
    """
    holdings = held(record.awards, record.retakes, plan.counts_from)
    events = _events(plan, record, on)
    found = []
    for key in keys_on(plan, post, industry, on):
        if not any(start <= on < end for start, end in holdings.get(key, ())):
            course = plain(key)
            told = [*events.get(course, ()), *(_online(plan, record, course, on) if key != course else ())]
            day, reason = max(told, key=_weight, default=(None, "never_started"))
            found.append(Missing(course, reason, day, key != course))
    return tuple(found)


def _online(plan: Plan, record: Record, course: str, on: date) -> list[tuple[date, str]]:
    """Give the days of online awards of a course that must be held in person: a part of it is done."""
    done = (a.completed_on for a in record.awards if a.course == course and not a.offline)
    return [(day, "in_progress") for day in done if plan.counts_from <= day <= on]


def _events(plan: Plan, record: Record, on: date) -> dict[str, list[tuple[date, str]]]:
    found: dict[str, list[tuple[date, str]]] = {}
    for award in record.awards:
        end = ending(award, record.retakes)
        if end and end[0] <= on and award.completed_on >= plan.counts_from:
            found.setdefault(award.course, []).append(end)
    for effort in record.efforts:
        if effort.day <= on:
            found.setdefault(effort.course, []).append((effort.day, effort.kind))
    return found


def _weight(event: tuple[date, str]) -> tuple[date, int]:
    return event[0], -REASONS.index(event[1])


def segments(start: date, end: date, cuts: Iterable[date]) -> list[Interval]:
    """Cut [start, end) at the days inside it."""
    inside = {cut for cut in cuts if start < cut < end}
    return list(pairwise([start, *sorted(inside), end])) if inside else [(start, end)]
