"""What a plan must be in itself: known posts and courses, one meaning, the compulsory content for every post."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Final

from app.kit.words import N_
from app.plans.compulsory import content_faults
from app.plans.faults import Fault, Path, at
from app.plans.shapes import Plan, PlanIndustry, PlanPost, Requirement

TWICE: Final = N_("%(what)s stands twice. Keep one of them.")


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
            yield at(("regions",), "unknown_region", words, region=code)
    yield from _name_faults(plan, posts)
    yield from _requirement_faults(plan, categories)
    yield from content_faults(plan, categories)
    yield from _indicator_faults(plan)


def _day_faults(plan: Plan) -> Iterator[Fault]:
    days = {"starts_on": plan.starts_on, "deadline": plan.deadline}
    if plan.deadline < plan.starts_on:
        words = N_("The deadline %(deadline)s lies before the plan's first day, starts_on = %(starts_on)s.")
        yield at(("deadline",), "days", words, **days)
    if plan.counts_from > plan.deadline:
        words = N_("counts_from, %(day)s, lies after the deadline %(deadline)s.")
        yield at(("counts_from",), "days", words, day=plan.counts_from, deadline=plan.deadline)
    yield from _term_faults(plan)
    before: date | None = None
    for index, phase in enumerate(plan.phases):
        inside = plan.starts_on <= phase.from_on <= phase.to_on <= plan.deadline
        if not inside or (before is not None and phase.from_on <= before):
            words = N_(
                "The phase %(name)s must lie between %(starts_on)s and %(deadline)s, and begin after the one before."
            )
            yield at(("phases", index, "from_on"), "days", words, name=phase.name, **days)
        before = phase.to_on


def _term_faults(plan: Plan) -> Iterator[Fault]:
    """Hold posts, industries and requirements to days in their order, posts and industries to days of the plan."""
    rows: dict[str, Sequence[PlanPost | PlanIndustry | Requirement]] = {
        "posts": plan.posts,
        "industries": plan.industries,
        "requirements": plan.requirements,
    }
    for table, listed in rows.items():
        for index, row in enumerate(listed):
            if row.from_on and row.to_on and row.to_on <= row.from_on:
                words = N_("to_on is the first day that no longer counts: it must lie after from_on = %(day)s.")
                yield at((table, index, "to_on"), "days", words, day=row.from_on)
            elif table != "requirements" and row.from_on and row.from_on > plan.deadline:
                words = N_("from_on, %(day)s, lies after the deadline %(deadline)s: it would never count.")
                yield at((table, index, "from_on"), "days", words, day=row.from_on, deadline=plan.deadline)


def _name_faults(plan: Plan, posts: Mapping[str, str]) -> Iterator[Fault]:
    for index, post in enumerate(plan.posts):
        if post.code not in posts:
            words = N_("There is no key post %(post)s. Known are: %(known)s")
            yield at(("posts", index, "code"), "unknown_post", words, post=post.code, known=_listed(posts))
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
                yield at(path, "division_repeated", words, division=division, industry=named)
    licensed = [n for n, industry in enumerate(plan.industries) if industry.licence]
    if len(licensed) > 1:
        words = N_("Only one industry can be taken in by hazardous licence; %(industry)s has licence = true already.")
        named = plan.industries[licensed[0]].name
        yield at(("industries", licensed[1], "licence"), "licence_repeated", words, industry=named)


def _listed(names: Mapping[str, str]) -> str:
    return " ".join(f"{code}（{name}）" for code, name in names.items())


def _twice(table: str, codes: Sequence[str]) -> Iterator[Fault]:
    counts: Counter[str] = Counter()
    for index, code in enumerate(codes):
        counts[code] += 1
        if counts[code] > 1:
            yield at((table, index, "code"), "code_repeated", TWICE, what=code)


def _requirement_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    for index, requirement in enumerate(plan.requirements):
        place = ("requirements", index)
        if requirement.post not in plan.post_names:
            words = N_("The plan names no post %(post)s. Its posts are: %(known)s")
            known = _listed(plan.post_names)
            yield at((*place, "post"), "unknown_post", words, post=requirement.post, known=known)
        if requirement.industry is not None and requirement.industry not in plan.industry_names:
            words = N_("The plan has no industry %(industry)s. Its industries are: %(known)s")
            known = _listed(plan.industry_names)
            yield at((*place, "industry"), "unknown_industry", words, industry=requirement.industry, known=known)
        for course in requirement.courses:
            if course not in categories:
                yield _unknown_course((*place, "courses"), course, categories)
        yield from _repeated((*place, "courses"), requirement.courses)
        yield from _offline_faults(place, requirement)


def _unknown_course(path: Path, course: str, known: Mapping[str, Sequence[str]]) -> Fault:
    near = get_close_matches(course, known, 1)
    if near:
        words = N_("There is no course %(course)s. Is %(near)s meant?")
        return at(path, "unknown_course", words, course=course, near=near[0])
    words = N_("There is no course %(course)s. The courses are: %(known)s")
    return at(path, "unknown_course", words, course=course, known=" ".join(sorted(known)))


def _offline_faults(place: Path, requirement: Requirement) -> Iterator[Fault]:
    for course in requirement.offline:
        if course not in requirement.courses:
            words = N_("%(course)s must be held in person, but is not among the courses of this requirement.")
            yield at((*place, "offline"), "offline_course", words, course=course)
    yield from _repeated((*place, "offline"), requirement.offline)


def _repeated(path: Path, courses: Sequence[str]) -> Iterator[Fault]:
    for course, count in Counter(courses).items():
        if count > 1:
            yield at(path, "code_repeated", TWICE, what=course)


def _indicator_faults(plan: Plan) -> Iterator[Fault]:
    for index, indicator in enumerate(plan.indicators):
        if (indicator.kind == "decrease") != (indicator.base_year is not None):
            words = N_("An indicator with kind = “decrease” needs base_year; one with “share” has none.")
            yield at(("indicators", index, "kind"), "base_year", words)
        for target in indicator.targets:
            ends = [end for end in (target.low, target.high) if end is not None]
            if not ends or ends != sorted(ends):
                words = N_("A target needs low, high or both, and low is not above high.")
                yield at(("indicators", index, "targets"), "target", words)
