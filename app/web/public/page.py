"""Fills the public pages: which one, its figures (kept for the day, for they cannot change), and the picture."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from weakref import WeakKeyDictionary

from app.coverage import publications
from app.coverage.disclosure import Cell, Shown
from app.coverage.ledger import ratio
from app.coverage.queries.public import PublicFigures, public_chain, public_figures
from app.kit.dates import day_of, end_of
from app.kit.errors import not_found
from app.ops.db import Database, Session
from app.ops.replay import is_settling
from app.organisations import regions
from app.plans import queries as plans
from app.reports.public import PublicReport, Say, by_status, name_of, withheld
from app.web import charts
from app.workflows import nightly_check

KEPT = 256
Key = tuple[str, tuple[str, ...], date]


@dataclass(frozen=True)
class Line:
    """A row of a public table; `link` leads to the region's own page when that is public too."""

    name: str
    cell: Cell
    ratio: float | None
    link: str = ""


@dataclass(frozen=True)
class TablePart:
    """A public table, best first; `merged` other rows are united in the last line."""

    lines: tuple[Line, ...]
    other: Line | None
    merged: int

    @property
    def counted(self) -> bool:
        """Say whether enterprises are counted in it."""
        return all(line.cell.enterprises is not None for line in self.lines)

    @property
    def worth_showing(self) -> bool:
        """Say whether it tells more than the total does."""
        return len(self.lines) + (self.other is not None) > 1


@dataclass(frozen=True)
class OpenPage:
    """A region's public coverage, or why it is withheld: `small`, `united_above` or None."""

    report: PublicReport
    withheld: str | None
    ratio: float | None
    below: str
    regions: TablePart
    industries: TablePart
    posts: TablePart
    statuses: tuple[charts.Part, ...]
    wide: charts.LineChart | None
    narrow: charts.LineChart | None
    above_name: str
    preview: bool = False


@dataclass(frozen=True)
class IndexLine:
    """A public page: where it is, and of what."""

    address: str
    region: str
    plan: str
    since: datetime


@dataclass(frozen=True)
class IndexPage:
    """All public pages."""

    lines: tuple[IndexLine, ...]


class _Shelf:
    """Keeps the figures of a database's public pages; what was known at the end of a day does not change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, PublicFigures] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> PublicFigures | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Key, figures: PublicFigures) -> None:
        with self._lock:
            self._kept[key] = figures
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_SHELVES: WeakKeyDictionary[Database, _Shelf] = WeakKeyDictionary()


def index(session: Session) -> IndexPage:
    """List what is public."""
    tree = regions.tree(session)
    names = {plan.code: plan.name for plan in plans.plans(session)}
    lines = [
        IndexLine(address_of(row.region, row.plan), tree.name(row.region), names.get(row.plan, row.plan), row.begun_at)
        for row in publications.in_force(session)
    ]
    return IndexPage(tuple(lines))


def address_of(region: str, plan: str) -> str:
    """Give the path of a public page."""
    return f"/open/{region}/{plan}"


def report(
    database: Database, session: Session, region: str, plan: str, site: str, now: datetime, *, preview: bool = False
) -> tuple[PublicReport, frozenset[str]]:
    """Give a published region's figures, and which regions are public under the plan; Problem 404 when it is not.

    A preview takes the region as public.
    """
    public = frozenset(row.region for row in publications.in_force(session, plan))
    tree = regions.tree(session)
    chain = public_chain(tree, region, public | {region} if preview else public)
    if not chain:
        raise not_found()
    figures = _figures(database, session, plan, chain, tree, now)
    checked = nightly_check.last_check(session)
    made = PublicReport(
        figures=figures,
        region_name=tree.name(region),
        address=site + address_of(region, plan),
        above=site + address_of(figures.above, plan) if figures.above else None,
        checked_at=checked.at if checked else None,
        differences=checked.findings if checked else 0,
        names=tree.names,
    )
    return made, public


def _figures(
    database: Database, session: Session, plan: str, chain: tuple[str, ...], tree: regions.RegionTree, now: datetime
) -> PublicFigures:
    today = day_of(now)
    shelf, key = _SHELVES.setdefault(database, _Shelf()), (plan, chain, today)
    found = shelf.get(key)
    if found is None:
        found = public_figures(session, plan, tree, chain, today, now)
        if not is_settling(end_of(found.known_on), now):  # else something of yesterday may still be on its way
            shelf.put(key, found)
    return found


def page(made: PublicReport, public: frozenset[str], say: Say, *, preview: bool = False) -> OpenPage:
    """Shape a page."""
    figures, total = made.figures, made.figures.total
    story = _story(figures) if figures.past else None
    links = {code: address_of(code, figures.plan.code) for code in public - {figures.region}}
    return OpenPage(
        report=made,
        withheld=withheld(figures),
        ratio=ratio(total.required, total.covered) if total else None,
        below=_below(figures.region),
        regions=_part(figures.regions, made, say, links),
        industries=_part(figures.industries, made, say, {}),
        posts=_part(figures.posts, made, say, {}),
        statuses=charts.stacked((by_status(figures) or {}).items()),
        wide=charts.line_chart(story, charts.WIDE) if story else None,
        narrow=charts.line_chart(story, charts.NARROW) if story else None,
        above_name=made.names.get(figures.above or "", ""),
        preview=preview,
    )


def _below(region: str) -> str:
    if region == regions.ROOT_CODE:
        return "province"
    if region.endswith("0000"):
        return "city"
    return "county" if region.endswith("00") else "part"


def _part(shown: Shown, made: PublicReport, say: Say, links: dict[str, str]) -> TablePart:
    lines = [
        Line(name_of(cell, made, say), cell, ratio(cell.required, cell.covered), links.get(cell.code, ""))
        for cell in shown.rows
        if not cell.empty
    ]
    lines.sort(key=lambda line: (line.cell.code == made.figures.region, line.ratio is None, -(line.ratio or 0)))
    other = shown.other
    united = Line("", other, ratio(other.required, other.covered)) if other else None
    return TablePart(tuple(lines), united, shown.merged)


def _story(figures: PublicFigures) -> charts.Story:
    plan = figures.plan
    samples = (charts.Sample(s.on, s.required, s.covered, ratio(s.required, s.covered)) for s in figures.past)
    return charts.Story(
        starts_on=plan.starts_on,
        deadline=plan.deadline,
        on=figures.on,
        today=figures.known_on,
        samples=tuple(samples),
        phases=tuple((phase.name, phase.from_on, phase.to_on) for phase in plan.phases),
    )
