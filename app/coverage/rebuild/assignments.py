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
    wanted = courses(plan, assignment.post)
    retakes = [row for row in library.retakes if row.retake.course in wanted] if library.retakes else ()
    awards = _telling(awards, wanted, plan, until, retaken=bool(retakes)) if required else ()
    waivers = [row for row in waivers if row.plan == plan.id] if required and waivers else ()
    if not awards and not waivers:
        yield since, required
        return
    instants = {since}
    for rows in (awards, waivers, retakes):
        instants.update([row.since for row in rows if since < row.since < until])
    for ending in (awards, waivers):
        instants.update([row.until for row in ending if since < row.until < until])
    for at in sorted(instants):
        known = [held.award for held in awards if held.since <= at < held.until]
        waived = [row.waiver for row in waivers if row.since <= at < row.until] if waivers else ()
        if known or waived:
            retaken = [row.retake for row in retakes if row.since <= at] if retakes else ()
            holdings = rules.held(known, retaken, plan.counts_from)
            yield at, rules.spans(plan, assignment, places, holdings, waived)
        else:
            yield at, required


def _telling(
    awards: Sequence[Held], wanted: frozenset[str], plan: Plan, until: Instant, *, retaken: bool
) -> list[Held]:
    """Leave out awards that tell nothing: of other courses, known too late, or (no retake in sight) never held."""
    return [
        held
        for held in awards
        if held.award.course in wanted
        and held.since < until
        and (retaken or rules.held((held.award,), (), plan.counts_from))
    ]
