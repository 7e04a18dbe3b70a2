"""Writes tables of rows as .csv and .xlsx, row by row, so that a long list costs no memory.

A ratio is written in full, never rounded: six decimals of a share, four of a per cent. Text that a spreadsheet would
take for a formula is kept as text.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import chain, count, islice
from tempfile import TemporaryFile
from typing import IO, Any, Literal, TypeAlias

import xlsxwriter

from app.reports.quick_sheet import QuickSheet

Cell: TypeAlias = str | int | float | date | None
Cells = tuple[Cell, ...]
Text = Callable[..., str]
"""Puts a msgid into the reader's words, its placeholders filled."""
Kind = Literal["text", "count", "ratio", "day"]
BOM = "\ufeff"
"""Tells a Chinese Excel that a .csv is UTF-8."""
MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel; what is longer goes on in another sheet."""
MOST_NAME = 31
"""Characters of a sheet's name."""
FORMULA = frozenset("=+-@\t\r")
MAYBE_FORMULA = re.compile('(?:^|[,\n])(?:"?[=+@\t-]|"\r)')
"""Finds what a spreadsheet may take for a formula in a .csv, and some numbers and texts that it does not."""
CHUNK = 64 * 1024
ROWS = 200
"""So many rows are written to a .csv at once."""
WIDTHS: dict[Kind, int] = {"text": 18, "count": 10, "ratio": 11, "day": 12}
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Column:
    """A column: its header, what its cells hold, and its width in characters (0: by kind)."""

    title: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True)
class Table:
    """A sheet: what stands above it (label, value), its columns and its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    head: tuple[tuple[str, Cell], ...] = ()


def csv_chunks(tables: Iterable[Table]) -> Iterator[bytes]:
    """Give the tables as UTF-8 text with a BOM, one under the other, in chunks of about 64 KiB."""
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer)
    for position, table in enumerate(tables):
        if position:
            writer.writerows(([], [table.name]))
        if table.head:
            writer.writerows([*([_text(label), _plain(value)] for label, value in table.head), []])
        writer.writerow([_text(column.title) for column in table.columns])
        ratios = [place for place, column in enumerate(table.columns) if column.kind == "ratio"]
        rows = iter(table.rows)
        while block := list(islice(rows, ROWS)):
            if ratios:
                block = [_with_ratios(row, ratios) for row in block]
            begun = buffer.tell()
            writer.writerows(block)
            if MAYBE_FORMULA.search(buffer.getvalue(), max(begun - 1, 0)):
                buffer.seek(begun)
                buffer.truncate()
                writer.writerows([[_plain(cell) for cell in row] for row in block])
            if buffer.tell() > CHUNK:
                yield _taken(buffer)
    yield _taken(buffer)


def _with_ratios(row: Sequence[Cell], ratios: Sequence[int]) -> Sequence[Cell]:
    cells = list(row)
    for place in ratios:
        cell = cells[place]
        cells[place] = f"{cell:.6f}" if isinstance(cell, float | int) else cell
    return cells


def _text(text: str) -> str:
    return f"'{text}" if text[:1] in FORMULA else text


def _plain(cell: Cell) -> Cell:
    return _text(cell) if isinstance(cell, str) else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def workbook(tables: Iterable[Table]) -> Iterator[bytes]:
    """Write the tables as sheets of a workbook into a temporary file, and give it in chunks.

    The workbook is whole before the first chunk, so an error in a row is raised to the caller of this function.
    """
    with ExitStack() as opened:
        file = opened.enter_context(TemporaryFile())
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            formats = _formats(book)
            for table in tables:
                _sheets(book, table, formats)
        opened.pop_all()
    file.seek(0)
    return _chunks(file)


def _formats(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter has no types
    return {
        "text": None,
        "count": book.add_format({"num_format": "#,##0"}),
        "ratio": book.add_format({"num_format": "0.0000%"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "label": book.add_format({"font_color": "#556065"}),
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
    }


def _sheets(book: Any, table: Table, formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    """Write a table as a sheet, or as several when it has more rows than a sheet can hold."""
    rows = iter(table.rows)
    for part in count(1):
        suffix = f" ({part})" if part > 1 else ""
        sheet = book.add_worksheet(table.name[: MOST_NAME - len(suffix)] + suffix, QuickSheet)
        top = _begun(sheet, table, formats, head=table.head if part == 1 else ())
        forms = [formats[column.kind] for column in table.columns]
        for row, cells in enumerate(islice(rows, MOST_ROWS - top), start=top):
            sheet.write_cells(row, cells, forms)
        more = next(rows, None)
        if more is None:
            return
        rows = chain((more,), rows)


def _begun(sheet: Any, table: Table, formats: dict[str, Any], head: Sequence[tuple[str, Cell]]) -> int:  # noqa: ANN401 - xlsxwriter has no types
    """Write what stands above the rows, and give the number of the first row under it."""
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, column.width or WIDTHS[column.kind])
    for row, (label, value) in enumerate(head):
        sheet.write(row, 0, label, formats["label"])
        _write(sheet, row, 1, value, formats["day" if isinstance(value, date) else "text"])
    top = len(head) + 1 if head else 0
    for position, column in enumerate(table.columns):
        sheet.write_string(top, position, column.title, formats["header"])
    sheet.freeze_panes(top + 1, 1)
    return top + 1


def _write(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if cell is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, form)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, form)
    else:
        sheet.write_number(row, column, cell, form)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
