"""Cuts long lists into batches, for statements whose parameters a database limits."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")


def batched(values: Iterable[Value], size: int = 500) -> Iterator[tuple[Value, ...]]:
    """Give the values in tuples of at most `size`, in order."""
    source = iter(values)
    while batch := tuple(islice(source, size)):
        yield batch
