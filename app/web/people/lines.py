"""A person's standing over time, ready to be shown: for each post in each plan a drawn line, and its steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from app.coverage.queries.steps import Line
from app.coverage.rules import Span
from app.coverage.steps import Evidence, Step
from app.ops.i18n import N_
from app.plans.queries import Plan
from app.web.people.timeline import Names

WIDE, NARROW = 1180, 350
EDGE = 4
WORDS = {
    "assigned": N_("Took up the post %(post)s"),
    "taken_in": N_("Taken in by the plan: %(region)s, %(industry)s"),
    "moved": N_("From here on counted in %(region)s, %(industry)s"),
    "begun": N_("Began “%(course)s”"),
    "failed": N_("Did not pass the exam of “%(course)s”: %(score)s points"),
    "passed": N_("Passed “%(course)s” with %(score)s points"),
    "attended": N_("Attended “%(course)s” in person, session %(number)s"),
    "elsewhere": N_("Completed “%(course)s” elsewhere"),
    "waived": N_("The requirement was waived"),
    "withdrawn": N_("A waiver was withdrawn"),
    "waiver_ended": N_("The waiver ended"),
    "revoked": N_("The certificate of “%(course)s” was revoked"),
    "outdated": N_("A new version of “%(course)s” has to be taken"),
    "expired": N_("The certificate of “%(course)s” expired"),
    "covered": N_("Covered from this day on"),
    "uncovered": N_("No longer covered from this day on"),
    "out": N_("No longer taken in by the plan"),
    "left": N_("No longer %(post)s"),
}
SIGNS = {
    "assigned": "started",
    "taken_in": "started",
    "begun": "in_progress",
    "passed": "held",
    "withdrawn": "expired",
    "waiver_ended": "expired",
    "out": "not_applicable",
    "left": "not_applicable",
}
"""The shape of a step's sign, where it is not that of its kind."""
MARKED = frozenset({"failed", "passed", "waived", "withdrawn", "revoked", "outdated", "expired", "moved"})


@dataclass(frozen=True)
class StepView:
    """A step in words (a msgid with its details), with its evidence.

    ahead: it lies after the day asked about; forecast: it is still to come.
    """

    on: date
    kind: str
    sign: str
    words: str
    details: Mapping[str, object] = field(default_factory=dict)
    recorded_at: datetime | None = None
    evidence: Evidence = field(default_factory=Evidence)
    ahead: bool = False
    forecast: bool = False


@dataclass(frozen=True)
class Bar:
    """A stretch of time with one standing: covered, waived or uncovered; `ahead`: after the day asked about."""

    kind: str
    x: float
    width: float
    ahead: bool


@dataclass(frozen=True)
class Drawing:
    """A line of standing on a sheet so wide: bars, signs of steps, years, the plan's deadline, the day asked about."""

    width: int
    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int], ...]
    deadline: float
    on: float


@dataclass(frozen=True)
class Lacking:
    """A required course that is not held: why, and whether only training in person meets it."""

    title: str
    reason: str
    offline: bool


@dataclass(frozen=True)
class LineView:
    """A post in a plan: what it is worth on the day (covered, waived, uncovered, '' not required), and how it came."""

    plan: Plan
    post: str
    enterprise: str
    standing: str
    on: date
    wide: Drawing
    narrow: Drawing
    steps: tuple[StepView, ...]
    missing: tuple[Lacking, ...]


def line_views(
    lines: Sequence[Line], names: Names, region: Callable[[str], str], on: date, today: date
) -> tuple[LineView, ...]:
    """Shape lines for a page, plans that still run first; the steps latest first."""
    ordered = sorted(lines, key=lambda one: (one.plan.deadline < today, one.plan.deadline, one.assignment.starts_on))
    return tuple(_view(line, names, region, on, today) for line in ordered)


def _view(line: Line, names: Names, region: Callable[[str], str], on: date, today: date) -> LineView:
    now = next((span for span in line.spans if span.from_on <= on < span.until_on), None)
    told = [
        replace(_step(step, line, names, region), ahead=step.on > on, forecast=step.on > today) for step in line.steps
    ]
    return LineView(
        plan=line.plan,
        post=names.post(line.assignment.post),
        enterprise=line.assignment.enterprise,
        standing=_kind(now) if now else "",
        on=on,
        wide=drawing(line, on, WIDE),
        narrow=drawing(line, on, NARROW),
        steps=tuple(told[::-1]),
        missing=tuple(Lacking(names.course(one.course), one.reason, one.offline) for one in line.missing),
    )


def _step(step: Step, line: Line, names: Names, region: Callable[[str], str]) -> StepView:
    industries = line.plan.industry_names
    evidence = step.evidence
    score = None if evidence.score is None else round(evidence.score)
    said = step.kind
    if step.kind == "passed" and (score is None or evidence.attempt_id is None):
        said = "attended" if evidence.origin == "session" else "elsewhere"
    details = {
        "post": names.post(line.assignment.post),
        "course": names.course(step.course),
        "region": region(evidence.region),
        "industry": industries.get(evidence.industry, evidence.industry),
        "score": score,
        "number": evidence.reference,
    }
    sign = SIGNS.get(step.kind, step.kind)
    return StepView(step.on, step.kind, sign, WORDS[said], details, step.recorded_at, evidence)


def drawing(line: Line, on: date, width: int) -> Drawing:
    """Place a line on a sheet; it runs from the plan's start to its deadline, or to the day asked about if later."""
    start, end = line.plan.starts_on, max(line.plan.deadline, on)
    days = max((end - start).days, 1)

    def x(day: date) -> float:
        inside = min(max(day, start), end)
        return round(EDGE + (width - 2 * EDGE) * (inside - start).days / days, 1)

    bars = [bar for span in line.spans for bar in _bars(span, on, end, x)]
    marks = [(x(step.on), step.kind) for step in line.steps if step.kind in MARKED and start <= step.on <= end]
    first_days = [date(year, 1, 1) for year in range(start.year, end.year + 1)]
    return Drawing(
        width=width,
        bars=tuple(bars),
        marks=tuple(dict.fromkeys(marks)),
        years=tuple((x(max(day, start)), day.year) for day in first_days),
        deadline=x(line.plan.deadline),
        on=x(on),
    )


def _bars(span: Span, on: date, end: date, x: Callable[[date], float]) -> list[Bar]:
    """Cut a span at the day asked about: what comes after it is drawn as ahead."""
    cut, last = on + timedelta(days=1), end + timedelta(days=1)
    parts = [
        (span.from_on, min(span.until_on, cut, last), False),
        (max(span.from_on, cut), min(span.until_on, last), True),
    ]
    return [
        Bar(_kind(span), x(first), round(max(x(until) - x(first), 1.0), 1), ahead)
        for first, until, ahead in parts
        if first < until
    ]


def _kind(span: Span) -> str:
    return "waived" if span.waived else "covered" if span.covered else "uncovered"
