"""A quick sheet writes what XlsxWriter writes, byte for byte."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from zipfile import ZipFile

import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from app.reports.exports import OPTIONS, Cell
from app.reports.quick_sheet import QuickSheet

WIDTH = 4
TEXTS = st.one_of(
    st.text(), st.sampled_from(["柳州市", " a", "a\u3000", "<r>a</r>", "a&b", 'say "so"', "_x0041_", "\x01", "=1"])
)
DAYS = st.dates(date(1900, 1, 1))
NUMBERS = st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
CELLS = st.one_of(st.none(), TEXTS, DAYS, NUMBERS)
ROWS = st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=8)
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - as XlsxWriter wants it


def written(rows: Sequence[Sequence[Cell]], *, quick: bool) -> str:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"created": MADE})
        formats = [None, book.add_format({"num_format": "#,##0"}), None, book.add_format({"num_format": "yyyy-mm-dd"})]
        sheet = book.add_worksheet("甲", QuickSheet)
        for column in range(WIDTH):
            sheet.write_string(1, column, "head", formats[column])  # so that both number the formats alike
        for number, cells in enumerate(rows, start=2):
            if quick:
                sheet.write_cells(number, cells, formats)
            else:
                sheet.formats = formats
                sheet._write_each(number, cells)
    with ZipFile(file) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


@given(ROWS)
@example([["柳州市", 1, "韦大勇", date(2026, 3, 2)], [None] * WIDTH, ["a\nb", 0.5, None, date(1900, 2, 28)]])
@example([[None] * WIDTH, ["a\nb", 0.5, None, None], ["b", 2, "c", None]])
def test_a_quick_sheet_is_what_xlsxwriter_writes(rows: list[list[Cell]]) -> None:
    assert written(rows, quick=True) == written(rows, quick=False)
