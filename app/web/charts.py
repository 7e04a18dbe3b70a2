"""The geometry of drawn figures: numbers in, coordinates out. templates/_partials/charts.html puts ink on them.

Pure, so that a picture can be checked without a browser. A ratio is a share of 1; lines leave out days without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FULL = 1000
"""Width of a stacked bar."""
GAP = 3
ASIDE = 14
TEXT = 130
"""Width of the figures beside a dot."""
LEAST = 4
"""Width of the smallest part that is not nothing, so that it can be seen."""


@dataclass(frozen=True)
class Frame:
    """The sheet to draw on, and where on it the scale from 0 to 100 % stands."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


WIDE = Frame(width=872, height=392, left=44, right=722, top=52, bottom=360)
NARROW = Frame(width=350, height=254, left=38, right=338, top=48, bottom=222)
PHASES = 32
"""How much higher the sheet is when phases stand under the years."""


@dataclass(frozen=True)
class Sample:
    """What stood on a day; `ratio` is None where nothing was required."""

    on: date
    required: int
    covered: int
    ratio: float | None


@dataclass(frozen=True)
class Story:
    """What a trend tells: a plan's days, the day asked about, today, and the samples in order of their day."""

    starts_on: date
    deadline: date
    on: date
    today: date
    samples: tuple[Sample, ...]
    phases: tuple[tuple[str, date, date], ...] = ()


@dataclass(frozen=True)
class Dot:
    """A sample with its place."""

    sample: Sample
    x: float
    y: float


@dataclass(frozen=True)
class Stretch:
    """A named stretch of the time axis: a year, or a phase of the plan."""

    name: str
    start: float
    middle: float
    end: float


@dataclass(frozen=True)
class LineChart:
    """A trend, ready to be drawn: `past`, `later` (after the deadline) and `ahead` (days to come) are polylines."""

    frame: Frame
    height: int
    grid: tuple[tuple[int, float], ...]
    years: tuple[Stretch, ...]
    phases: tuple[Stretch, ...]
    past: str
    later: str
    ahead: str
    even: tuple[float, float, float, float]
    deadline: float
    deadline_on: date
    dot: Dot | None
    at_deadline: Dot | None
    latest: Dot | None
    """What was caught up until the last sample after the deadline, when that is not the day asked about."""
    expected: float | None
    expected_y: float

    @property
    def told(self) -> Dot | None:
        """Give the dot told beside the line: the latest, or the day asked about unless it is the deadline."""
        return self.latest or (None if self.dot == self.at_deadline else self.dot)

    @property
    def told_x(self) -> float:
        """Give where these figures begin: beside the dot, or right of the scale when it would cut through them."""
        x = self.told.x + ASIDE if self.told else 0.0
        return x if x + TEXT < self.frame.right else max(x, self.frame.right + ASIDE / 2)

    @property
    def behind(self) -> float | None:
        """Give by how much the day asked about lies under the even path; negative above it; None after the deadline."""
        if self.dot is None or self.dot.sample.ratio is None or self.expected is None:
            return None
        return self.expected - self.dot.sample.ratio


@dataclass(frozen=True)
class Part:
    """A part of a whole: its code and its count, from `x` on, `width` wide, on a scale of 1000."""

    code: str
    count: int
    x: float
    width: float


def line_chart(story: Story, frame: Frame) -> LineChart:
    """Place a trend on a frame: the axis runs from the plan's start to the deadline, or to the last sample after it."""
    last = story.samples[-1].on if story.samples else story.deadline
    scale = _Scale(frame, story.starts_on, max(story.deadline, last))
    drawn = [s for s in story.samples if s.ratio is not None]
    bounds = (story.deadline, min(story.today, last))
    expected = even_share(story, story.on) if story.on < story.deadline else None
    return LineChart(
        frame=frame,
        height=frame.height + (PHASES if story.phases and frame is WIDE else 0),
        grid=tuple((share, scale.y(share / 100)) for share in (0, 25, 50, 75, 100)),
        years=_years(scale, story.starts_on, scale.end),
        phases=tuple(_stretch(scale, *phase) for phase in story.phases),
        past=scale.polyline(s for s in drawn if s.on <= min(bounds)),
        later=scale.polyline(s for s in drawn if bounds[0] <= s.on <= bounds[1]),
        ahead=scale.polyline(s for s in drawn if s.on >= bounds[1]),
        even=(scale.x(story.starts_on), scale.y(0), scale.x(story.deadline), scale.y(1)),
        deadline=scale.x(story.deadline),
        deadline_on=story.deadline,
        dot=scale.dot(drawn, story.on),
        at_deadline=scale.dot(drawn, story.deadline) if story.on >= story.deadline else None,
        latest=scale.dot(drawn, last) if last > max(story.on, story.deadline) <= story.today else None,
        expected=expected,
        expected_y=scale.y(expected or 0),
    )


def even_share(story: Story, on: date) -> float:
    """Give what an even path from nothing to all would have reached at the end of a day, 0 to 1."""
    days = (story.deadline - story.starts_on).days + 1
    return min(max(((on - story.starts_on).days + 1) / days, 0.0), 1.0)


def stacked(counts: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """Place parts side by side with gaps; parts of nothing are left out, and the smallest stays visible."""
    listed = [(code, count) for code, count in counts if count]
    whole = sum(count for _, count in listed)
    room = FULL - GAP * (len(listed) - 1) - LEAST * len(listed)
    found: list[Part] = []
    x = 0.0
    for code, count in listed:
        width = LEAST + room * count / whole
        found.append(Part(code, count, round(x, 1), round(width, 1)))
        x += width + GAP
    return tuple(found)


class _Scale:
    """Days to x, shares to y."""

    def __init__(self, frame: Frame, start: date, end: date) -> None:
        self.frame = frame
        self.start = start
        self.end = end

    def x(self, on: date) -> float:
        """Give the place of a day."""
        span = max((self.end - self.start).days, 1)
        share = (min(max(on, self.start), self.end) - self.start).days / span
        return round(self.frame.left + (self.frame.right - self.frame.left) * share, 1)

    def y(self, share: float) -> float:
        """Give the height of a share of 1."""
        return round(self.frame.bottom - (self.frame.bottom - self.frame.top) * share, 1)

    def polyline(self, samples: Iterable[Sample]) -> str:
        """Give the points of a line."""
        points = [f"{self.x(s.on)},{self.y(s.ratio)}" for s in samples if s.ratio is not None]
        return " ".join(points) if len(points) > 1 else ""

    def dot(self, samples: Sequence[Sample], on: date) -> Dot | None:
        """Place the sample of a day, None when there is none."""
        found = next((s for s in samples if s.on == on), None)
        return None if found is None or found.ratio is None else Dot(found, self.x(on), self.y(found.ratio))


def _stretch(scale: _Scale, name: str, start: date, end: date) -> Stretch:
    first, last = scale.x(start), scale.x(end)
    return Stretch(name, first, round((first + last) / 2, 1), last)


def _years(scale: _Scale, start: date, end: date) -> tuple[Stretch, ...]:
    years = range(start.year, end.year + 1)
    found = [_stretch(scale, str(y), max(date(y, 1, 1), start), min(date(y, 12, 31), end)) for y in years]
    least = (scale.frame.right - scale.frame.left) / 24
    return tuple(year for year in found if year.end - year.start > least)
