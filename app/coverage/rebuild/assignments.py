"""The standing of assignments replayed: how they stood at every instant at which anything it rests on changed.

Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.coverage.rebuild import standing
from app.coverage.rebuild.demanded import Demanded, Post, Scene, What
from app.coverage.rebuild.history import (
    FOREVER,
    NEVER,
    Day,
    EnterpriseHistory,
    Held,
    Instant,
    Interval,
    Library,
    Retaken,
    Stage,
    Term,
    Waived,
)
from app.coverage.rebuild.lines import COVERED, DAY_BITS, REQUIRED, WAIVED, Lines, Numbered
from app.coverage.rebuild.standing import Piece
from app.kit.offline import marked

Who = tuple[int, int, int, int, str]
"""Plan, assignment, person, enterprise, post."""
Said = tuple[Instant, Who, tuple[Piece, ...]]
Turns = list[tuple[int, int]]
"""Lines and tallies."""
Hold = tuple[Instant, Instant, str, Interval]
"""Known in this recorded time: that a course (or its key, where it was held in person) is held on these days."""


@dataclass(frozen=True)
class Standings:
    """The rows of an enterprise's assignments, and by how much figures changed at each instant, by line."""

    whats: Numbered[What] = field(default_factory=Numbered)
    stored: list[tuple[Any, ...]] = field(default_factory=list)
    changes: dict[Instant, Lines] = field(default_factory=dict)


def replay(
    library: Library,
    history: EnterpriseHistory,
    taken_in: Iterable[Sequence[Stage]],
    awards: Mapping[int, Sequence[Held]],
) -> Standings:
    """Replay all assignments of one enterprise; `taken_in` has its stages by plan, `awards` each person's."""
    found = Standings()
    plans = [[Scene(stage, history.id, found.whats) for stage in stages] for stages in taken_in if stages]
    waivers = history.waivers
    for id, terms in history.terms.items():
        for scenes in plans:
            waived = [row for row in waivers[id] if row.plan == scenes[0].plan] if id in waivers else ()
            _retell(found, _told(scenes, terms, awards, (waived, library.retakes), history.id))
    return found


def _retell(found: Standings, story: Iterable[Said]) -> None:
    """Store the standing of one assignment in one plan as it changes."""
    known: dict[Piece, Instant] = {}
    before: tuple[Piece, ...] = ()
    was: Turns = []
    told: Who | None = None
    for at, who, pieces in story:
        if pieces == before and (who == told or not pieces):
            told = who
            continue
        if who != told and told is not None:
            _store(found, told, known.items(), at)
            known = {}
        elif known:
            _store(found, who, [(piece, known.pop(piece)) for piece in before if piece not in pieces], at)
        for piece in pieces:
            if piece not in known:
                known[piece] = at
        turned = turns(pieces)
        _count(found.changes.setdefault(at, {}), was, turned)
        before, was, told = pieces, turned, who
    if known and told:
        _store(found, told, known.items(), None)


def _store(found: Standings, who: Who, known: Iterable[tuple[Piece, Instant]], until: Instant | None) -> None:
    whats = found.whats.all
    found.stored.extend(
        [
            (*who, *whats[what][1:4], from_on, until_on, +covered, +waived, since, until)  # truths as numbers
            for (what, from_on, until_on, covered, waived), since in known
        ]
    )


def _count(lines: Lines, was: Turns, now: Turns) -> None:
    """Count by how much the figures change from one set of spans to another."""
    for turn in now:
        if turn not in was:
            lines[turn[0]] = lines.get(turn[0], 0) + turn[1]
    for turn in was:
        if turn not in now:
            lines[turn[0]] = lines.get(turn[0], 0) - turn[1]


def turns(pieces: Sequence[Piece]) -> Turns:
    """Give by how much the figures of spans, in order of time, change from each day on."""
    found: Turns = []
    last, end, level = -1, NEVER, 0
    for what, from_on, until_on, covered, waived in pieces:
        sums = REQUIRED
        if covered:
            sums += COVERED
            if waived:
                sums += WAIVED
        if from_on != end or what != last:
            if end != NEVER:
                found.append((last << DAY_BITS | end, -level))
            level = 0
        found.append((what << DAY_BITS | from_on, sums - level))
        last, end, level = what, until_on, sums
    if end != NEVER:
        found.append((last << DAY_BITS | end, -level))
    return found


def _told(
    scenes: Sequence[Scene],
    terms: Sequence[Term],
    awards: Mapping[int, Sequence[Held]],
    changing: tuple[Sequence[Waived], Sequence[Retaken]],
    enterprise: int,
) -> list[Said]:
    """Give how an assignment stood in one plan from each instant on at which that may change."""
    story: list[Said] = []
    reached = FOREVER
    who: Who = (0, 0, 0, 0, "")
    for term in terms:
        known_since, known_until, id, person, post, _, _ = term
        for scene in scenes:
            since, until = scene.since, scene.until
            since = max(since, known_since)
            until = min(until, known_until)
            if since >= until:
                continue
            if reached < since:
                story.append((reached, who, ()))
            who = (scene.plan, id, person, enterprise, post)
            for at, pieces in _within(scene, term, awards.get(person, ()), changing, (since, until)):
                story.append((at, who, pieces))
            reached = until
    if reached < FOREVER:
        story.append((reached, who, ()))
    return story


def _within(
    scene: Scene,
    term: Term,
    awards: Sequence[Held],
    changing: tuple[Sequence[Waived], Sequence[Retaken]],
    window: tuple[Instant, Instant],
) -> Iterable[tuple[Instant, tuple[Piece, ...]]]:
    """Tell one version of an assignment within one stage: here only awards, retakes and waivers change."""
    post = scene.post(term[4])
    since, starts_on = window[0], term[5]
    if not post[0] or starts_on > scene.deadline:
        return ((since, ()),)
    demanded = standing.required(post[0], (starts_on, term[6]))
    if not demanded:
        return ((since, ()),)
    waivers, announced = changing
    retakes = [row for row in announced if row.course in post.courses] if announced else ()
    if retakes or waivers:
        wanted = [row for row in awards if row.course in post.courses and row.from_on >= scene.counts_from]
        return _judged(demanded, (wanted, retakes, waivers), window)
    holds = _holds(awards, post, scene.counts_from, window)
    if not holds:
        return ((since, standing.uncovered(demanded)),)
    return _by_awards(demanded, holds, window, post[2])


def _holds(awards: Sequence[Held], post: Post, counts_from: Day, window: tuple[Instant, Instant]) -> list[Hold]:
    """Give when which course is known to be held; none where they never cover what is demanded."""
    found: list[Hold] = []
    courses = set()
    for since, until, course, _, offline, from_on, until_on in awards:
        if course in post.courses and counts_from <= from_on < until_on and since < window[1] and window[0] < until:
            courses.add(course)
            found.append((since, until, course, (from_on, until_on)))
            if offline:
                found.append((since, until, marked(course), (from_on, until_on)))
    return found if len(courses) >= post.fewest else []


def _by_awards(
    demanded: Sequence[Demanded], holds: Sequence[Hold], window: tuple[Instant, Instant], fewest: int
) -> list[tuple[Instant, tuple[Piece, ...]]]:
    """Tell it by what is held, from each instant on at which an award becomes known or ceases to be."""
    since, until = window
    instants = {since}
    for begun, ended, _, _ in holds:
        if begun > since:
            instants.add(begun)
        if ended < until:
            instants.add(ended)
    story: list[tuple[Instant, tuple[Piece, ...]]] = []
    bare = False
    for at in sorted(instants):
        holdings: dict[str, list[Interval]] = {}
        for begun, ended, course, interval in holds:
            if begun <= at < ended:
                if course in holdings:
                    holdings[course].append(interval)
                else:
                    holdings[course] = [interval]
        if len(holdings) >= fewest:
            story.append((at, standing.judged(demanded, holdings, ())))
            bare = False
        elif not bare:
            story.append((at, standing.uncovered(demanded)))
            bare = True
    return story


def _judged(
    demanded: Sequence[Demanded],
    changing: tuple[Sequence[Held], Sequence[Retaken], Sequence[Waived]],
    window: tuple[Instant, Instant],
) -> Iterator[tuple[Instant, tuple[Piece, ...]]]:
    """Tell the same where there are retakes or waivers: few."""
    awards, retakes, waivers = changing
    since, until = window
    instants = {since}
    for rows in changing:
        instants.update([row.since for row in rows if since < row.since < until])
    for ending in (awards, waivers):
        instants.update([row.until for row in ending if since < row.until < until])
    for at in sorted(instants):
        known = [held for held in awards if held.since <= at < held.until]
        waived = [(row.from_on, row.until_on) for row in waivers if row.since <= at < row.until]
        retaken = [row for row in retakes if row.since <= at]
        yield at, standing.judged(demanded, _holdings(known, retaken), waived)


def _holdings(awards: Sequence[Held], retakes: Sequence[Retaken]) -> dict[str, list[Interval]]:
    """Give on which days which course is held, by course, and by key where in person."""
    found: dict[str, list[Interval]] = {}
    for held in awards:
        ends = [row.retake_from for row in retakes if row.course == held.course and held.version < row.version]
        until_on = min([held.until_on, *ends])
        if held.from_on < until_on:
            for key in (held.course, marked(held.course)) if held.offline else (held.course,):
                found.setdefault(key, []).append((held.from_on, until_on))
    return found
