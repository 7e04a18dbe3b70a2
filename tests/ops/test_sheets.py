"""Sheets are read right whatever program wrote them, and hostile ones end in a clear reason and nothing worse."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from app.kit.errors import Problem
from app.ops import sheet_guard
from app.ops.sheets import Column, Sheet, Unreadable, read
from tests.ops import sheet_files as files

COLUMNS = (
    Column("name", "姓名", required=True, nicknames=("名字",)),
    Column("resident_id", "证件号码", required=True, same=("居民身份证号",), nicknames=("身份证号",)),
    Column("starts_on", "上岗日期"),
)
HEAD = ("姓名", "证件号码", "上岗日期")
WEI = ("韦大勇", "000000198001010014", "2021-03-01")


def text(*lines: str) -> str:
    return "\r\n".join(lines) + "\r\n"


def refusal(data: bytes) -> Problem:
    with pytest.raises(Problem) as refused:
        read(data, COLUMNS)
    assert refused.value.status == 422
    return refused.value


def values(sheet: Sheet) -> list[tuple[object, ...]]:
    return [tuple(row.cells.get(c.field) for c in COLUMNS) for row in sheet.rows]


CSV = text("姓名,证件号码,上岗日期", ",".join(WEI))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(CSV.encode(), id="utf-8"),
        pytest.param(CSV.encode("utf-8-sig"), id="bom"),
        pytest.param(CSV.encode("gbk"), id="gbk"),
        pytest.param(CSV.encode("utf-16"), id="utf-16"),
        pytest.param(CSV.replace(",", "\t").encode("gb18030"), id="tabs"),
        pytest.param(CSV.replace(",", ";").encode(), id="semicolons"),
        pytest.param(CSV.replace("\r\n", "\n").encode(), id="unix"),
        pytest.param(files.xlsx([HEAD, WEI]), id="xlsx"),
        pytest.param(files.xls([HEAD, WEI]), id="xls"),
        pytest.param(
            CSV.replace("000000198001010014", '"=""000000198001010014"""').encode(), id="digits kept as formula"
        ),
        pytest.param(CSV.replace("000000198001010014", "'000000198001010014").encode(), id="apostrophe"),
    ],
)
def test_the_same_roster_is_read_from_every_kind_of_file(data: bytes) -> None:
    assert values(read(data, COLUMNS)) == [WEI]


def test_english_headers_and_marked_ones_are_known() -> None:
    sheet = read(text("name, Resident ID*,starts_on＊", ",".join(WEI)).encode(), COLUMNS)
    assert values(sheet) == [WEI]


def test_real_dates_and_numbers_keep_their_types() -> None:
    for data in (
        files.xlsx([HEAD, ("韦大勇", 450202198001010014, datetime(2021, 3, 1))]),  # noqa: DTZ001 - Excel has no time zones
        files.xls([HEAD, ("韦大勇", 450202198001010014, date(2021, 3, 1))]),
    ):
        ((_, number, day),) = values(read(data, COLUMNS))
        assert isinstance(number, (int, float))
        assert isinstance(day, date)
        assert (day.year, day.month, day.day) == (2021, 3, 1)


def test_rows_keep_the_numbers_they_have_in_the_sheet() -> None:
    lines = text("姓名,证件号码,上岗日期", ",,", "", ",".join(WEI), " ,\u3000,", ",".join(WEI))
    assert [row.number for row in read(lines.encode(), COLUMNS).rows] == [4, 6]
    sheet = read(files.xlsx([HEAD, (), (), WEI]), COLUMNS)
    assert [row.number for row in sheet.rows] == [4]


def test_wrong_headers_are_named_with_the_nearest_right_one() -> None:
    problem = refusal(text("名字,身份证号,上岗日,入职", "韦大勇,1,2021-03-01,x").encode())
    assert problem.code == "sheet_headers"
    assert problem.details["missing"] == "姓名、证件号码"
    assert "身份证号（→ 证件号码?）" in problem.details["unknown"]
    assert "上岗日（→ 上岗日期?）" in problem.details["unknown"]
    assert "入职" in problem.details["unknown"]


def test_a_header_that_means_exactly_a_column_is_read_as_it() -> None:
    assert (
        read(text("姓名,居民身份证号,上岗日期", ",".join(WEI)).encode(), COLUMNS).rows[0].cells["resident_id"] == WEI[1]
    )
    problem = refusal(text("姓名,居民身份证号,证件号码", "韦大勇,1,1").encode())
    assert problem.details["twice"] != "-"


def test_only_what_is_wrong_with_headers_is_said() -> None:
    assert "Twice" not in refusal(text("姓名,身份证号", "韦大勇,1").encode()).message
    assert "Missing" not in refusal(text("姓名,证件号码,入职", "韦大勇,1,x").encode()).message


def test_a_column_twice_is_refused() -> None:
    assert refusal(text("姓名,证件号码,姓名", "韦大勇,1,莫小兰").encode()).details["twice"] == "姓名"


def test_remarks_and_numbering_are_left_out() -> None:
    sheet = read(text("序号,姓名,证件号码,备注", "1,韦大勇,1,好").encode(), COLUMNS)
    assert values(sheet) == [("韦大勇", "1", None)]


def test_a_title_above_the_headers_is_pointed_out() -> None:
    problem = refusal(files.xlsx([("龙江机械花名册",), (), HEAD, WEI]))
    assert (problem.code, problem.details["row"]) == ("sheet_header_row", 3)


def test_merged_headers_are_pointed_out() -> None:
    assert refusal(files.xlsx([HEAD, WEI], lambda book: book.active.merge_cells("A1:B1"))).code == "sheet_header_merged"


def test_cells_merged_into_others_are_unreadable_and_not_blank() -> None:
    rows = [HEAD, WEI, (None, "000000198001010022", "2021-03-01")]
    for data in (
        files.xlsx(rows, lambda book: book.active.merge_cells("A2:A3")),
        files.xls(rows, lambda sheet: sheet.merge(1, 2, 0, 0)),
    ):
        assert values(read(data, COLUMNS))[1][0] == Unreadable("merged_cell")


def test_a_formula_without_its_value_is_unreadable() -> None:
    data = files.xlsx([HEAD, ('=CONCAT("韦","大勇")', WEI[1], "2021-03-01")])
    assert values(read(data, COLUMNS))[0][0] == Unreadable("formula_without_value")


def test_a_formula_saved_with_its_value_is_read() -> None:
    def calculated(name: str, part: bytes) -> bytes:
        return part.replace(b"</f><v />", "</f><v>莫小兰</v>".encode()) if "sheet1" in name else part

    data = files.repacked(files.xlsx([HEAD, ("=X1", WEI[1], "2021-03-01")]), calculated)
    assert "莫小兰" in str(values(read(data, COLUMNS))[0][0])


def test_the_first_visible_sheet_with_the_headers_is_read() -> None:
    def change(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("说明").append(["请先看说明"])
        right = book.create_sheet("名册")
        right.append(list(HEAD))
        right.append(["莫小兰", "2", None])

    assert values(read(files.xlsx([HEAD, WEI], change), COLUMNS)) == [("莫小兰", "2", None)]


def test_rows_on_two_sheets_are_refused_rather_than_left_behind() -> None:
    def add(book: Any) -> None:
        second = book.create_sheet("二车间")
        second.append(list(HEAD))
        second.append(["莫小兰", "2", None])

    assert refusal(files.xlsx([HEAD, WEI], add)).code == "sheet_two"
    assert values(read(files.xlsx([HEAD], add), COLUMNS)) == [("莫小兰", "2", None)]


def test_a_row_longer_than_the_headers_is_marked() -> None:
    sheet = read(text("姓名,证件号码,上岗日期", "韦,大勇,1,2021-03-01", ",".join(WEI)).encode(), COLUMNS)
    assert [row.stray for row in sheet.rows] == ["D", ""]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "sheet_empty", id="nothing"),
        pytest.param(files.xlsx([]), "sheet_empty", id="empty workbook"),
        pytest.param(b"\xff\xff\xfe\x00\x01binary", "sheet_format", id="binary"),
        pytest.param(b"%PDF-1.7\n\x00", "sheet_format", id="pdf"),
        pytest.param("<html><table><tr><td>姓名".encode("gbk"), "sheet_html", id="web page named .xls"),
        pytest.param('姓名,证件号码\n"韦大勇,1\n'.encode(), "sheet_csv", id="open quotation mark"),
        pytest.param(b"PK\x03\x04" + b"x" * 100, "sheet_damaged", id="torn zip"),
        pytest.param(files.xlsx([HEAD, WEI])[:-300], "sheet_damaged", id="torn xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "sheet_damaged", id="torn xls"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheet_locked", id="password"
        ),
        pytest.param(files.with_doctype(files.xlsx([HEAD, WEI])), "sheet_doctype", id="XXE"),
        pytest.param(files.zip_bomb(files.xlsx([HEAD, WEI]), 40), "sheet_bomb", id="zip bomb"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_zip_of_something_else_is_no_workbook() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(stream.getvalue()).code == "sheet_format"


def test_a_zip_bomb_that_lies_about_its_size_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    lying = files.with_false_sizes(files.zip_bomb(files.xlsx([HEAD, WEI]), 40))
    assert refusal(lying).code == "sheet_bomb"
    monkeypatch.setattr(sheet_guard, "UNPACKED_LIMIT", 1 << 20)
    assert refusal(files.zip_bomb(files.xlsx([HEAD, WEI]), 2)).code == "sheet_bomb"


def test_two_cells_that_would_take_all_memory_are_refused() -> None:
    def far(book: Any) -> None:
        book.active.cell(1_048_576, 16_384, "x")

    assert refusal(files.xlsx([HEAD, WEI], far)).code == "sheet_reach"
    assert refusal(files.xls([HEAD, WEI], lambda sheet: sheet.write(65_535, 255, "x"))).code == "sheet_damaged"


def test_a_far_cell_that_only_has_a_format_does_no_harm() -> None:
    def far(book: Any) -> None:
        book.active.cell(1_048_576, 3).number_format = "@"

    assert values(read(files.xlsx([HEAD, WEI], far), COLUMNS)) == [WEI]


def test_thousands_of_overlapping_merges_are_refused() -> None:
    rows = [HEAD, *([WEI] * 2000)]

    def change(name: str, part: bytes) -> bytes:
        merges = b'<mergeCells count="5000">' + b'<mergeCell ref="A1:C2001"/>' * 5000 + b"</mergeCells>"
        return part.replace(b"</sheetData>", b"</sheetData>" + merges) if "sheet1" in name else part

    assert refusal(files.repacked(files.xlsx(rows), change)).code == "sheet_damaged"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ops.sheets.ROW_LIMIT", 2)
    problem = refusal(text("姓名,证件号码", *["韦大勇,1"] * 3).encode())
    assert (problem.code, problem.details["limit"]) == ("sheet_rows", 2)
