"""The status of an enterprise and its dated amounts replayed, instant by instant of recorded time.

Pure. What declarations and posts decide is framed again only when one of them changes; figures tell statuses again only
from the first day on which they make another; the roster is looked at again only for those whose assignments changed.
So the cost follows what happened, not the size of the enterprise times that.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.coverage import ledger, status
from app.coverage.facts import Declaration, EnterpriseTimeline
from app.coverage.ledger import EnterpriseLine, Line, Tally
from app.coverage.rebuild.assignments import Current, Stored, turn
from app.coverage.rebuild.figures import Figures
from app.coverage.rebuild.history import FOREVER, EnterpriseHistory, Instant, Period, Stage, turns
from app.coverage.rebuild.rosters import Roster, Steps
from app.coverage.status import StatusSpan

Lines = dict[EnterpriseLine, int]


class Statuses(NamedTuple):
    """An enterprise's spans of status as they are to be stored, and the entries of each instant."""

    stored: list[Stored[StatusSpan]]
    lines: dict[Instant, Lines]


class Scene(NamedTuple):
    """What is known of an enterprise at an instant, besides its figures, and which of it is news."""

    timeline: EnterpriseTimeline
    declarations: Sequence[Declaration]
    roster: Roster
    steps: Steps
    """By how much the roster's steps change."""
    facts_changed: bool
    posts_changed: bool
    """Who holds expected posts."""
    said_changed: bool
    """Declarations."""


def replay(
    history: EnterpriseHistory,
    known: Sequence[Period],
    taken_in: Sequence[Sequence[Stage]],
    entries: Mapping[Instant, Mapping[Line, Tally]],
) -> Statuses:
    """Replay one enterprise: `known` are its periods, `taken_in` its stages by plan, `entries` its assignments'."""
    found = Statuses([], {})
    told = [_Told(history.id, stages) for stages in taken_in if stages]
    if not told:
        return found
    expected = {post for stages in taken_in for stage in stages for post in stage.plan.expected}
    roster = Roster((term for terms in history.terms.values() for term in terms), expected)
    timelines = {period.since: period.timeline for period in known}
    declared: dict[Instant, list[Declaration]] = {}
    for said in history.declarations:
        declared.setdefault(said.since, []).append(said.declaration)
    declarations: Sequence[Declaration] = ()
    staged = {at for one in told for at in turns(one.stages)}
    timeline = EnterpriseTimeline(history.id, {})
    for at in sorted({*timelines, *declared, *staged, *roster.instants(), *entries}):
        timeline = timelines.get(at, timeline)
        steps, posts_changed = roster.advance(at)
        if at in declared:
            declarations = status.together([*declarations, *declared[at]])
        scene = Scene(timeline, declarations, roster, steps, at in timelines, posts_changed, at in declared)
        changes = _by_plan(entries[at]) if at in entries else {}
        for one in told:
            lines = one.advance(at, scene, changes.get(one.plan))
            if lines:
                found.lines.setdefault(at, {}).update(lines)
    for one in told:
        found.stored.extend(one.stored)
        found.stored.extend((span, since, FOREVER) for span, since in one.current)
    return found


class _Told:
    """One enterprise in one plan, as known at one instant after another."""

    def __init__(self, enterprise: int, stages: Sequence[Stage]) -> None:
        self.enterprise = enterprise
        self.plan = stages[0].plan.id
        self.stages = list(stages)
        self.stage: Stage | None = None
        self.figures = Figures()
        self.complete: tuple[StatusSpan, ...] = ()
        self.framed: tuple[StatusSpan, ...] = ()
        self.current: Current[StatusSpan] = []
        self.stored: list[Stored[StatusSpan]] = []
        self.amounts: Lines = {}

    def advance(self, at: Instant, scene: Scene, changes: Mapping[date, Tally] | None) -> Lines:
        """Learn what becomes known at an instant; give the entries that it posts."""
        stage = self.stage
        if stage is None or at >= stage.until:
            stage = next((stage for stage in self.stages if stage.since <= at < stage.until), None)
        moved, self.stage = stage is not self.stage, stage
        first = self.figures.add(changes) if changes else None
        recast = moved or scene.facts_changed or scene.posts_changed
        if recast or scene.said_changed:
            reframed = self._frame(scene, recast=recast)
            parted = _parting(self.framed, reframed)
            first = min((day for day in (first, parted) if day is not None), default=None)
            self.framed = reframed
        lines = self._tell(at, first) if first is not None else {}
        if moved or scene.facts_changed:
            lines |= self._amounts(scene)
        elif scene.steps and stage:
            lines |= self._more(scene.steps, stage)
        return lines

    def _frame(self, scene: Scene, *, recast: bool) -> tuple[StatusSpan, ...]:
        if self.stage is None:
            self.complete = ()
        elif recast:
            stage = self.stage
            self.complete = status.completeness(stage.plan, scene.timeline, stage.places, scene.roster.in_post)
        return status.declared(self.complete, scene.declarations)

    def _tell(self, at: Instant, first: date) -> Lines:
        """Tell the statuses again from a day on."""
        head = [known for known in self.current if known[0].until_on < first]
        tail = [known for known in self.current if first <= known[0].until_on]
        kept = [_until(span, first) for span, _ in tail if span.from_on < first]
        blank = [_from(span, first) for span in self.framed if first < span.until_on]
        figures = self.figures
        said = status.told([*kept, *blank], figures.days, figures.required, figures.covered)
        tail, ceased, fresh = turn(tail, said, at)
        self.current = head + tail
        self.stored += ceased
        return ledger.status_difference((row[0] for row in ceased), fresh)

    def _amounts(self, scene: Scene) -> Lines:
        """Amount to the roster and the insured anew, and give what was lacking."""
        amounts: Lines = {}
        if self.stage:
            insured = status.insured(scene.timeline.values.get("insured", ()))
            for kind, steps in (("roster", sorted(scene.roster.steps.items())), ("insured", insured)):
                amounts |= ledger.amounts(self.plan, self.enterprise, self.stage.places, kind, steps)
        lines = dict.fromkeys([*self.amounts, *amounts])
        lacking = {line: amounts.get(line, 0) - self.amounts.get(line, 0) for line in lines}
        self.amounts = amounts
        return {line: delta for line, delta in lacking.items() if delta}

    def _more(self, steps: Steps, stage: Stage) -> Lines:
        more = ledger.amounts(self.plan, self.enterprise, stage.places, "roster", sorted(steps.items()))
        for line, delta in more.items():
            self.amounts[line] = self.amounts.get(line, 0) + delta
        return more


def _by_plan(entries: Mapping[Line, Tally]) -> dict[int, dict[date, Tally]]:
    """Sum entries by plan and day."""
    found: dict[int, dict[date, Tally]] = {}
    for line, tally in entries.items():
        days = found.setdefault(line.plan, {})
        day = line.effective_on
        days[day] = days[day].plus(tally) if day in days else tally
    return found


def _parting(old: Sequence[StatusSpan], new: Sequence[StatusSpan]) -> date | None:
    """Give the first day on which frames differ, or an earlier one; None where they do not."""
    for one, other in zip(old, new, strict=False):
        if one != other:
            if one[:6] == other[:6] and one[7:] == other[7:]:
                return min(one.until_on, other.until_on)
            return min(one.from_on, other.from_on)
    longer = max(old, new, key=len)
    return longer[min(len(old), len(new))].from_on if len(old) != len(new) else None


def _until(span: StatusSpan, day: date) -> StatusSpan:
    return span if span.until_on <= day else span._replace(until_on=day)


def _from(span: StatusSpan, day: date) -> StatusSpan:
    return span if day <= span.from_on else span._replace(from_on=day)
