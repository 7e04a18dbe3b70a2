"""What the bureau's pages show: frozen values, filled by the routes, read by the templates."""

from dataclasses import dataclass
from datetime import date

from app.coverage.ledger import Tally, ratio
from app.coverage.queries import EnterpriseRow
from app.coverage.queries.settlements import Settled
from app.web.bureau.asking import Asked
from app.web.charts import LineChart, Part, Sample, stacked


@dataclass(frozen=True)
class Figure:
    """A coverage figure with its fraction."""

    required: int
    covered: int
    ratio: float | None
    waived: int = 0

    @property
    def missing(self) -> int:
        """Give how many are not covered."""
        return self.required - self.covered

    def of(self, held: str) -> int:
        """Give how many are "missing", "covered" or "waived"; of '' all required."""
        return {"missing": self.missing, "covered": self.covered, "waived": self.waived}.get(held, self.required)


def figure(tally: Tally) -> Figure:
    """Shape a tally for the page."""
    return Figure(tally.required, tally.covered, ratio(tally.required, tally.covered), tally.waived)


@dataclass(frozen=True)
class Standing:
    """What limits a figure: enterprises, those declared, those with a stale roster; people on rosters, and insured."""

    enterprises: int
    declared: int
    stale: int
    roster: int
    insured: int

    @property
    def undeclared(self) -> int:
        """Give how many have not declared."""
        return self.enterprises - self.declared

    @property
    def fresh(self) -> int:
        """Give how many have declared and confirmed their roster lately."""
        return self.declared - self.stale

    @property
    def freshness(self) -> tuple[Part, ...]:
        """Give fresh, stale and undeclared rosters as parts of a bar."""
        return stacked((("fresh", self.fresh), ("stale", self.stale), ("undeclared", self.undeclared)))


@dataclass(frozen=True)
class PlaceLine:
    """A region's line; `heat` is 1 to 5, 0 where nothing is required; `within` names the region between, if any.

    own: not the region with everything below it, but what lies directly under it (本级).
    """

    code: str
    name: str
    figure: Figure
    standing: Standing
    full: bool
    heat: int
    own: bool = False
    within: str = ""


@dataclass(frozen=True)
class RankLine:
    """An industry or a post in a ranking."""

    code: str
    name: str
    figure: Figure


@dataclass(frozen=True)
class Cell:
    """A post in an industry; `heat` is 1 to 5, 0 where nothing is required."""

    post: str
    industry: str
    industry_name: str
    figure: Figure
    heat: int
    post_name: str


@dataclass(frozen=True)
class MatrixRow:
    """A post with its cells and its sum."""

    post: str
    name: str
    cells: tuple[Cell, ...]
    total: Figure


@dataclass(frozen=True)
class Matrix:
    """Posts by industries, with sums both ways; `steps`: the per cents from which on a cell is deeper."""

    industries: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[Figure, ...]
    total: Figure
    lowest: tuple[MatrixRow, Cell] | None
    steps: tuple[int, ...]


@dataclass(frozen=True)
class EnterpriseLine:
    """An enterprise in a list; what it has is not known while it is undeclared."""

    id: int
    name: str
    region: str
    industry: str
    status: str
    figure: Figure
    roster: int
    insured: int
    confirmed_on: date | None
    stale: bool


def enterprise_line(row: EnterpriseRow, asked: Asked) -> EnterpriseLine:
    """Shape an enterprise for a list."""
    sums = row.figures
    return EnterpriseLine(
        id=row.id,
        name=row.name,
        region=row.region_name,
        industry=asked.industries.get(row.industry, row.industry),
        status=row.status,
        figure=Figure(sums.required, sums.covered, sums.ratio, sums.waived),
        roster=row.roster,
        insured=row.insured,
        confirmed_on=row.confirmed_on,
        stale=row.stale,
    )


@dataclass(frozen=True)
class OverviewPage:
    """Coverage of a region: the headline, what limits it, how it came about, and where it is missing.

    `other` is the figure of key enterprises alone, or of all when the page is about key enterprises. `samples` are the
    ends of years and the days told apart in the chart. `reasons` is
    empty where counting would take long. deeper: there are regions below those below. settled: the settlement of just
    this plan, region and day that stands.
    """

    asked: Asked
    figure: Figure
    standing: Standing
    other: Figure
    wide: LineChart | None
    narrow: LineChart | None
    samples: tuple[Sample, ...]
    below: str
    deeper: bool
    level: str
    view: str
    order: str
    places: tuple[PlaceLine, ...]
    matrix: Matrix
    industries: tuple[RankLine, ...]
    posts: tuple[RankLine, ...]
    gaps: tuple[Cell, ...]
    statuses: tuple[Part, ...]
    reasons: tuple[Part, ...]
    neediest: tuple[EnterpriseLine, ...]
    settled: Settled | None
