"""What of a table may stand in public: nothing about so few that somebody could be singled out, nor by subtraction.

Pure. Who *contributes* to a figure are the enterprises with at least one post required in it, not all that are taken
in: of a sum made by two, each could subtract its own. So a row is small when fewer than LEAST posts are required in it,
when fewer than LEAST_ENTERPRISES contribute to it, or when fewer are taken in (they would be known to their
neighbours). Small rows are united into one 其他 line, and because the total is public, so is the smallest other row
until the line hides at least two rows and is not small itself: what is subtracted from the total is then never one row.
Where that cannot be had, the table is withheld.

Counts of enterprises by status are such a table too: counts below LEAST_ENTERPRISES are told in one sum with others
(`tell_statuses`). How many declared says how many did not, so in a total and in rows it is told by the same rule
(`conceal`); where it is told, 未报 is as public as it, and protects no other status.

Tables of pages below one another would be subtracted as well (a city less its counties), so:
- of pages of one plan that lie in one another, only the highest shows statuses, stale rosters, waivers, industries,
  posts and the past;
- a lower page shows its figure (and how many declared) only if the tables of all regions above it, up to the highest
  page, show it in its row.

Pages of two days would be subtracted too, by who saw that one enterprise came in, or a row open, between them. So the
figures move on once a month (app/coverage/queries/public.py), when many things have changed.

Not covered: what changes from one month to the next, pages of different plans (they count other posts in other spans
of time), copies of pages from before a page above them was switched on, enterprises that put together what they know,
and one so large that the others hardly count beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

LEAST = 5
LEAST_ENTERPRISES = 3


@dataclass(frozen=True)
class Cell:
    """A row of a table. contributors: enterprises with at least one post required in it.

    enterprises (taken in) and declared are None where enterprises are not counted (by post); then one enterprise may
    contribute to several rows. declared alone is None where it is not told.
    """

    code: str
    name: str
    required: int
    covered: int
    contributors: int
    enterprises: int | None = None
    declared: int | None = None

    @property
    def empty(self) -> bool:
        """Say that there is nobody and nothing in it."""
        return not self.required and not self.enterprises

    @property
    def small(self) -> bool:
        """Say that it is about too few to stand alone."""
        few = any(_few(count) for count in (self.contributors, self.enterprises or 0))
        return few or 0 < self.required < LEAST


@dataclass(frozen=True)
class Shown:
    """What may be shown of a table: the open rows in their order, and the sum of the `merged` other ones."""

    rows: tuple[Cell, ...] = ()
    other: Cell | None = None
    merged: int = 0
    withheld: bool = False

    def row(self, code: str) -> Cell | None:
        """Give a row that stands in the open; None when it does not."""
        return next((row for row in self.rows if row.code == code), None)


@dataclass(frozen=True)
class Statuses:
    """How many enterprises have each status, as far as it is told; `other`: how many have one that is not."""

    told: Mapping[str, int] = field(default_factory=dict)
    other: int = 0


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
    """Add rows up into one without code and name; where an enterprise may be in several, contributors are the most."""
    listed = list(cells)
    counted = all(cell.enterprises is not None for cell in listed)
    contributors = [cell.contributors for cell in listed]
    return Cell(
        code="",
        name="",
        required=sum(cell.required for cell in listed),
        covered=sum(cell.covered for cell in listed),
        contributors=sum(contributors) if counted else max(contributors, default=0),
        enterprises=sum(cell.enterprises or 0 for cell in listed) if counted else None,
        declared=sum(cell.declared or 0 for cell in listed) if counted else None,
    )


def conceal_total(total: Cell) -> Cell:
    """Leave out how many declared where they, or those that did not, are few."""
    return replace(total, declared=apart(total.declared or 0, total.enterprises or 0))


def conceal(shown: Shown, total: Cell) -> Shown:
    """Leave out of rows how many declared where few did or did not, and of as many others as hides those.

    Where the total does not tell it, no row does.
    """
    rows = [*shown.rows, *([shown.other] if shown.other else [])]
    counted = [(row.enterprises or 0, row.declared or 0) for row in rows]
    hidden = unsafe([taken_in - declared for taken_in, declared in counted]) | unsafe([told for _, told in counted])
    if total.declared is None:
        hidden = frozenset(range(len(rows)))
    bare = [replace(row, declared=None) if place in hidden else row for place, row in enumerate(rows)]
    other = bare.pop() if shown.other else None
    return replace(shown, rows=tuple(bare), other=other)


def tell_statuses(counts: Mapping[str, int], total: Cell) -> Statuses:
    """Tell enterprises by status, small counts only in one sum; `total` says whether it tells how many declared."""
    public = set() if total.declared is None else {"undeclared"}
    rest = [status for status, count in counts.items() if count and status not in public]
    hidden = unsafe([counts[status] for status in rest])
    open_ones = {status for place, status in enumerate(rest) if place not in hidden} | public
    told = {status: count for status, count in counts.items() if status in open_ones}
    return Statuses(told, sum(counts.values()) - sum(told.values()))


def unsafe(counts: Sequence[int]) -> frozenset[int]:
    """Say which of some counts of enterprises (by their places) cannot be told when their sum is told.

    Those below LEAST_ENTERPRISES, and with them the smallest others until they are two and together not below it; all
    but zeros when that cannot be had (their sum is then for the caller to judge).
    """
    by_size = sorted((place for place, count in enumerate(counts) if count), key=lambda place: (counts[place], place))
    found = [place for place in by_size if _few(counts[place])]
    spare = by_size[len(found) :]
    while found and spare and (len(found) < 2 or _few(sum(counts[place] for place in found))):  # noqa: PLR2004 - as above
        found.append(spare.pop(0))
    return frozenset(found)


def apart(part: int, whole: int, least: int = LEAST_ENTERPRISES) -> int | None:
    """Give a part that stands beside its whole; None when it, or what is left of the whole, is few but not nothing."""
    return None if 0 < part < least or 0 < whole - part < least else part


def _few(count: int) -> bool:
    return 0 < count < LEAST_ENTERPRISES
