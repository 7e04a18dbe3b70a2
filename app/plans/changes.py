"""What a plan says differently from another, and from which day on that can change figures: pure.

A change names codes, never words: who shows it knows the names. `from_on` is the first day whose figures it can alter
(None: none), `until_on` the first day they are as before again (None: never).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.kit.offline import marked
from app.plans.shapes import Plan, PlanIndustry, PlanPost, Requirement, counts

DAY = timedelta(days=1)
WORDS = ("name", "short_name", "source", "note", "report_on")
RULES = ("provisional", "daily_cap_hours", "credit_hour_minutes", "retention_years")
Counted = PlanPost | PlanIndustry
Step = tuple[date, date | None, tuple[str, ...], tuple[str, ...]]
"""From a day until another, courses no longer required and courses newly required."""


@dataclass(frozen=True)
class Change:
    """One difference. `kind` is a field's name, or one of regions, post_added, post_removed, post_renamed,
    post_expected, post_term, industry_added, industry_removed, industry_renamed, industry_divisions,
    industry_licence, industry_term, requirement, phases, indicators.

    subject: the post or industry; industry: of a requirement, None: any. before and after: what it was and is, or what
    went and what came (regions, divisions, courses); of a term its two days, '' for none.
    """  # noqa: D205 - one list of kinds

    kind: str
    subject: str = ""
    industry: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None

    def past(self, today: date) -> tuple[date, date] | None:
        """Give the first and last day already over whose figures this can alter; None when there is none."""
        if self.from_on is None or self.from_on >= today:
            return None
        return self.from_on, min(today, self.until_on or today) - DAY


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Give every difference between two plans, in the order in which a plan file says things."""
    first = min(before.starts_on, after.starts_on)
    found = [*_fields(before, after, WORDS), *_days(before, after, first), *_regions(before, after, first)]
    found += [*_posts(before, after, first), *_industries(before, after, first)]
    found += [*_requirements(before, after, first), *_fields(before, after, RULES)]
    found += [Change(kind) for kind in ("phases", "indicators") if getattr(before, kind) != getattr(after, kind)]
    return tuple(found)


def past_days(plan: Plan, found: tuple[Change, ...], today: date, *, new: bool) -> tuple[date, date] | None:
    """Give the first and last day already over whose figures publishing a plan can alter; None when there is none.

    A new plan has no figures yet; publishing it gives them to every day since it began.
    """
    spans = [change.past(today) for change in found]
    if new:
        spans = [Change("new", from_on=plan.starts_on).past(today)]
    days = [span for span in spans if span is not None]
    return (min(first for first, _ in days), max(last for _, last in days)) if days else None


def _fields(before: Plan, after: Plan, names: tuple[str, ...]) -> Iterator[Change]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(name, before=(_text(old),), after=(_text(new),))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _days(before: Plan, after: Plan, first: date) -> Iterator[Change]:
    """Compare the three days; a deadline decides about assignments that start after it."""
    since = {"starts_on": first, "counts_from": first, "deadline": min(before.deadline, after.deadline)}
    since["deadline"] += DAY if since["deadline"] < date.max else timedelta()
    for name, from_on in since.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(name, before=(old.isoformat(),), after=(new.isoformat(),), from_on=from_on)


def _regions(before: Plan, after: Plan, first: date) -> Iterator[Change]:
    gone, come = _apart(before.regions, after.regions)
    if gone or come:
        yield Change("regions", before=gone, after=come, from_on=first)


def _posts(before: Plan, after: Plan, first: date) -> Iterator[Change]:
    old, new = {p.code: p for p in before.posts}, {p.code: p for p in after.posts}
    for code in dict.fromkeys([*old, *new]):
        if code not in old:
            since, until = _days_of(new[code], first)
            yield Change("post_added", code, after=("1" if new[code].expected else "",), from_on=since, until_on=until)
        elif code not in new:
            since, until = _days_of(old[code], first)
            yield Change("post_removed", code, from_on=since, until_on=until)
        else:
            yield from _term("post_term", old[code], new[code], first)
            if old[code].name != new[code].name:
                yield Change("post_renamed", code, before=(old[code].name,), after=(new[code].name,))
            if old[code].expected != new[code].expected:
                said = _text(old[code].expected), _text(new[code].expected)
                yield Change("post_expected", code, before=said[:1], after=said[1:], from_on=first)


def _industries(before: Plan, after: Plan, first: date) -> Iterator[Change]:
    old, new = {i.code: i for i in before.industries}, {i.code: i for i in after.industries}
    for code in dict.fromkeys([*old, *new]):
        if code not in old:
            since, until = _days_of(new[code], first)
            yield Change("industry_added", code, after=new[code].divisions, from_on=since, until_on=until)
        elif code not in new:
            since, until = _days_of(old[code], first)
            yield Change("industry_removed", code, before=old[code].divisions, from_on=since, until_on=until)
        else:
            yield from _term("industry_term", old[code], new[code], first)
            yield from _industry(old[code], new[code], first)


def _industry(old: PlanIndustry, new: PlanIndustry, first: date) -> Iterator[Change]:
    if old.name != new.name:
        yield Change("industry_renamed", old.code, before=(old.name,), after=(new.name,))
    gone, come = _apart(old.divisions, new.divisions)
    if gone or come:
        yield Change("industry_divisions", old.code, before=gone, after=come, from_on=first)
    if old.licence != new.licence:
        said = _text(old.licence), _text(new.licence)
        yield Change("industry_licence", old.code, before=said[:1], after=said[1:], from_on=first)


def _days_of(counted: Counted, first: date) -> tuple[date, date | None]:
    return max(counted.from_on or first, first), counted.to_on


def _term(kind: str, old: Counted, new: Counted, first: date) -> Iterator[Change]:
    """Compare when a post or an industry counts: the days between the two firsts, and those between the two ends."""
    was, now = ((_text(one.from_on), _text(one.to_on)) for one in (old, new))
    if was == now:
        return
    terms = [_days_of(one, first) for one in (old, new)]
    firsts, ends = sorted(term[0] for term in terms), sorted(term[1] or date.max for term in terms)
    spans = [(a, b) for a, b in (firsts, ends) if a != b]
    since, until = min((a for a, _ in spans), default=None), max((b for _, b in spans), default=None)
    yield Change(kind, old.code, None, was, now, since, None if until == date.max else until)


def _requirements(before: Plan, after: Plan, first: date) -> Iterator[Change]:
    """Compare what each post must hold on every day; what is the same in all industries is said once."""
    industries = [*dict.fromkeys(i.code for plan in (before, after) for i in plan.industries)]
    for post in dict.fromkeys(p.code for plan in (before, after) for p in plan.posts):
        steps: dict[Step, list[str]] = {}
        for industry in industries:
            for step in _steps(before, after, post, industry, first):
                steps.setdefault(step, []).append(industry)
        for (from_on, until_on, gone, come), where in sorted(steps.items(), key=lambda item: item[0][0]):
            for place in [None] if len(where) == len(industries) else where:
                yield Change("requirement", post, place, gone, come, from_on, until_on)


def _steps(before: Plan, after: Plan, post: str, industry: str, first: date) -> list[Step]:
    dated: list[Counted | Requirement] = []
    for plan in (before, after):
        dated += [*plan.requirements, *plan.posts, *plan.industries]
    days = {day for row in dated for day in (row.from_on, row.to_on) if day}
    cuts = [first, *sorted(day for day in days if day > first), None]
    found: list[Step] = []
    for day, until in pairwise(cuts):
        if day is None or not any(_in(plan, industry, day) for plan in (before, after)):
            continue
        gone, come = _apart(*(_demanded(plan, post, industry, day) for plan in (before, after)))
        if not gone and not come:
            continue
        if found and found[-1][1:] == (day, gone, come):
            found[-1] = (found[-1][0], until, gone, come)
        else:
            found.append((day, until, gone, come))
    return found


def _in(plan: Plan, industry: str, on: date) -> bool:
    return any(one.code == industry and counts(one, on) for one in plan.industries)


def _demanded(plan: Plan, post: str, industry: str, on: date) -> tuple[str, ...]:
    """Give what a post must hold; a course that must be held in person is another than the same one online."""
    offline = plan.offline(post, industry, on)
    return tuple(marked(course) if course in offline else course for course in plan.courses(post, industry, on))


def _apart(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(c for c in before if c not in after), tuple(c for c in after if c not in before)
