"""A sheet whose rows go straight into the workbook's file: just what XlsxWriter would write of them, with less work.

XlsxWriter keeps each cell as an object, asks what it is and escapes its every part; a list of a million people has
fifteen million cells of three kinds. tests/reports/test_quick_sheet.py holds the two equal, byte for byte.
"""

import re
from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

BEGUN = date(1899, 12, 30).toordinal()
"""The day from which Excel counts, for days from March 1900 on."""
COUNTED_FROM = date(1900, 3, 1)
LONGEST = 16_000
"""Characters of a text that is surely short enough for a cell."""
PLAIN = re.compile(r"(?![\s<])[^&<>\n\x00-\x1f_\ufffe\uffff]*(?<!\s)")
"""A text that is written as it is: nothing to escape, no white space at its ends."""


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of a workbook in constant memory."""

    formats: Sequence[Any] = ()
    starts: tuple[tuple[str, str], ...] = ()

    def write_cells(self, row: int, cells: Sequence[Any], formats: Sequence[Any]) -> None:
        """Write a whole row, under all that was written so far; each row with as many formats as the one before.

        A row with anything but plain texts, numbers and days is left to XlsxWriter.
        """
        if formats is not self.formats:
            self.formats, self.starts = formats, tuple(map(_start, range(len(formats)), formats))
        number = row + 1
        written = []
        for (start, style), cell in zip(self.starts, cells, strict=True):
            kind = type(cell)
            if cell is None:
                continue
            if kind is str and len(cell) < LONGEST and PLAIN.fullmatch(cell):
                written.append(f'<c r="{start}{number}"{style} t="inlineStr"><is><t>{cell}</t></is></c>')
            elif kind is int or (kind is float and isfinite(cell)):
                written.append(f'<c r="{start}{number}"{style}><v>{cell:.16G}</v></c>')
            elif kind is date and cell >= COUNTED_FROM:
                written.append(f'<c r="{start}{number}"{style}><v>{cell.toordinal() - BEGUN}</v></c>')
            else:
                self._write_each(row, cells)
                return
        if written:
            self._check_dimensions(row, len(cells) - 1)
            if row > self.previous_row:
                self._write_single_row(row)
            self.fh.write(f'<row r="{number}">{"".join(written)}</row>')

    def _write_each(self, row: int, cells: Sequence[Any]) -> None:
        for column, (cell, form) in enumerate(zip(cells, self.formats, strict=True)):
            if isinstance(cell, str):
                self.write_string(row, column, cell, form)
            elif isinstance(cell, date):
                self.write_datetime(row, column, cell, form)
            elif cell is not None:
                self.write_number(row, column, cell, form)


def _start(column: int, form: Any) -> tuple[str, str]:  # noqa: ANN401 - XlsxWriter has no types
    """Give what the cells of a column begin with: its letter, and the attribute of their style."""
    return xl_col_to_name(column), f' s="{form._get_xf_index()}"' if form else ""  # noqa: SLF001 - as Worksheet does
