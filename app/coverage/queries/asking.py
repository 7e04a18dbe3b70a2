"""A question about coverage: as asked, and as resolved against plans, regions and the caller's scope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Standing
from app.coverage.planned import below
from app.coverage.versions import visible
from app.kit.dates import FIRST_ASKED, LAST_ASKED, SHANGHAI, end_of, iso_day, iso_instant
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops.i18n import N_
from app.organisations.models import Enterprise
from app.organisations.regions import tree
from app.plans import queries as plan_queries
from app.plans.queries import Plan

By = Literal["region", "industry", "post", "enterprise"]


@dataclass(frozen=True)
class Ask:
    """What is asked: a plan, a day, an instant of knowledge (a day means its end), and which part of the whole.

    region is a region's code, enterprise a unified social credit code (with a region: as far as it lay there); by
    splits the answer into rows. own: of the region only what lies directly under it (本级), nothing of those below.
    """

    plan_code: str
    on: date | None = None
    known_at: date | datetime | None = None
    region: str | None = None
    enterprise: str | None = None
    by: By | None = None
    key_enterprises: bool = False
    persons: bool = False
    own: bool = False


@dataclass(frozen=True)
class Question:
    """A question resolved: its plan as then known, its day and instant, and the places it is about.

    tops: the regions asked about, with everything below them; enterprises: those named one by one. within: the regions
    in which these count, where not in all.
    """

    plan: Plan
    on: date
    known_at: datetime | None
    forecast: bool
    names: Mapping[str, str]
    parents: Mapping[str, str | None]
    tops: tuple[str, ...]
    regions: frozenset[str] | None
    enterprises: frozenset[int]
    industries: frozenset[str] | None
    key_enterprises: bool
    within: frozenset[str] | None = None

    @property
    def by_nodes(self) -> bool:
        """Say whether the places are regions with everything below them, so that sums by region answer."""
        return bool(self.tops) and not self.enterprises

    def until(self, day: date) -> "Question":
        """Ask the same of another day."""
        return replace(self, on=day)

    def entries(self, table: type[Entry | EnterpriseEntry], *, until: bool = True) -> list[ColumnElement[bool]]:
        """Give the conditions that entries count: here, known then, and (with `until`) effective by the day."""
        found = [table.plan_id == self.plan.id, *self.here(table)]
        if until:
            found.append(table.effective_on <= self.on)
        if self.known_at is not None:
            found.append(table.recorded_at <= self.known_at)
        return found

    def spans(
        self, table: type[Standing | EnterpriseStanding], *, found_by_region: bool = True
    ) -> list[ColumnElement[bool]]:
        """Give the conditions that stored spans are in force: here, on the day, as known then."""
        in_force = (table.from_on <= self.on, table.until_on > self.on)
        here = self.here(table, found_by_region=found_by_region)
        return [table.plan_id == self.plan.id, *here, *in_force, visible(table, self.known_at)]

    def here(self, table: type[Any], *, found_by_region: bool = True) -> list[ColumnElement[bool]]:
        """Give the conditions that a row lies in the places and industries asked about, by its own columns.

        found_by_region: whether rows are to be found by an index of regions; not where something narrower finds them.
        """
        found: list[ColumnElement[bool]] = []
        if self.regions is not None:
            region = table.region if found_by_region else table.region.concat("")
            places = [region.in_(sorted(self.regions))] if self.regions else []
            places += [table.enterprise_id.in_(sorted(self.enterprises))] if self.enterprises else []
            found.append(or_(*places) if places else false())
        return [*found, *self.inside(table)]

    def inside(self, table: type[Any]) -> list[ColumnElement[bool]]:
        """Give the conditions that a row is of the industries and enterprises asked about, wherever it lies."""
        found: list[ColumnElement[bool]] = []
        if self.industries is not None:
            found.append(table.industry.in_(sorted(self.industries)))
        if self.key_enterprises:
            found.append(table.key_enterprise.is_(True))
        if self.within is not None:
            found.append(table.region.in_(sorted(self.within)))
        return found


def narrowing(table: type[Any], industry: str | None, post: str | None) -> list[ColumnElement[bool]]:
    """Give the conditions that rows are of an industry and of a post, each where it is asked for."""
    found = [] if industry is None else [table.industry == industry]
    return found if post is None else [*found, table.post == post]


def parse_known_at(text: str) -> date | datetime:
    """Read a day (meaning its end in Shanghai) or an ISO 8601 instant (Shanghai when it names no offset)."""
    try:
        return iso_day(text)
    except ValueError:
        pass
    try:
        instant = iso_instant(text)
    except ValueError:
        message = N_("Write a day as YYYY-MM-DD or an instant like 2025-12-31T18:00:00+08:00.")
        raise Problem(422, "known_at", message) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def instant_of(known_at: date | datetime | None, today: date, now: datetime) -> datetime | None:
    """Give the instant of knowledge; the future is refused, for nobody knows what will be known."""
    if known_at is None:
        return None
    late = known_at > now if isinstance(known_at, datetime) else known_at > today
    if late:
        raise Problem(422, "known_at_future", N_("What will be known in the future cannot be asked."))
    _within(known_at, "known_at")
    return known_at if isinstance(known_at, datetime) else end_of(known_at)


def day_asked(on: date) -> date:
    """Give a day back that can be asked about; Problem 422 for one that nothing is known of."""
    _within(on, "on")
    return on


def _within(asked: date | datetime, code: str) -> None:
    if not FIRST_ASKED.year <= asked.year <= LAST_ASKED.year:
        message = N_("Ask for a day from %(first)s to %(last)s.")
        raise Problem(422, code, message, {"first": str(FIRST_ASKED), "last": str(LAST_ASKED)})


def resolve(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> Question:
    """Resolve a question; Problem 404 for a plan, region or enterprise that is unknown or out of scope."""
    known_at = instant_of(ask.known_at, today, now)
    plan = _plan(session, ask.plan_code, known_at)
    on = day_asked(ask.on) if ask.on else min(today, plan.deadline)
    known = tree(session)
    whole = Question(
        plan=plan,
        on=on,
        known_at=known_at,
        forecast=on > today,
        names=known.names,
        parents={code: row.parent for code, row in known.rows.items()},
        tops=(),
        regions=None,
        enterprises=frozenset(),
        industries=scope.industries,
        key_enterprises=ask.key_enterprises,
    )
    if ask.enterprise is not None:
        one = _enterprise(scope, session, ask.enterprise)
        within = None if ask.region is None else below(whole.parents, [_region(scope, whole, ask.region)])
        return replace(whole, regions=frozenset(), enterprises=frozenset({one}), within=within)
    placed = _placed(scope, whole, _plan(session, ask.plan_code, None), ask.region)
    return replace(placed, tops=(), regions=frozenset(placed.tops)) if ask.own else placed


def _plan(session: Session, code: str, known_at: datetime | None) -> Plan:
    """Give the plan as known then; one not yet known then is named as it is now, and counts nothing."""
    now = next((plan for plan in plan_queries.plans(session) if plan.code == code), None)
    if now is None:
        raise Problem(404, "unknown_plan", N_("There is no plan %(code)s."), {"code": code})
    if known_at is None:
        return now
    return next((plan for plan in plan_queries.plans(session, known_at) if plan.code == code), now)


def _enterprise(scope: Scope, session: Session, uscc: str) -> int:
    row = session.execute(select(Enterprise.id, Enterprise.region).where(Enterprise.uscc == uscc)).first()
    if row is None or not scope.reaches_enterprise(row.id, row.region):
        raise Problem(404, "unknown_enterprise", N_("There is no enterprise %(code)s."), {"code": uscc})
    return int(row.id)


def _placed(scope: Scope, whole: Question, now: Plan, region: str | None) -> Question:
    """Set the regions: the one asked for, else what of the plan lies in scope.

    now: the plan as it is now. Figures of enterprises are kept where it reaches, be it beyond what was known then.
    """
    planned = below(whole.parents, whole.plan.regions)
    kept = planned if whole.known_at is None else planned | below(whole.parents, now.regions)
    if region is not None:
        tops: tuple[str, ...] = (_region(scope, whole, region),)
    elif scope.regions is None:
        tops = _highest(whole.parents, whole.plan.regions)
    else:
        own = _highest(whole.parents, scope.regions)
        inside = {code for code in own if code in planned} | (scope.regions & frozenset(whole.plan.regions))
        tops = _highest(whole.parents, inside)
    regions = below(whole.parents, tops)
    enterprises = scope.enterprises if region is None else frozenset()
    everything = scope.everywhere and regions >= kept
    return replace(whole, tops=tops, regions=None if everything else regions, enterprises=enterprises)


def _region(scope: Scope, whole: Question, region: str) -> str:
    if region not in whole.parents or not scope.reaches_region(region):
        raise Problem(404, "unknown_region", N_("There is no region %(code)s."), {"code": region})
    return region


def _highest(parents: Mapping[str, str | None], regions: Iterable[str]) -> tuple[str, ...]:
    """Leave out what lies below another of the regions."""
    wanted = frozenset(regions)

    def above(code: str) -> Iterator[str]:
        at = parents.get(code)
        while at is not None:
            yield at
            at = parents.get(at)

    return tuple(sorted(code for code in wanted if not any(region in wanted for region in above(code))))
