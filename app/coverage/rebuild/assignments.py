"""The standing of assignments replayed: what rules.spans() says at every instant at which anything it rests on changed.

Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from app.coverage import rules
from app.coverage.facts import Plan
from app.coverage.rebuild.history import (
    FOREVER,
    EnterpriseHistory,
    Held,
    Instant,
    Library,
    Retaken,
    Stage,
    Term,
    Waived,
    courses,
)
from app.coverage.rules import Span
from app.coverage.status import StatusSpan

AnySpan = TypeVar("AnySpan", Span, StatusSpan)
Current = list[tuple[AnySpan, Instant]]
"""Spans known at an instant, with the instant since which they are."""
Stored = tuple[AnySpan, Instant, Instant]
"""A span as it is stored: known since, until."""
MANY = 10
"""From so many spans on a set is looked into faster than a list."""
Said = tuple[Instant, tuple[Span, ...]]


class Change(NamedTuple):
    """Spans that cease to hold at an instant, and spans that begin to."""

    gone: list[Span]
    new: list[Span]


class Standings(NamedTuple):
    """Spans of an enterprise's assignments as they are to be stored, and what changed at each instant."""

    stored: list[Stored[Span]]
    changes: dict[Instant, Change]


def replay(
    library: Library,
    history: EnterpriseHistory,
    taken_in: Sequence[Sequence[Stage]],
    awards: Mapping[int, Sequence[Held]],
) -> Standings:
    """Replay all assignments of one enterprise; `taken_in` has its stages by plan, `awards` each person's."""
    found = Standings([], {})
    for id, terms in history.terms.items():
        waivers = history.waivers.get(id, ())
        for plan_stages in taken_in:
            if plan_stages:
                _retell(found, _told(library, terms, plan_stages, awards, waivers))
    return found


def turn(
    current: Current[AnySpan], new: Sequence[AnySpan], at: Instant
) -> tuple[Current[AnySpan], list[Stored[AnySpan]], list[AnySpan]]:
    """Let other spans hold from an instant on; give what holds then, what ceased, and what is new."""
    kept: Current[AnySpan] = []
    ceased: list[Stored[AnySpan]] = []
    said: Collection[AnySpan] = new if len(new) < MANY else set(new)
    for span, since in current:
        if span in said:
            kept.append((span, since))
        else:
            ceased.append((span, since, at))
    known: Collection[AnySpan] = [span for span, _ in kept]
    if len(kept) >= MANY:
        known = set(known)
    fresh = [span for span in new if span not in known]
    return kept + [(span, at) for span in fresh], ceased, fresh


def _retell(found: Standings, story: Iterator[Said]) -> None:
    """Store the standing of one assignment in one plan as it changes."""
    current: Current[Span] = []
    last: tuple[Span, ...] = ()
    for at, spans in story:
        if spans == last:
            continue
        if last:
            current, ceased, fresh = turn(current, spans, at)
        else:
            current, ceased, fresh = [(span, at) for span in spans], [], list(spans)
        last = spans
        change = found.changes.get(at)
        if change is None:
            change = found.changes[at] = Change([], [])
        if ceased:
            found.stored.extend(ceased)
            change.gone.extend([row[0] for row in ceased])
        change.new.extend(fresh)
    found.stored.extend((span, since, FOREVER) for span, since in current)


def _told(
    library: Library,
    terms: Sequence[Term],
    taken_in: Sequence[Stage],
    awards: Mapping[int, Sequence[Held]],
    waivers: Sequence[Waived],
) -> Iterator[Said]:
    """Give what an assignment's spans in one plan are from each instant on at which they may change."""
    reached = FOREVER
    for term in terms:
        for stage in taken_in:
            since, until = max(term.since, stage.since), min(term.until, stage.until)
            if since >= until:
                continue
            if reached < since:
                yield reached, ()
            yield from _within(library, term, stage, awards.get(term.assignment.person, ()), waivers, (since, until))
            reached = until
    if reached < FOREVER:
        yield reached, ()


def _within(
    library: Library,
    term: Term,
    stage: Stage,
    awards: Sequence[Held],
    waivers: Sequence[Waived],
    window: tuple[Instant, Instant],
) -> Iterator[Said]:
    """Tell one version of an assignment within one stage: here only awards, retakes and waivers change."""
    plan, assignment, places = stage.plan, term.assignment, stage.places
    since, until = window
    required = rules.spans(plan, assignment, places, {}, ())
    if not required or (not awards and not waivers):
        yield since, required
        return
    wanted = courses(plan, assignment.post)
    retakes = [row for row in library.retakes if row.retake.course in wanted] if library.retakes else ()
    awards = [held for held in awards if held.award.course in wanted and held.since < until]
    waivers = [row for row in waivers if row.plan == plan.id] if waivers else ()
    if retakes or waivers:
        yield from _judged(term, stage, (awards, retakes, waivers), window)
        return
    fewest = rules.fewest(plan, assignment.post)
    holds = _holds(awards, plan)
    instants = {since}
    if len({hold[2] for hold in holds}) >= fewest:
        instants.update([hold[0] for hold in holds if since < hold[0] < until])
        instants.update([hold[1] for hold in holds if since < hold[1] < until])
    for at in sorted(instants):
        holdings: dict[str, tuple[rules.Interval, ...]] = {}
        for begun, ended, course, interval in holds:
            if begun <= at < ended:
                holdings[course] = (*holdings[course], interval) if course in holdings else (interval,)
        few = len(holdings) < fewest
        yield at, required if few else rules.spans(plan, assignment, places, holdings, ())


def _holds(awards: Sequence[Held], plan: Plan) -> list[tuple[Instant, Instant, str, rules.Interval]]:
    """Give in which recorded time which course is held on which days, where no retake is in sight; never held: none."""
    found = []
    for since, until, award in awards:
        for course, intervals in rules.held((award,), (), plan.counts_from).items():
            found.append((since, until, course, intervals[0]))
    return found


def _judged(
    term: Term,
    stage: Stage,
    changing: tuple[Sequence[Held], Sequence[Retaken], Sequence[Waived]],
    window: tuple[Instant, Instant],
) -> Iterator[Said]:
    """Tell the same where there are retakes or waivers: few."""
    awards, retakes, waivers = changing
    since, until = window
    instants = {since}
    for rows in changing:
        instants.update([row.since for row in rows if since < row.since < until])
    for ending in (awards, waivers):
        instants.update([row.until for row in ending if since < row.until < until])
    for at in sorted(instants):
        known = [held.award for held in awards if held.since <= at < held.until]
        waived = [row.waiver for row in waivers if row.since <= at < row.until]
        retaken = [row.retake for row in retakes if row.since <= at]
        holdings = rules.held(known, retaken, stage.plan.counts_from)
        yield at, rules.spans(stage.plan, term.assignment, stage.places, holdings, waived)
