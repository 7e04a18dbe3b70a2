"""Draws a paper from its blueprint by a stored seed, and says when another attempt may begin. Pure.

The seed decides everything: items and options stand in the order of SHA-256 over seed and name, so that the same seed
gives the same paper on every machine, and no generator's state is needed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.assessment.balance import balanced, rank
from app.catalogue.item import Item, Part
from app.catalogue.shapes import Course, Draw, Paper

UNSHUFFLED = "true_false"


@dataclass(frozen=True)
class PartQuestion:
    """A part of a case as it stands in one attempt."""

    part: Part
    options: tuple[int, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """Give the options' text in the order shown."""
        return tuple(self.part.options[index] for index in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """Give the shown positions that are right, in order."""
        return tuple(place for place, index in enumerate(self.options) if index in self.part.right)


@dataclass(frozen=True)
class Question:
    """An item as it stands in one attempt: `options` are indices of the item's options in the order shown."""

    item: Item
    options: tuple[int, ...]
    parts: tuple[PartQuestion, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Give the options' text in the order shown."""
        return tuple(self.item.options[index] for index in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """Give the right positions as shown: a choice's in order, an order's from first to last, a match's by left."""
        if self.item.kind in {"order", "match"}:
            return tuple(self.options.index(index) for index in self.item.right)
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


Picking = Callable[[Sequence[Item], int, str], list[Item]]
"""How so many items are picked of a pool by a seed."""


def draws(course: Course, paper: Paper, seed: str) -> Iterator[tuple[Question, ...]]:
    """Draw a paper in every way in which papers have been drawn, today's first: what was drawn can be drawn again."""
    yield draw(course, paper, seed)
    yield draw(course, paper, seed, _anyhow)


def _anyhow(pool: Sequence[Item], count: int, seed: str) -> list[Item]:
    """Pick as papers were drawn before they were balanced: by the seed alone."""
    return sorted(pool, key=lambda item: rank(seed, item.id))[:count]


def draw(course: Course, paper: Paper, seed: str, picking: Picking = balanced) -> tuple[Question, ...]:
    """Draw a paper's questions in the blueprint's order; only verified items, none twice.

    Draws of one topic pick before draws of any. ValueError when the bank holds too few; `content check` refuses that.
    """
    picked: dict[int, list[Item]] = {}
    taken: set[str] = set()
    for place in sorted(range(len(paper.draws)), key=lambda place: paper.draws[place].topic is None):
        chosen = _pick(course.items, paper.draws[place], taken, seed, picking)
        taken.update(item.id for item in chosen)
        picked[place] = chosen
    return tuple(shuffled(item, seed) for place in sorted(picked) for item in picked[place])


def _pick(items: Sequence[Item], wanted: Draw, taken: set[str], seed: str, picking: Picking) -> list[Item]:
    pool = [
        item
        for item in items
        if item.verified and item.kind == wanted.kind and wanted.topic in (None, item.topic) and item.id not in taken
    ]
    if len(pool) < wanted.count:
        message = f"{wanted.count} {wanted.kind} items are wanted, the bank holds {len(pool)}"
        raise ValueError(message)
    return picking(pool, wanted.count, seed)


def shuffled(item: Item, seed: str) -> Question:
    """Put an item's options, and those of its parts, into the seed's order."""
    parts = tuple(
        PartQuestion(part, _order(part.kind, len(part.options), seed, item.id, f"part {place}"))
        for place, part in enumerate(item.parts)
    )
    options = _order(item.kind, len(item.options), seed, item.id)
    if item.kind == "order" and options == item.right:
        options = (*options[1:], options[0])  # what is to be put in order must not stand in order already
    return Question(item, options, parts)


def _order(kind: str, count: int, *names: str) -> tuple[int, ...]:
    if kind == UNSHUFFLED:
        return tuple(range(count))
    return tuple(sorted(range(count), key=lambda place: rank(*names, str(place))))


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
