"""What a region shows to the public: sums as known at the end of yesterday, with nothing in them about a few people.

The figures of a day so known never change again, so a page is the same all day, and may be kept. See
app/coverage/disclosure.py for what is united or withheld, and why.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from app.coverage.disclosure import LEAST, Cell, Shown, protect, rounded_off
from app.coverage.ledger import OWN
from app.coverage.queries.answers import Answer, Figures, Row
from app.coverage.queries.asking import Ask, By
from app.coverage.queries.figures import coverage
from app.coverage.queries.trends import Point, trend
from app.kit.dates import add_days, end_of
from app.kit.scope import Scope
from app.organisations.regions import RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan

NOTHING = Shown(withheld=True)


@dataclass(frozen=True)
class Sample:
    """What stood at the end of a day."""

    on: date
    required: int
    covered: int


@dataclass(frozen=True)
class PublicFigures:
    """A region's public figures on `on` as known at the end of `known_on`.

    total: None when it is about too few; `united_above`: because the page of a region above unites it with others.
    waived: None when it is about fewer than LEAST people. above: the highest public region above (its page has the
    waived, industries, posts and the past); then these are withheld here.
    """

    plan: Plan
    region: str
    on: date
    known_on: date
    total: Cell | None
    united_above: bool
    above: str | None
    waived: int | None
    stale: int
    statuses: Mapping[str, int]
    regions: Shown = NOTHING
    industries: Shown = NOTHING
    posts: Shown = NOTHING
    past: tuple[Sample, ...] = ()


def public_chain(tree: RegionTree, region: str, public: Collection[str]) -> tuple[str, ...]:
    """Give the regions from the highest public one down to a public region; empty when that is not public itself."""
    above = [row.code for row in tree.ancestors(region)]
    if region not in public or region not in above:
        return ()
    first = next(position for position, code in enumerate(above) if code in public)
    return tuple(above[first:])


def public_figures(
    session: Session, plan_code: str, tree: RegionTree, chain: Sequence[str], today: date, now: datetime
) -> PublicFigures:
    """Give the public figures of the last region of a chain (see public_chain); Problem 404 for an unknown plan."""
    return _Reader(session, plan_code, tree, today, now).figures(chain)


class _Reader:
    """Asks coverage for the parts of a page, each region as one who reaches that region alone."""

    def __init__(self, session: Session, plan_code: str, tree: RegionTree, today: date, now: datetime) -> None:
        self.session, self.tree, self.today, self.now = session, tree, today, now
        self.known_on = add_days(today, -1)
        self.plan = _plan_known(session, plan_code, self.known_on)
        self.on = min(self.known_on, self.plan.deadline)

    def figures(self, chain: Sequence[str]) -> PublicFigures:
        region, above = chain[-1], chain[0] if len(chain) > 1 else None
        answer = self._ask(region, "region")
        total = _cell(region, self.tree.name(region), answer.figures)
        bare = PublicFigures(
            plan=self.plan,
            region=region,
            on=self.on,
            known_on=self.known_on,
            total=None,
            united_above=any(not self._opens(high, low) for high, low in pairwise(chain)),
            above=above,
            waived=None,
            stale=0,
            statuses={},
        )
        if total.small or bare.united_above:
            return bare
        figures = answer.figures
        shown = replace(
            bare,
            total=total,
            waived=None if above else rounded_off(figures.waived),
            stale=figures.stale,
            statuses=figures.statuses,
            regions=self._by_region(answer),
        )
        return shown if above else self._whole(shown)

    def _whole(self, shown: PublicFigures) -> PublicFigures:
        """Add what only the highest page shows."""
        industries = self._ask(shown.region, "industry").rows
        posts = self._ask(shown.region, "post").rows
        return replace(
            shown,
            industries=protect([_cell(row.key, row.name, row.figures) for row in industries]),
            posts=protect([_cell(row.key, row.name, row.figures, counted=False) for row in posts]),
            past=self._past(shown.region),
        )

    def _opens(self, high: str, low: str) -> bool:
        return self._by_region(self._ask(high, "region")).opens(low)

    def _by_region(self, answer: Answer) -> Shown:
        """Give the regions below and, under the region's own code, its own enterprises (本级)."""
        (top,) = answer.tops
        return protect([self._region(top, row) for row in answer.rows])

    def _region(self, top: str, row: Row) -> Cell:
        own = row.key in {top, OWN}
        return _cell(top if own else row.key, "" if own else row.name, row.figures)

    def _past(self, region: str) -> tuple[Sample, ...]:
        """Give what stood on the day, and at the ends of months until yesterday; months about too few are left out."""
        start, last = self.plan.starts_on, self.known_on
        months = max((last.year - start.year) * 12 + last.month - start.month, 0)
        points = self._trend(region, last, months)
        if self.on not in {point.on for point in points}:
            points = sorted((*points, *self._trend(region, self.on, 0)), key=lambda point: point.on)
        kept = [point for point in points if point.on >= start and point.figures.required >= LEAST]
        return tuple(Sample(point.on, point.figures.required, point.figures.covered) for point in kept)

    def _trend(self, region: str, on: date, months: int) -> Sequence[Point]:
        asked = replace(self._asking(region, None), on=on)
        return trend(self._scope(region), self.session, asked, months, self.today, self.now)

    def _ask(self, region: str, by: By | None) -> Answer:
        return coverage(self._scope(region), self.session, self._asking(region, by), self.today, self.now)

    def _asking(self, region: str, by: By | None) -> Ask:
        return Ask(self.plan.code, self.on, self.known_on, region, by=by)

    def _scope(self, region: str) -> Scope:
        return Scope(regions=self.tree.within(region))


def _plan_known(session: Session, code: str, on: date) -> Plan:
    """Give a plan as it was known at the end of a day; one not yet known then as it is now (it counts nothing)."""
    then = next((plan for plan in plans.plans(session, end_of(on)) if plan.code == code), None)
    return then or plans.plan(session, code)


def _cell(code: str, name: str, figures: Figures, *, counted: bool = True) -> Cell:
    enterprises, declared = (figures.enterprises, figures.declared) if counted else (None, None)
    return Cell(code, name, figures.required, figures.covered, enterprises, declared)
