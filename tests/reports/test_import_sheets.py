"""Templates can be filled in and imported as they are; refused rows come back so that they can be mended."""

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.sheets import read
from app.reports.import_columns import IMPORTS, ROSTER
from app.reports.sheets import LISTS_SHEET, REASON, returned
from app.workflows import imports
from app.workflows.import_results import Options, reasons_by_row
from app.workflows.import_templates import template
from tests import world as shared
from tests.ops.sheet_files import xlsx
from tests.world import LONGJIANG, MO, STRANGER, WEI


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("kind", sorted(IMPORTS))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_template_has_every_column_and_holds_codes_as_text(session: Session, kind: str) -> None:
    shared.settle(session)
    data = template(session, kind)
    sheet = opened(data).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [c.header + ("*" if c.required else "") for c in IMPORTS[kind]]
    groups = list(sheet.column_dimensions.values())
    formats = [next((g.number_format for g in groups if g.min <= i <= g.max), "") for i in range(1, len(headers) + 1)]
    assert [kept == "@" for kept in formats] == [column.text for column in IMPORTS[kind]]
    assert read(data, IMPORTS[kind]).rows == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_filled_in_template_goes_in(session: Session) -> None:
    world = shared.build(session)
    book = opened(template(session, "roster"))
    book.worksheets[0].append([LONGJIANG, "农志刚", STRANGER, "13912345678", "班组长", "钳工", "2024-01-05", None])
    stream = io.BytesIO()
    book.save(stream)
    sheet = imports.read("roster", stream.getvalue(), Options())
    assert imports.run(session, SYSTEM, "roster", sheet, Options(), shared.OPERATOR, shared.BEGAN).added == 1
    assert world.wei


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_template_lists_the_codes_and_offers_them(session: Session) -> None:
    shared.settle(session)
    book = opened(template(session, "roster"))
    cells = {cell.value for row in book[LISTS_SHEET].iter_rows() for cell in row}
    assert {"team_leader", "一线班组长"} <= cells
    assert any("班长" in str(cell).split("、") for cell in cells)
    (offer,) = book.worksheets[0].data_validations.dataValidation
    assert (str(offer.sqref).split(":")[0], offer.errorStyle) == ("E2", "information")
    listed = {
        "enterprises": {"450202", "城中区", "C26", "construction", "team_leader"},
        "regions": {"450200", "柳州市"},
    }
    for kind, codes in listed.items():
        rows = opened(template(session, kind))[LISTS_SHEET].iter_rows()
        assert codes <= {cell.value for row in rows for cell in row}
    with pytest.raises(Problem):
        template(session, "people")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_refused_rows_come_back_with_the_reason_and_go_in_once_mended(session: Session) -> None:
    shared.build(session)
    rows = [
        ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期", "备注", "原因"),
        (LONGJIANG, "韦大勇", WEI, "班组长", "2021-03-01", "好", ""),
        (LONGJIANG, "农志刚", float(STRANGER), "厂长助理", "2024-13-01", "坏", "上次的原因"),
        (LONGJIANG, "莫小兰", MO, "宇航员", "2022-05-01", "", ""),
    ]
    data = xlsx(rows)
    sheet = imports.read("roster", data, Options())
    result = imports.run(session, SYSTEM, "roster", sheet, Options(), shared.OPERATOR, shared.BEGAN)
    assert result.refused == 2
    back = opened(returned(sheet, reasons_by_row(result, "roster", "zh"))).active
    table = [[cell.value for cell in row] for row in back.iter_rows()]
    assert table[0] == ["统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期", "备注", REASON]
    assert [row[1] for row in table[1:]] == ["农志刚", "莫小兰"]
    assert table[1][-1].count("\n") == 2
    assert "证件号码：号码按数字存储" in table[1][-1]
    assert "岗位：没有这个岗位：宇航员" in table[2][-1]
    assert back["C2"].data_type == "s"
    assert all(cell.data_type != "f" for row in back.iter_rows() for cell in row)
    back["D3"] = "班组长"
    back.delete_rows(2)
    stream = io.BytesIO()
    back.parent.save(stream)
    mended = imports.read("roster", stream.getvalue(), Options())
    assert len(mended.rows) == 1
    assert imports.run(session, SYSTEM, "roster", mended, Options(), shared.OPERATOR, shared.BEGAN).added == 1


def test_what_looks_like_a_formula_comes_back_as_text() -> None:
    sheet = read("姓名,证件号码,岗位,上岗日期\n=1+1,1,+2,@x\n".encode(), ROSTER)
    back = opened(returned(sheet, {2: "=3"})).active
    assert [cell.data_type for cell in back[2]] == ["s"] * 5
    assert [cell.value for cell in back[2]] == ["=1+1", "1", "+2", "@x", "=3"]
