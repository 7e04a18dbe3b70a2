"""Which rows of a list stand on a page: from which to which, of how many; on paper one page must not pass for all.

A list is paged by the key of the last row seen; how many rows were seen by then goes along in the address, behind a ~.
An address that says nothing of it shows its rows all the same.
"""

from dataclasses import dataclass

DIGITS = 9
"""At most so many digits are read as a number of rows."""


@dataclass(frozen=True)
class Place:
    """Where a page starts: after which key ('': at the beginning), and how many rows come before (None: not said)."""

    key: str = ""
    before: int | None = 0

    def shown(self, count: int, after: str | None, total: int | None = None, *, unfinished: bool = False) -> "Shown":
        """Say what a page shows: so many rows, `after` the key of the next page; on the last one the total is known.

        unfinished: it is not known whether more follow, unless the total tells.
        """
        if self.before is None:
            return Shown(None, count, total, after, unfinished)
        last = self.before + count
        if unfinished and last == total:
            after, unfinished = None, False
        sure = last if after is None else total if total is not None and total > last else None
        return Shown(self.before + 1, count, sure, None if after is None else f"{after}~{last}", unfinished)


def place_of(after: str) -> Place:
    """Read where a page starts from its address."""
    key, _, before = after.partition("~")
    if not key:
        return Place()
    return Place(key, int(before) if before.isascii() and before.isdigit() and len(before) <= DIGITS else None)


@dataclass(frozen=True)
class Shown:
    """The rows on a page, the first counted from 1 (None: not known), of how many, and where the next page starts."""

    first: int | None
    count: int
    total: int | None
    next: str | None
    unfinished: bool = False
    """More may follow, or nothing: not all was looked through to find these."""

    @property
    def last(self) -> int:
        """Give the number of the last row; 0 where that of the first is not known."""
        return 0 if self.first is None else self.first + self.count - 1

    @property
    def whole(self) -> bool:
        """Say whether all rows of the list stand on this page."""
        return self.first == 1 and self.next is None
