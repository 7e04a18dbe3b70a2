"""What a plan must be in itself: known posts and courses, one meaning, the compulsory content for every post."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.catalogue.shapes import CATEGORIES
from app.plans.shapes import Plan, Requirement

Fault = tuple[tuple[str | int, ...], str, str]
"""Where in the file (keys and indices), a code, and what is wrong."""


def plan_faults(plan: Plan, posts: Mapping[str, str], categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Check a plan against the names of key posts and the categories of each known course."""
    yield from _day_faults(plan)
    yield from _name_faults(plan, posts)
    yield from _requirement_faults(plan, categories)
    yield from _content_faults(plan, categories)
    yield from _indicator_faults(plan)


def _day_faults(plan: Plan) -> Iterator[Fault]:
    if plan.deadline < plan.starts_on:
        yield ("deadline",), "days", "The deadline lies before starts_on"
    if plan.counts_from > plan.deadline:
        yield ("counts_from",), "days", "counts_from lies after the deadline"
    before: date | None = None
    for index, phase in enumerate(plan.phases):
        inside = plan.starts_on <= phase.from_on <= phase.to_on <= plan.deadline
        if not inside or (before is not None and phase.from_on <= before):
            message = f"The phase {phase.name} lies outside the plan, or overlaps the one before"
            yield ("phases", index, "from_on"), "days", message
        before = phase.to_on


def _name_faults(plan: Plan, posts: Mapping[str, str]) -> Iterator[Fault]:
    for index, post in enumerate(plan.posts):
        if post.code not in posts:
            yield ("posts", index, "code"), "unknown_post", f"There is no key post {post.code} in posts.toml"
    yield from _twice("posts", "code", [p.code for p in plan.posts])
    yield from _twice("industries", "code", [i.code for i in plan.industries])
    owner: dict[str, str] = {}
    for index, industry in enumerate(plan.industries):
        for division in industry.divisions:
            first = owner.setdefault(division, industry.code)
            if first != industry.code:
                message = f"Division {division} already belongs to {first}"
                yield ("industries", index, "divisions"), "division_repeated", message
    licensed = [n for n, industry in enumerate(plan.industries) if industry.licence]
    if len(licensed) > 1:
        yield ("industries", licensed[1], "licence"), "licence_repeated", "Only one industry goes by licence"


def _twice(table: str, key: str, codes: Sequence[str]) -> Iterator[Fault]:
    counts: Counter[str] = Counter()
    for index, code in enumerate(codes):
        counts[code] += 1
        if counts[code] > 1:
            yield (table, index, key), "code_repeated", f"{code} stands twice"


def _requirement_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    posts = {p.code for p in plan.posts}
    industries = {i.code for i in plan.industries}
    for index, requirement in enumerate(plan.requirements):
        place = ("requirements", index)
        if requirement.post not in posts:
            yield (*place, "post"), "unknown_post", f"The plan names no post {requirement.post}"
        if requirement.industry is not None and requirement.industry not in industries:
            yield (*place, "industry"), "unknown_industry", f"The plan has no industry {requirement.industry}"
        if requirement.from_on and requirement.to_on and requirement.to_on <= requirement.from_on:
            yield (*place, "to_on"), "days", "to_on, the first day no longer required, must lie after from_on"
        for course in requirement.courses:
            if course not in categories:
                yield (*place, "courses"), "unknown_course", f"There is no course {course}"
        if len(set(requirement.courses)) < len(requirement.courses):
            yield (*place, "courses"), "code_repeated", "A course stands twice"
        yield from _offline_faults(place, requirement)


def _offline_faults(place: tuple[str | int, ...], requirement: Requirement) -> Iterator[Fault]:
    for course in requirement.offline:
        if course not in requirement.courses:
            yield (*place, "offline"), "offline_course", f"{course} is not among the courses of this requirement"
    if len(set(requirement.offline)) < len(requirement.offline):
        yield (*place, "offline"), "code_repeated", "A course stands twice"


def _content_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Hold every post in every industry, on every day on which something changes, to the compulsory content."""
    for index, post in enumerate(plan.posts):
        lacking: dict[str, str] = {}
        for industry in plan.industries:
            for day in _turning_days(plan):
                held = {c for course in plan.courses(post.code, industry.code, day) for c in categories.get(course, ())}
                missing = ", ".join(c for c in CATEGORIES if c not in held)
                if missing:
                    lacking.setdefault(missing, f"in {industry.code} on {day}")
        for missing, where in lacking.items():
            message = f"{post.code} {where} is not taught the compulsory content: {missing}"
            yield ("posts", index, "code"), "compulsory_content", message


def _turning_days(plan: Plan) -> list[date]:
    days = {day for r in plan.requirements for day in (r.from_on, r.to_on) if day}
    return [plan.starts_on, *sorted(day for day in days if plan.starts_on < day <= plan.deadline)]


def _indicator_faults(plan: Plan) -> Iterator[Fault]:
    for index, indicator in enumerate(plan.indicators):
        if (indicator.kind == "decrease") != (indicator.base_year is not None):
            yield ("indicators", index, "kind"), "base_year", "A decrease needs base_year, a share has none"
        for target in indicator.targets:
            ends = [end for end in (target.low, target.high) if end is not None]
            if not ends or ends != sorted(ends):
                message = "A target needs low, high or both, in this order"
                yield ("indicators", index, "targets"), "target", message
