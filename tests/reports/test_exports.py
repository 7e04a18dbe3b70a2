"""Tables as .csv and .xlsx, read back as Excel would."""

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from app.reports import exports
from app.reports.exports import Column, Table, csv_chunks, workbook

TABLE = Table(
    "各县区",
    (Column("地区"), Column("应培训", "count"), Column("覆盖率", "ratio"), Column("确认", "day")),
    (("鱼峰区", 7, 0.857142, date(2025, 11, 26)), ("=1+1", 0, None, None)),
    head=(("行动计划", "柳州 2021—2025"), ("截至日期", date(2025, 11, 26))),
)


def test_csv_is_read_by_excel_and_says_everything_in_full() -> None:
    data = b"".join(csv_chunks([TABLE]))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["行动计划", "柳州 2021—2025"]
    assert rows[1] == ["截至日期", "2025-11-26"]
    assert rows[4] == ["鱼峰区", "7", "0.857142", "2025-11-26"]
    assert rows[5] == ["'=1+1", "0", "", ""]


def test_a_workbook_holds_numbers_days_and_text_that_stays_text() -> None:
    data = b"".join(workbook([TABLE]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("各县区").to_python()
    assert sheet[1][:2] == ["截至日期", date(2025, 11, 26)]
    assert sheet[4] == ["鱼峰区", 7.0, 0.857142, date(2025, 11, 26)]
    assert sheet[5][0] == "=1+1"


def test_long_lists_come_in_chunks() -> None:
    rows = ((f"企业{n}", n, 0.5, None) for n in range(5000))
    chunks = list(csv_chunks([Table("x", TABLE.columns, rows)]))
    assert len(chunks) > 1
    assert b"".join(chunks).count(b"\r\n") == 5001


def test_a_fault_in_a_row_is_raised_before_anything_is_sent() -> None:
    rows = (("a", 1, 1 / n, None) for n in (1, 0))
    with pytest.raises(ZeroDivisionError):
        workbook([Table("x", TABLE.columns, rows)])


def test_what_a_sheet_cannot_hold_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 100)
    rows = ((f"企业{n}", n, 0.5, None) for n in range(250))
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(workbook([Table("各县区", TABLE.columns, rows, TABLE.head)])))
    )
    assert book.sheet_names == ["各县区", "各县区 (2)", "各县区 (3)"]
    listed = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [row[:2] for row in listed[1][:2]] == [["地区", "应培训"], ["企业96", 96.0]]
    assert [len(sheet) for sheet in listed] == [100, 100, 56]
    names = [row[0] for sheet in listed for row in sheet if str(row[0]).startswith("企业")]
    assert names == [f"企业{n}" for n in range(250)]


def test_a_full_last_sheet_has_no_empty_one_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 100)
    rows = ((f"企业{n}", n, 0.5, None) for n in range(99))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(workbook([Table("各县区", TABLE.columns, rows)]))))
    assert book.sheet_names == ["各县区"]


@pytest.mark.parametrize("mark", list("=+-@\t\r"))
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("row", [0, 199, 200, 450])
def test_no_cell_of_a_csv_is_taken_for_a_formula_wherever_it_stands(mark: str, place: int, row: int) -> None:
    rows = [["plain", "text, with a comma"] for _ in range(500)]
    rows[row][place] = f"{mark}1"
    text = b"".join(csv_chunks([Table("t", (Column("a"), Column("b")), rows)])).decode().removeprefix(exports.BOM)
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    rows[row][place] = f"'{mark}1"
    assert read == rows
