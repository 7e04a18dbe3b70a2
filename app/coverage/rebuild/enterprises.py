"""The status of an enterprise and its dated amounts replayed, instant by instant of recorded time.

Pure. What declarations and posts decide is framed again only when one of them changes it; figures tell statuses again
only when they make another; the roster is looked at again only for those whose assignments changed; who only confirms
moves the first stale day. So the cost follows what happened, not the size of the enterprise times that.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.coverage import status
from app.coverage.facts import EnterpriseTimeline
from app.coverage.rebuild.amounts import Amounts
from app.coverage.rebuild.assignments import Standings
from app.coverage.rebuild.figures import Figures
from app.coverage.rebuild.history import NEVER, Day, EnterpriseHistory, Instant, Period, Stage, turns
from app.coverage.rebuild.lines import DAY_BITS, DAY_MASK, Lines, Numbered
from app.coverage.rebuild.rosters import Roster, Steps
from app.coverage.rebuild.statuses import Place, Status, Told, declared
from app.coverage.status import STALE_DAYS

Changes = Mapping[Day, int]
"""By how much the tally changes, by day."""


class Statuses(NamedTuple):
    """The rows of an enterprise's status, and what was posted at each instant: plan and lines."""

    stored: list[tuple[Any, ...]]
    posted: dict[Instant, list[tuple[int, Lines]]]
    places: Numbered[Place]


class Scene(NamedTuple):
    """What is known of an enterprise at an instant, besides its figures, and which of it is news."""

    timeline: EnterpriseTimeline
    declared_from: Day
    stale_from: Day
    roster: Roster
    steps: Steps
    """By how much the roster's steps change."""
    facts_changed: bool
    posts_changed: bool
    """Who holds expected posts."""
    declared_changed: bool


def replay(
    history: EnterpriseHistory, known: Sequence[Period], taken_in: Sequence[Sequence[Stage]], standings: Standings
) -> Statuses:
    """Replay one enterprise: `known` are its periods, `taken_in` its stages by plan."""
    found = Statuses([], {}, Numbered())
    plans = [_Plan(history.id, stages, found.places) for stages in taken_in if stages]
    if not plans:
        return found
    roster = Roster((term for terms in history.terms.values() for term in terms), _expected(taken_in))
    timelines = {period.since: period.timeline for period in known}
    declared, stale = _declarations(history)
    staged = {at for plan in plans for at in turns(plan.stages)}
    timeline, days = EnterpriseTimeline(history.id, {}), (NEVER, NEVER)
    news = {*timelines, *declared, *staged, *roster.instants()}
    for at in sorted(news.union(standings.changes, stale)):
        changes = _by_plan(standings, at) if at in standings.changes else {}
        days = declared.get(at, days[0]), stale.get(at, days[1])
        if at in news:
            timeline = timelines.get(at, timeline)
            steps, posts_changed = roster.advance(at)
            scene = Scene(timeline, *days, roster, steps, at in timelines, posts_changed, at in declared)
            posted = [(plan.id, lines) for plan in plans for lines in plan.advance(at, scene, changes.get(plan.id))]
        else:
            posted = [(plan.id, plan.count(at, changes[plan.id])) for plan in plans if plan.id in changes]
            posted += [(plan.id, plan.confirm(days[1])) for plan in plans if at in stale]
        posted = [one for one in posted if one[1]]
        if posted:
            found.posted[at] = posted
    for plan in plans:
        plan.told.end()
        found.stored.extend(plan.told.stored)
    return found


def _expected(taken_in: Sequence[Sequence[Stage]]) -> set[str]:
    return {post for stages in taken_in for stage in stages for post in stage.plan.expected}


def _declarations(history: EnterpriseHistory) -> tuple[dict[Instant, Day], dict[Instant, Day]]:
    """Give from when on it is declared, and from when on stale, as known from each instant on that says another day."""
    declared: dict[Instant, Day] = {}
    stale: dict[Instant, Day] = {}
    first, last = NEVER, 0
    for said in sorted(history.declarations):
        if said.declared_from < first:
            first = declared[said.since] = said.declared_from
        last = max(last, said.confirmed_on)
        stale[said.since] = max(first, min(last + STALE_DAYS + 1, NEVER))
    return declared, stale


def _by_plan(standings: Standings, at: Instant) -> dict[int, dict[Day, int]]:
    """Sum what an instant changes by plan and day."""
    found: dict[int, dict[Day, int]] = {}
    whats = standings.whats.all
    for line, sums in standings.changes[at].items():
        if sums:
            days = found.setdefault(whats[line >> DAY_BITS][0], {})
            day = line & DAY_MASK
            days[day] = days.get(day, 0) + sums
    return found


class _Plan:
    """One enterprise in one plan, as known at one instant after another."""

    def __init__(self, enterprise: int, stages: Sequence[Stage], places: Numbered[Place]) -> None:
        self.id = stages[0].plan.id
        self.stages = stages
        self.told = Told(self.id, enterprise, places)
        self._places = places
        self._stage: Stage | None = None
        self._taken: list[tuple[int, Day, Day]] = []
        self._figures = Figures()
        self._amounts = Amounts()
        self._complete: list[Status] = []
        self._framed: list[Status] = []

    def advance(self, at: Instant, scene: Scene, changes: Changes | None) -> Sequence[Lines]:
        """Learn what becomes known at an instant; give the lines that it posts, of statuses and of amounts."""
        moved = self._move(at)
        changed = self._figures.add(changes) if changes else False
        recast = moved or scene.facts_changed or scene.posts_changed
        if recast or scene.declared_changed:
            if recast:
                self._complete = self._completeness(scene)
            framed = declared(self._complete, scene.declared_from)
            changed = changed or framed != self._framed
            self._framed = framed
        lines = [self.told.tell(at, self._framed, self._figures)] if changed else []
        if moved or scene.facts_changed:
            insured = status.insured(scene.timeline.values.get("insured", ())) if self._taken else ()
            steps = [(day.toordinal(), more) for day, more in insured]
            lines.append(self._amounts.anew(self._taken, scene.roster.steps.items(), steps))
        elif scene.steps and self._taken:
            lines.append(self._amounts.more(self._taken, scene.steps.items()))
        lines.append(self.confirm(scene.stale_from))
        return lines

    def confirm(self, stale_from: Day) -> Lines:
        """Learn from when on it is stale; give what that posts."""
        return self._amounts.stale(self._taken, stale_from)

    def count(self, at: Instant, changes: Changes) -> Lines:
        """Learn of changed figures alone; give what that posts."""
        return self.told.tell(at, self._framed, self._figures) if self._figures.add(changes) else {}

    def _move(self, at: Instant) -> bool:
        """Come to the stage of an instant; say whether it is another."""
        stage = self._stage
        if stage is None or at >= stage.until:
            stage = next((stage for stage in self.stages if stage.since <= at < stage.until), None)
        if stage is self._stage:
            return False
        self._stage = stage
        number = self._places.number
        places = stage.places if stage else ()
        self._taken = [(number(_numeric(*place[2:])), place[0].toordinal(), place[1].toordinal()) for place in places]
        return True

    def _completeness(self, scene: Scene) -> list[Status]:
        if self._stage is None:
            return []
        in_post = {
            post: tuple((date.fromordinal(start), date.fromordinal(end)) for start, end in held)
            for post, held in scene.roster.in_post.items()
        }
        spans = status.completeness(self._stage.plan, scene.timeline, self._stage.places, in_post)
        number = self._places.number
        return [
            (number(_numeric(*span[2:5])), span.from_on.toordinal(), span.until_on.toordinal(), span.status)
            for span in spans
        ]


def _numeric(region: str, industry: str, key_enterprise: bool) -> Place:  # noqa: FBT001 - as a place has it
    return region, industry, int(key_enterprise)
