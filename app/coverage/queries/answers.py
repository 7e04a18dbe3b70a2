"""The shape of an answer about coverage: figures, rows, and their JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import Any

from app.coverage.ledger import NOTHING, Tally, is_full, ratio
from app.coverage.status import STALE, STATUSES
from app.kit.dates import SHANGHAI


@dataclass(frozen=True)
class Figures:
    """Counts of required, covered and waived assignments, and of enterprises by status (and stale ones)."""

    tally: Tally = NOTHING
    statuses: Mapping[str, int] = field(default_factory=dict)
    stale: int = 0

    @property
    def required(self) -> int:
        """Assignments required."""
        return self.tally.required

    @property
    def covered(self) -> int:
        """Assignments covered, the waived ones among them."""
        return self.tally.covered

    @property
    def waived(self) -> int:
        """Assignments covered by a waiver."""
        return self.tally.waived

    @property
    def ratio(self) -> float | None:
        """Covered by required, truncated to 6 decimals; None where nothing is required."""
        return ratio(self.required, self.covered)

    @property
    def enterprises(self) -> int:
        """Enterprises taken in."""
        return sum(self.statuses.values())

    @property
    def declared(self) -> int:
        """Enterprises taken in that have declared who holds their posts."""
        return self.enterprises - self.statuses.get("undeclared", 0)

    @property
    def full(self) -> bool:
        """Say whether a region with these figures is full (全覆盖)."""
        return is_full(self.tally, self.statuses)


@dataclass(frozen=True)
class Row:
    """A row of an answer: a region (本级: its own), an industry, a post or an enterprise; the last with its status."""

    key: str
    name: str
    figures: Figures
    status: str | None = None
    enterprise_id: int | None = None


@dataclass(frozen=True)
class Answer:
    """The coverage asked for; `persons` counts distinct persons required, when asked."""

    plan: str
    on: date
    known_at: datetime | None
    forecast: bool
    figures: Figures
    persons: int | None
    rows: tuple[Row, ...]
    tops: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the answer in the shape that others rely on (DESIGN section 7)."""
        persons = {} if self.persons is None else {"persons": self.persons}
        return {
            "plan": self.plan,
            "on": self.on.isoformat(),
            "known_at": self.known_at.astimezone(SHANGHAI).isoformat() if self.known_at else None,
            **_tally_json(self.figures),
            **persons,
            "declared": self.figures.declared,
            "enterprises": dict(self.figures.statuses),
            "rows": [_row_json(row) for row in self.rows],
        }


def _row_json(row: Row) -> dict[str, Any]:
    status = {} if row.status is None else {"status": row.status}
    return {"key": row.key, "name": row.name, **_tally_json(row.figures), **status}


def _tally_json(figures: Figures) -> dict[str, Any]:
    return {**figures.tally._asdict(), "ratio": figures.ratio}


def figures_of(tally: Tally, kinds: Mapping[str, int]) -> Figures:
    """Make figures of a tally and counts of enterprises by kind; zeros are left out, statuses are in order."""
    statuses = {status: kinds[status] for status in STATUSES if kinds.get(status)}
    return Figures(tally, statuses, kinds.get(STALE, 0))


def minus(whole: Figures, part: Figures) -> Figures:
    """Take a part's figures from those of the whole."""
    counts = {status: whole.statuses.get(status, 0) - part.statuses.get(status, 0) for status in STATUSES}
    return figures_of(whole.tally.plus(part.tally, -1), counts | {STALE: whole.stale - part.stale})


def plus(figures: Iterable[Figures]) -> Figures:
    """Add figures up: ratios of sums, never averages."""
    return reduce(_plus, figures, Figures())


def _plus(left: Figures, right: Figures) -> Figures:
    counts = {
        status: left.statuses.get(status, 0) + right.statuses.get(status, 0)
        for status in STATUSES
        if status in left.statuses or status in right.statuses
    }
    return Figures(left.tally.plus(right.tally), counts, left.stale + right.stale)
