"""The story of an assignment in a plan: how it stood from each instant on at which anything that it rests on changed.

Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.coverage.rebuild import standing
from app.coverage.rebuild.demanded import Demanded, Post, Scene
from app.coverage.rebuild.history import FOREVER, Day, Held, Instant, Interval, Retaken, Term, Waived
from app.coverage.rebuild.standing import Piece
from app.kit.offline import marked

Who = tuple[int, int, int, int, str]
"""Plan, assignment, person, enterprise, post."""
Said = tuple[Instant, Who, tuple[Piece, ...]]
Hold = tuple[Instant, Instant, str, Interval]
"""Known in this recorded time: that a course (or its key, where it was held in person) is held on these days."""


def told(
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
