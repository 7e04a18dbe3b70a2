"""The geometry of a path to full coverage: what was reached, what is needed from here, where the pace leads. Pure.

templates/_partials/path_chart.html puts ink on it; the frames are those of the other drawn figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.coverage.ledger import Tally, ratio
from app.coverage.queries.paths import Path
from app.kit.dates import add_days
from app.web.charts import Frame, Stretch

MARGIN, BESIDE = 150, 110
"""What is told of a dot stands left of it where the sheet's edge, or the deadline, is nearer than this."""


@dataclass(frozen=True)
class Mark:
    """A dot with its figures; `end` says that its text ends left of it instead of beginning right of it."""

    on: date
    tally: Tally
    x: float
    y: float
    end: bool

    @property
    def ratio(self) -> float | None:
        """Give the share that the dot stands for."""
        return ratio(self.tally.required, self.tally.covered)


@dataclass(frozen=True)
class PathChart:
    """A path, ready to be drawn: `past`, `later` (after the deadline), `needed` and `pace` (ahead) are polylines.

    goal: where the pace leads, at the deadline or on the day on which everybody is covered.
    """

    frame: Frame
    grid: tuple[tuple[int, float], ...]
    years: tuple[Stretch, ...]
    past: str
    later: str
    needed: str
    pace: str
    deadline: float
    deadline_on: date
    at_deadline: Mark | None
    dot: Mark | None
    goal: Mark | None


def path_chart(path: Path, frame: Frame) -> PathChart | None:
    """Place a path on a frame; None where nobody was ever to be trained."""
    drawn = [(day, tally) for day, tally in path.points if tally.required]
    if not drawn:
        return None
    plan = path.question.plan
    scale = _Scale(frame, plan.starts_on, plan.deadline, drawn[-1][0])
    by_day = dict(drawn)
    dot = _mark(scale, drawn[-1])
    led = [(day, tally) for day, tally in path.led if tally.required]
    goal = _mark(scale, led[-1]) if led else None
    return PathChart(
        frame=frame,
        grid=tuple((share, scale.y(share / 100)) for share in (0, 25, 50, 75, 100)),
        years=_years(scale),
        past=scale.line(point for point in drawn if point[0] <= plan.deadline),
        later=scale.line(point for point in drawn if point[0] >= plan.deadline),
        needed=f"{dot.x},{dot.y} {scale.x(plan.deadline)},{scale.y(1)}"
        if path.outlook and dot.on < plan.deadline
        else "",
        pace=scale.line([drawn[-1], *led]) if led else "",
        deadline=scale.x(plan.deadline),
        deadline_on=plan.deadline,
        at_deadline=_mark(scale, (plan.deadline, by_day[plan.deadline])) if plan.deadline in by_day else None,
        dot=dot,
        goal=goal,
    )


def _mark(scale: "_Scale", point: tuple[date, Tally]) -> Mark:
    day, tally = point
    x, deadline = scale.x(day), scale.x(scale.deadline)
    ends = x > scale.frame.width - MARGIN or deadline - BESIDE < x < deadline
    return Mark(day, tally, x, scale.y(ratio(*tally[:2]) or 0.0), ends)


class _Scale:
    """Days to x, shares to y."""

    def __init__(self, frame: Frame, start: date, deadline: date, last: date) -> None:
        self.frame, self.start, self.deadline, self.end = frame, start, deadline, max(deadline, last)

    def x(self, on: date) -> float:
        """Give the place of a day."""
        span = max((self.end - self.start).days, 1)
        share = (min(max(on, self.start), self.end) - self.start).days / span
        return round(self.frame.left + (self.frame.right - self.frame.left) * share, 1)

    def y(self, share: float) -> float:
        """Give the height of a share of 1."""
        return round(self.frame.bottom - (self.frame.bottom - self.frame.top) * share, 1)

    def line(self, points: Iterable[tuple[date, Tally]]) -> str:
        """Give the points of a line."""
        placed = [f"{self.x(day)},{self.y(tally.covered / tally.required)}" for day, tally in points]
        return " ".join(placed) if len(placed) > 1 else ""


def _years(scale: _Scale) -> tuple[Stretch, ...]:
    found = []
    for year in range(scale.start.year, scale.end.year + 1):
        first, last = scale.x(date(year, 1, 1)), scale.x(add_days(date(year + 1, 1, 1), -1))
        if last - first > (scale.frame.right - scale.frame.left) / 24:
            found.append(Stretch(str(year), first, round((first + last) / 2, 1), last))
    return tuple(found)
