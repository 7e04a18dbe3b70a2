"""Writes .xlsx: the templates of the four imports with their code lists, and the sheet of refused rows."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.ops.sheet_cells import Cell, Unreadable
from app.ops.sheets import Column, Sheet
from app.reports.import_columns import IMPORTS, MODES, SIZES

TITLES: Final = {"regions": "行政区划", "enterprises": "用人单位", "roster": "花名册", "records": "培训记录"}
LISTS_SHEET: Final = "代码表"
REASON: Final = "原因"
VALIDATED_ROWS: Final = 20_000
EXACT_DIGITS: Final = 10**11
"""Whole numbers from here on are codes that were typed as numbers: they go back as text."""
OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class CodeList:
    """What a column may hold: its title, and (code, name, other names) by line; `pick` is what Excel offers."""

    title: str
    lines: tuple[tuple[str, str, str], ...]
    pick: int = 1


FIXED: Final = {
    "yes_no": CodeList("是否", (("", "是", ""), ("", "否", ""))),
    "sizes": CodeList("企业规模", tuple((code, name, "") for name, code in SIZES.items())),
    "modes": CodeList("培训方式", tuple((code, name, "") for name, code in MODES.items())),
}


@dataclass
class _Book:
    """A workbook being written, with the formats that all sheets share."""

    stream: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.book = xlsxwriter.Workbook(self.stream, {**OPTIONS, "constant_memory": True})
        self.text = self.book.add_format({"num_format": "@"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.head = self.book.add_format({"bold": True, "bg_color": "#e9f0ef", "bottom": 1})
        self.must = self.book.add_format({"bold": True, "bg_color": "#e9f0ef", "bottom": 1, "font_color": "#ad3218"})
        self.reason = self.book.add_format({"font_color": "#ad3218", "text_wrap": True, "num_format": "@"})

    def done(self) -> bytes:
        self.book.close()
        return self.stream.getvalue()


def template(kind: str, lists: Mapping[str, CodeList]) -> bytes:
    """Write the empty file of a kind of import: headers, text columns, drop-down lists, and a sheet of the codes."""
    columns = IMPORTS[kind]
    book = _Book()
    sheet = book.book.add_worksheet(TITLES[kind])
    sheet.freeze_panes(1, 0)
    used = {c.choices: {**FIXED, **lists}[c.choices] for c in columns if c.choices}
    for index, column in enumerate(columns):
        dated = column.field.endswith(("_on", "_through", "_until"))
        sheet.set_column(
            index, index, 20 if column.text else 14, book.text if column.text else book.day if dated else None
        )
        sheet.write_string(
            0, index, column.header + ("*" if column.required else ""), book.must if column.required else book.head
        )
        if column.note:
            sheet.write_comment(0, index, column.note)
    places = _write_lists(book, used)
    for index, column in enumerate(columns):
        if column.choices:
            offer = {"validate": "list", "source": places[column.choices], "error_type": "information"}
            sheet.data_validation(1, index, VALIDATED_ROWS, index, offer)
    return book.done()


def returned(source: Sheet, reasons: Mapping[int, str]) -> bytes:
    """Write the refused rows as they came, with the reason (by row number) in a last column."""
    book = _Book()
    sheet = book.book.add_worksheet("退回")
    kept = [index for index, header in enumerate(source.headers) if header != REASON]
    width = max((len(row.raw) for row in source.rows), default=0)
    kept += list(range(len(source.headers), width))
    sheet.set_column(0, len(kept) - 1, 18, book.text)
    sheet.set_column(len(kept), len(kept), 60, book.reason)
    sheet.freeze_panes(1, 0)
    for place, index in enumerate(kept):
        sheet.write_string(0, place, source.headers[index] if index < len(source.headers) else "", book.head)
    sheet.write_string(0, len(kept), REASON, book.head)
    number = 0
    for row in source.rows:
        if row.number not in reasons:
            continue
        number += 1
        for place, index in enumerate(kept):
            _write(book, sheet, number, place, row.raw[index] if index < len(row.raw) else None)
        sheet.write_string(number, len(kept), reasons[row.number], book.reason)
    return book.done()


def _write_lists(book: _Book, lists: Mapping[str, CodeList]) -> dict[str, str]:
    """Write the code lists side by side; gives the range that each one's drop-down offers."""
    sheet = book.book.add_worksheet(LISTS_SHEET)
    places: dict[str, str] = {}
    lefts = {key: 4 * number for number, key in enumerate(lists)}
    for key, left in lefts.items():
        letter = xl_col_to_name(left + lists[key].pick)
        places[key] = f"={LISTS_SHEET}!${letter}$2:${letter}${max(2, len(lists[key].lines) + 1)}"
        sheet.set_column(left, left, 16, book.text)
        sheet.set_column(left + 1, left + 2, 24, book.text)
    for number in range(max((len(one.lines) for one in lists.values()), default=0) + 1):
        for key, left in lefts.items():
            heads = (f"{lists[key].title}代码", lists[key].title, "也可写作")
            lines: Sequence[Sequence[str]] = (heads, *lists[key].lines)
            for offset, value in enumerate(lines[number] if number < len(lines) else ()):
                sheet.write_string(number, left + offset, value, book.text if number else book.head)
    return places


def _write(book: _Book, sheet: Any, row: int, column: int, cell: Cell) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    if cell is None or isinstance(cell, Unreadable):
        sheet.write_blank(row, column, None, book.text)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float)) and abs(cell) < EXACT_DIGITS:
        sheet.write_number(row, column, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_string(row, column, f"{cell:.0f}", book.text)
    elif isinstance(cell, date) and not (isinstance(cell, datetime) and cell.time() != datetime.min.time()):
        sheet.write_datetime(row, column, cell, book.day)
    else:
        sheet.write_string(row, column, str(cell), book.text)


def columns_of(kind: str) -> tuple[Column, ...]:
    """Give the columns of a kind of import, for the page that explains them."""
    return IMPORTS[kind]
