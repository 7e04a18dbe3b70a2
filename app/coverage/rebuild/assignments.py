"""The rows of assignments replayed, and by how much figures changed at each instant, out of their stories.

Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.coverage.rebuild import stories
from app.coverage.rebuild.demanded import Scene, What
from app.coverage.rebuild.history import NEVER, EnterpriseHistory, Held, Instant, Library, Stage
from app.coverage.rebuild.lines import COVERED, DAY_BITS, REQUIRED, WAIVED, Lines, Numbered
from app.coverage.rebuild.standing import Piece
from app.coverage.rebuild.stories import Said, Who

Turns = list[tuple[int, int]]
"""Lines and tallies."""


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
            _retell(found, stories.told(scenes, terms, awards, (waived, library.retakes), history.id))
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
