"""What of a table may stand in public: no row about so few that somebody could be singled out, also not by subtraction.

Pure. A row is small when fewer than LEAST posts are required in it, or fewer than LEAST_ENTERPRISES enterprises are
taken in (a single enterprise would be known to its neighbours). Small rows are united into one 其他 line, and because
the total is public, so is the smallest other row until the line hides at least two rows and is not small itself: what
is subtracted from the total is then never one row. Where that cannot be had, the table is withheld.

Tables of pages below one another would be subtracted as well (a city less its counties), so:
- of pages of one plan that lie in one another, only the highest shows industries, posts and the past;
- a lower page shows its figure only if the tables of all regions above it, up to the highest page, show its row.

Not covered: pages of different plans (they count other posts in other spans of time), copies of pages from before a
page above them was switched on, and what changes from one day to the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 5
LEAST_ENTERPRISES = 3


@dataclass(frozen=True)
class Cell:
    """A row of a table; enterprises and declared are None where enterprises are not counted (by post)."""

    code: str
    name: str
    required: int
    covered: int
    enterprises: int | None = None
    declared: int | None = None

    @property
    def empty(self) -> bool:
        """Say that there is nobody and nothing in it."""
        return not self.required and not self.enterprises

    @property
    def small(self) -> bool:
        """Say that it is about too few to stand alone."""
        few_enterprises = self.enterprises is not None and 0 < self.enterprises < LEAST_ENTERPRISES
        return 0 < self.required < LEAST or few_enterprises


@dataclass(frozen=True)
class Shown:
    """What may be shown of a table: the open rows in their order, and the sum of the `merged` other ones."""

    rows: tuple[Cell, ...] = ()
    other: Cell | None = None
    merged: int = 0
    withheld: bool = False

    def opens(self, code: str) -> bool:
        """Say whether a row stands in the open."""
        return any(row.code == code for row in self.rows)


def protect(cells: Sequence[Cell]) -> Shown:
    """Unite small rows into one that is not small; rows with nobody in them stand open."""
    by_size = sorted((cell for cell in cells if not cell.empty), key=lambda cell: (cell.required, cell.code))
    hidden = [cell for cell in by_size if cell.small]
    spare = [cell for cell in by_size if not cell.small]
    if not hidden:
        return Shown(tuple(cells))
    while len(hidden) < 2 or united(hidden).small:  # noqa: PLR2004 - what is subtracted must never be one row
        if not spare:
            return Shown(withheld=True)
        hidden.append(spare.pop(0))
    codes = {cell.code for cell in hidden}
    return Shown(tuple(cell for cell in cells if cell.code not in codes), united(hidden), len(hidden))


def united(cells: Iterable[Cell]) -> Cell:
    """Add rows up into one without code and name."""
    listed = list(cells)
    counted = all(cell.enterprises is not None for cell in listed)
    return Cell(
        code="",
        name="",
        required=sum(cell.required for cell in listed),
        covered=sum(cell.covered for cell in listed),
        enterprises=sum(cell.enterprises or 0 for cell in listed) if counted else None,
        declared=sum(cell.declared or 0 for cell in listed) if counted else None,
    )


def rounded_off(count: int) -> int | None:
    """Give a count that stands beside a figure (waived), None when it is about fewer than LEAST but not nobody."""
    return None if 0 < count < LEAST else count
