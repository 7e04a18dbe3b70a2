"""What a cell of an uploaded sheet can be."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias


@dataclass(frozen=True)
class Unreadable:
    """A cell whose value cannot be known: `code` says why (merged_cell, formula_without_value)."""

    code: str


Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | Unreadable | None
Grid: TypeAlias = list[list[Cell]]


def is_blank(cell: Cell) -> bool:
    """Say whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\u200b\ufeff \t\r\n\u00a0\u3000"))
