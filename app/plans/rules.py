"""What a plan must be in itself: known posts and courses, one meaning, the compulsory content for every post."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from app.catalogue.shapes import CATEGORIES
from app.kit.words import N_
from app.plans.faults import Detail
from app.plans.shapes import Plan, Requirement

Path = tuple[str | int, ...]
TAUGHT: Final = {
    "policy": N_("Policy and law"),
    "prevention": N_("Accident prevention"),
    "warning": N_("Warning examples"),
}
TWICE: Final = N_("%(what)s stands twice. Keep one of them.")


@dataclass(frozen=True)
class Fault:
    """Where in the file (keys and indices), a code, and what is wrong: a msgid with its details."""

    path: Path
    code: str
    words: str
    details: Mapping[str, Detail]


def _at(path: Path, code: str, words: str, **details: Detail) -> Fault:
    return Fault(path, code, words, details)


def plan_faults(
    plan: Plan,
    posts: Mapping[str, str],
    categories: Mapping[str, Sequence[str]],
    regions: Collection[str] | None = None,
) -> Iterator[Fault]:
    """Check a plan against the names of key posts, the categories of each known course, and the known regions."""
    yield from _day_faults(plan)
    for code in plan.regions:
        if regions is not None and code not in regions:
            words = N_(
                "There is no region %(region)s. Write the six-digit code of a region in the platform, such as 450200."
            )
            yield _at(("regions",), "unknown_region", words, region=code)
    yield from _name_faults(plan, posts)
    yield from _requirement_faults(plan, categories)
    yield from _content_faults(plan, categories)
    yield from _indicator_faults(plan)


def _day_faults(plan: Plan) -> Iterator[Fault]:
    days = {"starts_on": plan.starts_on, "deadline": plan.deadline}
    if plan.deadline < plan.starts_on:
        words = N_("The deadline %(deadline)s lies before the plan's first day, starts_on = %(starts_on)s.")
        yield _at(("deadline",), "days", words, **days)
    if plan.counts_from > plan.deadline:
        words = N_("counts_from, %(day)s, lies after the deadline %(deadline)s.")
        yield _at(("counts_from",), "days", words, day=plan.counts_from, deadline=plan.deadline)
    before: date | None = None
    for index, phase in enumerate(plan.phases):
        inside = plan.starts_on <= phase.from_on <= phase.to_on <= plan.deadline
        if not inside or (before is not None and phase.from_on <= before):
            words = N_(
                "The phase %(name)s must lie between %(starts_on)s and %(deadline)s, and begin after the one before."
            )
            yield _at(("phases", index, "from_on"), "days", words, name=phase.name, **days)
        before = phase.to_on


def _name_faults(plan: Plan, posts: Mapping[str, str]) -> Iterator[Fault]:
    for index, post in enumerate(plan.posts):
        if post.code not in posts:
            words = N_("There is no key post %(post)s. Known are: %(known)s")
            yield _at(("posts", index, "code"), "unknown_post", words, post=post.code, known=_listed(posts))
    yield from _twice("posts", [p.code for p in plan.posts])
    yield from _twice("industries", [i.code for i in plan.industries])
    owner: dict[str, str] = {}
    for index, industry in enumerate(plan.industries):
        for division in industry.divisions:
            first = owner.setdefault(division, industry.code)
            if first != industry.code:
                words = N_("Division %(division)s already belongs to %(industry)s; it can belong to one industry only.")
                named = plan.industry_names[first]
                path = ("industries", index, "divisions")
                yield _at(path, "division_repeated", words, division=division, industry=named)
    licensed = [n for n, industry in enumerate(plan.industries) if industry.licence]
    if len(licensed) > 1:
        words = N_("Only one industry can be taken in by hazardous licence; %(industry)s has licence = true already.")
        named = plan.industries[licensed[0]].name
        yield _at(("industries", licensed[1], "licence"), "licence_repeated", words, industry=named)


def _listed(names: Mapping[str, str]) -> str:
    return " ".join(f"{code}（{name}）" for code, name in names.items())


def _twice(table: str, codes: Sequence[str]) -> Iterator[Fault]:
    counts: Counter[str] = Counter()
    for index, code in enumerate(codes):
        counts[code] += 1
        if counts[code] > 1:
            yield _at((table, index, "code"), "code_repeated", TWICE, what=code)


def _requirement_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    for index, requirement in enumerate(plan.requirements):
        place = ("requirements", index)
        if requirement.post not in plan.post_names:
            words = N_("The plan names no post %(post)s. Its posts are: %(known)s")
            known = _listed(plan.post_names)
            yield _at((*place, "post"), "unknown_post", words, post=requirement.post, known=known)
        if requirement.industry is not None and requirement.industry not in plan.industry_names:
            words = N_("The plan has no industry %(industry)s. Its industries are: %(known)s")
            known = _listed(plan.industry_names)
            yield _at((*place, "industry"), "unknown_industry", words, industry=requirement.industry, known=known)
        if requirement.from_on and requirement.to_on and requirement.to_on <= requirement.from_on:
            words = N_("to_on is the first day no longer required: it must lie after from_on = %(day)s.")
            yield _at((*place, "to_on"), "days", words, day=requirement.from_on)
        for course in requirement.courses:
            if course not in categories:
                yield _unknown_course((*place, "courses"), course, categories)
        yield from _repeated((*place, "courses"), requirement.courses)
        yield from _offline_faults(place, requirement)


def _unknown_course(path: Path, course: str, known: Mapping[str, Sequence[str]]) -> Fault:
    near = get_close_matches(course, known, 1)
    if near:
        words = N_("There is no course %(course)s. Is %(near)s meant?")
        return _at(path, "unknown_course", words, course=course, near=near[0])
    words = N_("There is no course %(course)s. The courses are: %(known)s")
    return _at(path, "unknown_course", words, course=course, known=" ".join(sorted(known)))


def _offline_faults(place: Path, requirement: Requirement) -> Iterator[Fault]:
    for course in requirement.offline:
        if course not in requirement.courses:
            words = N_("%(course)s must be held in person, but is not among the courses of this requirement.")
            yield _at((*place, "offline"), "offline_course", words, course=course)
    yield from _repeated((*place, "offline"), requirement.offline)


def _repeated(path: Path, courses: Sequence[str]) -> Iterator[Fault]:
    for course, count in Counter(courses).items():
        if count > 1:
            yield _at(path, "code_repeated", TWICE, what=course)


def _content_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Hold every post in every industry, on every day on which something changes, to the compulsory content."""
    for index, post in enumerate(plan.posts):
        lacking: dict[tuple[str, ...], tuple[str, date]] = {}
        for industry in plan.industries:
            for day in _turning_days(plan):
                held = {c for course in plan.courses(post.code, industry.code, day) for c in categories.get(course, ())}
                missing = tuple(TAUGHT[c] for c in CATEGORIES if c not in held)
                if missing:
                    lacking.setdefault(missing, (industry.name, day))
        for missing, (name, day) in lacking.items():
            words = N_(
                "%(post)s in %(industry)s lacks compulsory content on %(day)s: %(missing)s. Add courses that teach it."
            )
            details: dict[str, Detail] = {"post": post.name, "industry": name, "day": day, "missing": missing}
            yield _at(("posts", index, "code"), "compulsory_content", words, **details)


def _turning_days(plan: Plan) -> list[date]:
    days = {day for r in plan.requirements for day in (r.from_on, r.to_on) if day}
    return [plan.starts_on, *sorted(day for day in days if plan.starts_on < day <= plan.deadline)]


def _indicator_faults(plan: Plan) -> Iterator[Fault]:
    for index, indicator in enumerate(plan.indicators):
        if (indicator.kind == "decrease") != (indicator.base_year is not None):
            words = N_("An indicator with kind = “decrease” needs base_year; one with “share” has none.")
            yield _at(("indicators", index, "kind"), "base_year", words)
        for target in indicator.targets:
            ends = [end for end in (target.low, target.high) if end is not None]
            if not ends or ends != sorted(ends):
                words = N_("A target needs low, high or both, and low is not above high.")
                yield _at(("indicators", index, "targets"), "target", words)
