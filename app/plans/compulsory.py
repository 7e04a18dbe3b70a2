"""The compulsory content (必学内容) that a plan must teach every post in every industry while both count: pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from app.catalogue.shapes import CATEGORIES
from app.kit.words import N_
from app.plans.faults import Detail, Fault, at
from app.plans.shapes import Plan, PlanIndustry, PlanPost, counts

TAUGHT: Final = {
    "policy": N_("Policy and law"),
    "prevention": N_("Accident prevention"),
    "warning": N_("Warning examples"),
}


def content_faults(plan: Plan, categories: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Hold every post in every industry to the compulsory content, on every day on which something changes.

    Only while both count: a post or an industry may join the plan later, and leave it earlier, by days of its own.
    """
    for index, post in enumerate(plan.posts):
        lacking: dict[tuple[str, ...], tuple[PlanIndustry, date]] = {}
        for industry in plan.industries:
            for day in _turning_days(plan, post, industry):
                held = {c for course in plan.courses(post.code, industry.code, day) for c in categories.get(course, ())}
                missing = tuple(TAUGHT[c] for c in CATEGORIES if c not in held)
                if missing:
                    lacking.setdefault(missing, (industry, day))
        for missing, (industry, day) in lacking.items():
            yield _content_fault(plan, index, industry, day, missing)


def _turning_days(plan: Plan, post: PlanPost, industry: PlanIndustry) -> list[date]:
    days = {day for r in plan.requirements for day in (r.from_on, r.to_on) if day}
    days |= {day for one in (post, industry) for day in (one.from_on, one.to_on) if day}
    turning = [plan.starts_on, *sorted(day for day in days if plan.starts_on < day <= plan.deadline)]
    return [day for day in turning if counts(post, day) and counts(industry, day)]


def _content_fault(plan: Plan, index: int, industry: PlanIndustry, day: date, missing: tuple[str, ...]) -> Fault:
    """Tell a day without the compulsory content; where there is no course at all, how to let it count on other days."""
    post, place = plan.posts[index], ("posts", index, "code")
    details: dict[str, Detail] = {"post": post.name, "industry": industry.name, "day": day}
    days = _turning_days(plan, post, industry)
    taught = [on for on in days if plan.courses(post.code, industry.code, on)]
    if day in taught or not taught:
        words = N_(
            "%(post)s in %(industry)s lacks compulsory content on %(day)s: %(missing)s. Add courses that teach it."
        )
        return at(place, "compulsory_content", words, **details, missing=missing)
    table, named = ("industries", industry.name) if _elsewhere(plan, post, industry, day) else ("posts", post.name)
    if day < taught[0]:
        words = N_(
            "%(post)s in %(industry)s has no course on %(day)s, only from %(turn)s on. If “%(named)s” counts from that "
            "day, write from_on = %(turn)s under its [[%(table)s]]; if it counts before, begin its courses earlier."
        )
        return at(place, "compulsory_content", words, **details, turn=taught[0], table=table, named=named)
    words = N_(
        "%(post)s in %(industry)s has no course from %(day)s on. If “%(named)s” no longer counts from that day, write "
        "to_on = %(day)s under its [[%(table)s]]; if it still counts, let its courses go on."
    )
    return at(place, "compulsory_content", words, **details, table=table, named=named)


def _elsewhere(plan: Plan, post: PlanPost, industry: PlanIndustry, day: date) -> bool:
    """Say whether a post has courses in another industry on a day: then it is the industry that is new, or over."""
    return any(
        plan.courses(post.code, other.code, day)
        for other in plan.industries
        if other != industry and counts(other, day)
    )
