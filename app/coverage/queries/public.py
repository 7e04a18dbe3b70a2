"""What a region shows to the public: sums as known at the end of last month, with nothing in them about a few people.

The figures of a day so known never change again, so a page is the same all month, and may be kept. See
app/coverage/disclosure.py for what is united, concealed or withheld, and why.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise

from sqlalchemy.orm import Session

from app.coverage.disclosure import (
    LEAST,
    Cell,
    Shown,
    Statuses,
    apart,
    conceal,
    conceal_total,
    protect,
    tell_statuses,
)
from app.coverage.ledger import OWN
from app.coverage.queries import contributing
from app.coverage.queries.answers import Answer, Figures
from app.coverage.queries.asking import Ask, By, Question, resolve
from app.coverage.queries.figures import coverage
from app.coverage.queries.trends import Point, trend
from app.kit.dates import add_days, end_of
from app.kit.scope import Scope
from app.organisations.regions import RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan

NOTHING, UNTOLD = Shown(withheld=True), Statuses()


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
    waived, stale: None when they are about too few, or too few are left beside them. above: the highest public region
    above (its page has statuses, stale and waived ones, industries, posts and the past); then these are withheld here.
    """

    plan: Plan
    region: str
    on: date
    known_on: date
    total: Cell | None
    united_above: bool
    above: str | None
    waived: int | None = None
    stale: int | None = None
    statuses: Statuses = UNTOLD
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
        self.known_on = add_days(today.replace(day=1), -1)
        self.plan = _plan_known(session, plan_code, self.known_on)
        self.on = min(self.known_on, self.plan.deadline)

    def figures(self, chain: Sequence[str]) -> PublicFigures:
        region, above = chain[-1], chain[0] if len(chain) > 1 else None
        page = _Page(self, chain[0])
        total = page.total(chain)
        bare = PublicFigures(
            plan=self.plan,
            region=region,
            on=self.on,
            known_on=self.known_on,
            total=total,
            united_above=total is None and above is not None,
            above=above,
        )
        if total is None:
            return bare
        shown = replace(bare, regions=page.by_region(region, total))
        return shown if above else self._whole(shown, page, total)

    def _whole(self, shown: PublicFigures, page: "_Page", total: Cell) -> PublicFigures:
        """Add what only the highest page shows."""
        figures = page.answer(shown.region).figures
        return replace(
            shown,
            waived=apart(figures.waived, figures.covered, LEAST),
            stale=None if total.declared is None else apart(figures.stale, total.declared),
            statuses=tell_statuses(figures.statuses, total),
            industries=conceal(protect(page.industries()), total),
            posts=protect(page.posts()),
            past=self._past(page),
        )

    def _past(self, page: "_Page") -> tuple[Sample, ...]:
        """Give what stood on the day, and at the ends of months until the last; those about too few are left out."""
        start, last = self.plan.starts_on, self.known_on
        months = max((last.year - start.year) * 12 + last.month - start.month, 0)
        points = self._trend(page.top, last, months)
        if self.on not in {point.on for point in points}:
            points = sorted((*points, *self._trend(page.top, self.on, 0)), key=lambda point: point.on)
        kept = [point for point in points if point.on >= start and point.figures.required >= LEAST]
        several = contributing.days_of_several(self.session, page.question, [point.on for point in kept])
        return tuple(Sample(p.on, p.figures.required, p.figures.covered) for p in kept if p.on in several)

    def _trend(self, region: str, on: date, months: int) -> Sequence[Point]:
        asked = replace(self.asking(region, None), on=on)
        return trend(self.scope(region), self.session, asked, months, self.today, self.now)

    def ask(self, region: str, by: By | None) -> Answer:
        """Ask for a region's figures."""
        return coverage(self.scope(region), self.session, self.asking(region, by), self.today, self.now)

    def asking(self, region: str, by: By | None) -> Ask:
        """Give the question about a region."""
        return Ask(self.plan.code, self.on, self.known_on, region, by=by)

    def scope(self, region: str) -> Scope:
        """Reach a region alone."""
        return Scope(regions=self.tree.within(region))


class _Page:
    """The tables of the highest public region and of those below it, each with who contributes."""

    def __init__(self, reader: _Reader, top: str) -> None:
        self.reader, self.top = reader, top
        self._answers: dict[str, Answer] = {}

    @cached_property
    def question(self) -> Question:
        """The question about the highest region, resolved."""
        reader, asking = self.reader, self.reader.asking(self.top, None)
        return resolve(reader.scope(self.top), reader.session, asking, reader.today, reader.now)

    @cached_property
    def _contributing(self) -> Mapping[tuple[str, str], int]:
        return contributing.by_place(self.reader.session, self.question)

    def total(self, chain: Sequence[str]) -> Cell | None:
        """Give what the last region of the chain may show of itself; None where a region above has no row for it."""
        total = conceal_total(self.cell(chain[0]))
        for high, low in pairwise(chain):
            row = self.by_region(high, total).row(low)
            if row is None:
                return None
            total = replace(self.cell(low), declared=row.declared)
        return None if total.small else total

    def by_region(self, region: str, total: Cell) -> Shown:
        """Give the regions below and, under the region's own code, its own enterprises (本级)."""
        rows = self.answer(region).rows
        return conceal(protect([self._row(region, row.key, row.name, row.figures) for row in rows]), total)

    def _row(self, region: str, key: str, name: str, figures: Figures) -> Cell:
        if key in {region, OWN}:
            return _cell(region, "", figures, self._in(frozenset({region})))
        return _cell(key, name, figures, self._in(self.reader.tree.within(key)))

    def cell(self, region: str) -> Cell:
        """Give a region's whole."""
        tree = self.reader.tree
        return _cell(region, tree.name(region), self.answer(region).figures, self._in(tree.within(region)))

    def _in(self, regions: Collection[str]) -> int:
        return sum(count for (region, _), count in self._contributing.items() if region in regions)

    def industries(self) -> list[Cell]:
        """Give the industries of the highest region."""
        counts: dict[str, int] = {}
        for (_, industry), count in self._contributing.items():
            counts[industry] = counts.get(industry, 0) + count
        rows = self.reader.ask(self.top, "industry").rows
        return [_cell(row.key, row.name, row.figures, counts.get(row.key, 0)) for row in rows]

    def posts(self) -> list[Cell]:
        """Give the posts of the highest region."""
        counts = contributing.by_post(self.reader.session, self.question)
        rows = self.reader.ask(self.top, "post").rows
        return [_cell(row.key, row.name, row.figures, counts.get(row.key, 0), counted=False) for row in rows]

    def answer(self, region: str) -> Answer:
        """Give a region's figures with the regions below it, asked once."""
        if region not in self._answers:
            self._answers[region] = self.reader.ask(region, "region")
        return self._answers[region]


def _plan_known(session: Session, code: str, on: date) -> Plan:
    """Give a plan as it was known at the end of a day; one not yet known then as it is now (it counts nothing)."""
    then = next((plan for plan in plans.plans(session, end_of(on)) if plan.code == code), None)
    return then or plans.plan(session, code)


def _cell(code: str, name: str, figures: Figures, contributors: int, *, counted: bool = True) -> Cell:
    enterprises, declared = (figures.enterprises, figures.declared) if counted else (None, None)
    return Cell(code, name, figures.required, figures.covered, contributors, enterprises, declared)
