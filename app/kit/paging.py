"""Keyset paging: a page of rows and the key after which the next page starts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A page of rows; `after` is the key of the next page, None on the last."""

    rows: tuple[Row, ...]
    after: str | None


def page(rows: Sequence[Row], size: int, key: Callable[[Row], str]) -> Page[Row]:
    """Cut `size` rows out of a query that fetched size + 1 of them."""
    shown = tuple(rows[:size])
    return Page(shown, key(shown[-1]) if len(rows) > size and shown else None)


def every(read: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    """Give all rows of a list: `read` gives the page after a key (None: the first)."""
    after = None
    while True:
        found = read(after)
        yield from found.rows
        if found.after is None:
            return
        after = found.after
