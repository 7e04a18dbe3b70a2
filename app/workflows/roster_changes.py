"""Decides what a roster changes: rows against stored assignments of one person, post and enterprise. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.organisations.staffing import Held


@dataclass(frozen=True)
class Wanted:
    """A good row: who (a negative id is a person still to be entered) holds which post where from when until when."""

    row: int
    person_id: int
    enterprise_id: int
    post: str
    trade: str
    starts_on: date
    ends_on: date | None

    @property
    def key(self) -> tuple[int, int, str]:
        """Give what assignments must not overlap within."""
        return self.person_id, self.enterprise_id, self.post

    def as_held(self, number: int) -> Held:
        """Make the assignment that this row asks for."""
        return Held(
            number, self.person_id, self.enterprise_id, self.post, self.trade, self.starts_on, self.ends_on, void=False
        )


@dataclass(frozen=True)
class Outcome:
    """What a row does: `before` is the assignment it meets (None: it adds one), `after` what stands then."""

    wanted: Wanted
    before: Held | None
    after: Held


@dataclass(frozen=True)
class Clash:
    """A row that is refused: it overlaps another row of its file (`other`), or two stored assignments (None)."""

    wanted: Wanted
    other: int | None


def clashes(rows: Iterable[Wanted]) -> list[Clash]:
    """Find rows that overlap an earlier good row of the file."""
    kept: dict[tuple[int, int, str], list[Wanted]] = {}
    found = []
    for row in rows:
        before = kept.setdefault(row.key, [])
        other = next((k for k in before if k.as_held(0).overlaps(row.starts_on, row.ends_on)), None)
        if other is None:
            before.append(row)
        else:
            found.append(Clash(row, other.row))
    return found


def reconcile(rows: Iterable[Wanted], stored: Sequence[Held]) -> tuple[list[Outcome], list[Clash]]:
    """Decide rows of one key, none of which overlap, against what is stored under it; in the order of their days.

    A row that meets two assignments waits until the others are done, and is refused when it still does: so the same
    file decided again changes nothing.
    """
    now = list(stored)
    outcomes: list[Outcome] = []
    waiting = sorted(rows, key=lambda r: r.starts_on)
    while True:
        later = [row for row in waiting if not _settle(row, now, outcomes)]
        if len(later) == len(waiting):
            return outcomes, [Clash(row, None) for row in later]
        waiting = later


def _settle(row: Wanted, now: list[Held], outcomes: list[Outcome]) -> bool:
    """Decide one row, unless it meets two assignments; `now` and `outcomes` take the decision up."""
    met = [held for held in now if held.overlaps(row.starts_on, row.ends_on)]
    if len(met) > 1:
        return False
    before = met[0] if met else None
    after = row.as_held(0) if before is None else _corrected(before, row)
    outcomes.append(Outcome(row, before, after))
    if before is not None:
        now.remove(before)
    now.append(after)
    return True


def _corrected(before: Held, row: Wanted) -> Held:
    """Apply a row; a blank end never reopens an ended assignment, a blank trade says nothing."""
    return before._replace(
        starts_on=row.starts_on, ends_on=row.ends_on or before.ends_on, trade=row.trade or before.trade
    )


def absent(stored: Iterable[Held], met: set[int], as_of: date) -> tuple[dict[int, list[Held]], dict[int, int]]:
    """Give, by enterprise, the assignments in post on a day that no row met, ended that day; and how many were in post.

    One that began that very day never was: it becomes void.
    """
    ended: dict[int, list[Held]] = {}
    totals: dict[int, int] = {}
    for held in stored:
        if not held.in_post(as_of):
            continue
        totals[held.enterprise_id] = totals.get(held.enterprise_id, 0) + 1
        if held.id not in met:
            gone = held._replace(void=True) if held.starts_on == as_of else held._replace(ends_on=as_of)
            ended.setdefault(held.enterprise_id, []).append(gone)
    return ended, totals
