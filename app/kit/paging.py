"""Keyset paging: a page of rows and the key after which the next page starts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.kit.errors import Problem

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A page of rows; `after` is the key of the next page, None on the last.

    unfinished: it ended before it was full, for too much was looked through to find its rows: the next may be empty.
    """

    rows: tuple[Row, ...]
    after: str | None
    unfinished: bool = False


def page(rows: Sequence[Row], size: int, key: Callable[[Row], str]) -> Page[Row]:
    """Cut `size` rows out of a query that fetched size + 1 of them."""
    shown = tuple(rows[:size])
    return Page(shown, key(shown[-1]) if len(rows) > size and shown else None)


def numbers(after: str, count: int) -> tuple[int, ...]:
    """Read a key that is so many numbers with dots between them; Problem 422 for what is none."""
    try:
        found = tuple(int(part) for part in after.split("."))
    except ValueError:
        raise no_such_page() from None
    if len(found) != count:
        raise no_such_page()
    return found


def no_such_page() -> Problem:
    """Say that a page's key is not one that a list gave out."""
    return Problem(422, "page_key", "This page of the list does not exist. Start at its beginning.")


def every(read: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    """Give all rows of a list: `read` gives the page after a key (None: the first)."""
    after = None
    while True:
        found = read(after)
        yield from found.rows
        if found.after is None:
            return
        after = found.after
