"""Draws a paper from its blueprint by a stored seed, and says when another attempt may begin. Pure.

The seed decides everything: items and options stand in the order of SHA-256 over seed and name, so that the same seed
gives the same paper on every machine, and no generator's state is needed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.catalogue.item import Item
from app.catalogue.shapes import Course, Draw, Paper

UNSHUFFLED = "true_false"


@dataclass(frozen=True)
class Question:
    """An item as it stands in one attempt: `options` are indices of the item's options in the order shown."""

    item: Item
    options: tuple[int, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """Give the options' text in the order shown."""
        return tuple(self.item.options[index] for index in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """Give the shown positions that are right, in order."""
        return tuple(place for place, index in enumerate(self.options) if index in self.item.right)


@dataclass(frozen=True)
class Closed:
    """A closed attempt, as the rule on attempts sees it."""

    submitted_at: datetime
    passed: bool


@dataclass(frozen=True)
class Allowance:
    """How many attempts are left now; when none is, `next_at` says from when there are again."""

    left: int
    next_at: datetime | None


def draw(course: Course, paper: Paper, seed: str) -> tuple[Question, ...]:
    """Draw a paper's questions in the blueprint's order; only verified items, none twice.

    Draws of one topic pick before draws of any. ValueError when the bank holds too few; `content check` refuses that.
    """
    picked: dict[int, list[Item]] = {}
    taken: set[str] = set()
    for place in sorted(range(len(paper.draws)), key=lambda place: paper.draws[place].topic is None):
        chosen = _pick(course.items, paper.draws[place], taken, seed)
        taken.update(item.id for item in chosen)
        picked[place] = chosen
    return tuple(Question(item, _order(item, seed)) for place in sorted(picked) for item in picked[place])


def _pick(items: Iterable[Item], wanted: Draw, taken: set[str], seed: str) -> list[Item]:
    pool = [
        item
        for item in items
        if item.verified and item.kind == wanted.kind and wanted.topic in (None, item.topic) and item.id not in taken
    ]
    if len(pool) < wanted.count:
        message = f"{wanted.count} {wanted.kind} items are wanted, the bank holds {len(pool)}"
        raise ValueError(message)
    return sorted(pool, key=lambda item: _rank(seed, item.id))[: wanted.count]


def _order(item: Item, seed: str) -> tuple[int, ...]:
    places = range(len(item.options))
    if item.kind == UNSHUFFLED:
        return tuple(places)
    return tuple(sorted(places, key=lambda place: _rank(seed, item.id, str(place))))


def _rank(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode()).digest()


def allowance(paper: Paper, closed: Sequence[Closed], now: datetime) -> Allowance:
    """Count the attempts that are left: `attempts` failed ones make a round, then a pause begins; a pass ends a round.

    `closed` stand in the order of their submission.
    """
    used, last = 0, None
    for attempt in closed:
        used = 0 if attempt.passed else used % paper.attempts + 1
        last = attempt.submitted_at
    if used < paper.attempts or last is None:
        return Allowance(paper.attempts - used, None)
    next_at = last + timedelta(hours=paper.cool_down_hours)
    return Allowance(paper.attempts, None) if now >= next_at else Allowance(0, next_at)
