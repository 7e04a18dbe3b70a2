"""Reads what people upload - .xlsx, .xls or .csv, told apart by content - into rows under known columns.

A file that cannot be read, or whose headers do not fit, is one Problem that says what to do. A cell that cannot be
trusted is kept as `Unreadable`, so that its row is refused with a reason and the others go in.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Final

from app.kit.errors import Problem
from app.ops import sheet_books, sheet_text
from app.ops.i18n import N_
from app.ops.sheet_cells import Cell, Grid, Unreadable, is_blank

__all__ = ["Cell", "Column", "Row", "Sheet", "Unreadable", "date", "datetime", "read", "time", "timedelta"]

ROW_LIMIT: Final = 200_000
HEADER_SEARCH: Final = 10
"""How many rows to look through for headers that do not stand in the first."""
IGNORED: Final = frozenset({"", "序号", "备注", "原因", "no", "remark", "reason"})
"""Headers of columns that rosters carry and nobody loses when they are left out."""

_ALL_FAULTS: Final = N_(
    "The columns do not fit. Missing: %(missing)s. Not known: %(unknown)s. Twice: %(twice)s. "
    "Download the template, or rename the columns."
)
_FAULTS: Final = {
    frozenset({"missing"}): N_("The columns do not fit. Missing: %(missing)s. Add them, or take the template."),
    frozenset({"unknown"}): N_("The columns do not fit. Not known: %(unknown)s. Rename or delete them."),
    frozenset({"twice"}): N_("The columns do not fit. Twice: %(twice)s. Delete one of each."),
    frozenset({"missing", "unknown"}): N_(
        "The columns do not fit. Missing: %(missing)s. Not known: %(unknown)s. Rename them as the arrow says, "
        "delete what is not needed, or take the template."
    ),
}
"""What to say of headers that do not fit: only what is wrong with them."""


@dataclass(frozen=True)
class Column:
    """A column of an import file: its English and Chinese name, what else people call it, and how Excel shall hold it.

    A header in `same` means exactly this and is read; one in `nicknames` may mean it: it is refused, with the question.
    `choices` names the code list of the template; `text` columns are formatted as text there.
    """

    field: str
    header: str
    required: bool = False
    text: bool = False
    choices: str = ""
    same: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file: its number there (the header is row 1), all its cells, and those by field.

    `stray` is the letter of a column without a header in which the row has something, '' when there is none.
    """

    number: int
    raw: tuple[Cell, ...]
    cells: dict[str, Cell]
    stray: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file that was read: its headers as written, and its rows that are not blank."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes, columns: Sequence[Column]) -> Sheet:
    """Read a file; Problem 422 when it is no sheet or dangerous, or not just one of its sheets has headers and rows."""
    first: Grid | None = None
    found: Sheet | None = None
    for grid in sheet_books.grids(data) if sheet_books.is_book(data) else [sheet_text.grid(data)]:
        if all(is_blank(cell) for row in grid for cell in row):
            continue
        if not _faults(grid[0], columns):
            more = _sheet(grid, columns)
            if found and found.rows and more.rows:
                message = N_("Two sheets of the workbook hold rows. Put all rows into one sheet, or save two files.")
                raise Problem(422, "sheet_two", message)
            found = more if found is None or more.rows else found
        first = first or grid
    if found is not None:
        return found
    if first is None:
        raise Problem(422, "sheet_empty", N_("The file is empty."))
    raise _misfit(first, columns)


def _sheet(grid: Grid, columns: Sequence[Column]) -> Sheet:
    headers = tuple(_shown(cell) for cell in grid[0])
    fields = [_field(cell, columns) for cell in grid[0]]
    nameless = [index for index, header in enumerate(headers) if not header]
    rows = []
    for number, raw in enumerate(grid[1:], start=2):
        if all(is_blank(cell) for cell in raw):
            continue
        cells = {field: cell for field, cell in zip(fields, raw, strict=False) if field}
        beyond = (i for i in (*nameless, *range(len(fields), len(raw))) if i < len(raw) and not is_blank(raw[i]))
        rows.append(Row(number, tuple(raw), cells, _letter(next(beyond, -1))))
    if len(rows) > ROW_LIMIT:
        message = N_("The file has more than %(limit)s rows. Split it.")
        raise Problem(422, "sheet_rows", message, {"limit": ROW_LIMIT})
    return Sheet(headers, tuple(rows))


def _faults(first: Sequence[Cell], columns: Sequence[Column]) -> dict[str, list[str]]:
    found = [_field(cell, columns) for cell in first]
    missing = [c.header for c in columns if c.required and c.field not in found]
    unknown = [_shown(cell) for cell, field in zip(first, found, strict=True) if field is None]
    twice = sorted({c.header for c in columns if found.count(c.field) > 1})
    return {key: names for key, names in (("missing", missing), ("unknown", unknown), ("twice", twice)) if names}


def _misfit(grid: Grid, columns: Sequence[Column]) -> Problem:
    if any(isinstance(cell, Unreadable) for cell in grid[0]):
        return Problem(422, "sheet_header_merged", N_("The first row has merged or unreadable cells. Unmerge them."))
    for number, row in enumerate(grid[1:HEADER_SEARCH], start=2):
        if not _faults(row, columns):
            message = N_("The headers stand in row %(row)s. Delete the rows above, so that they are the first row.")
            return Problem(422, "sheet_header_row", message, {"row": number})
    faults = _faults(grid[0], columns)
    details = {
        "missing": "、".join(faults.get("missing", ())) or "-",
        "unknown": "、".join(_with_nearest(name, columns) for name in faults.get("unknown", ())) or "-",
        "twice": "、".join(faults.get("twice", ())) or "-",
    }
    return Problem(422, "sheet_headers", _FAULTS.get(frozenset(faults), _ALL_FAULTS), details)


def _with_nearest(name: str, columns: Sequence[Column]) -> str:
    names = {_key(alias): c.header for c in columns for alias in (c.field, c.header, *c.same, *c.nicknames)}
    near = get_close_matches(_key(name), names, n=1, cutoff=0.5)
    return f"{name}（→ {names[near[0]]}?）" if near else name


def _field(cell: Cell, columns: Sequence[Column]) -> str | None:
    """Give the field of a header: '' when the column is ignored, None when it is not known."""
    key = _key(_shown(cell))
    if key in IGNORED and not isinstance(cell, Unreadable):
        return ""
    return next((c.field for c in columns if key in {_key(name) for name in (c.field, c.header, *c.same)}), None)


def _letter(index: int) -> str:
    """Name a column as Excel does (0 is A); '' for -1."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(ord("A") + rest) + letters, index - 1
    return letters


def _key(header: str) -> str:
    return re.sub(r"[\s*_]", "", unicodedata.normalize("NFKC", header)).casefold()


def _shown(cell: Cell) -> str:
    return "" if cell is None or isinstance(cell, Unreadable) else str(cell).strip()
