"""The files of a settlement: what was frozen comes back out of them, and a changed cell is found."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.workbook.defined_name import DefinedName

from app.coverage import service, settling
from app.coverage.queries import settlements as queries
from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import SettledRow, row_json
from app.coverage.settling import Settle
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import signing
from app.ops.db import Database
from app.ops.i18n import translate
from app.reports import settlement as report
from app.reports import settlement_changes, settlement_pdf
from app.reports.exports import workbook
from app.reports.glyphs import MARK
from app.reports.settlement_files import read
from app.reports.settlement_verdict import judge
from tests.coverage import chronicle
from tests.coverage.histories import LAST, tell
from tests.coverage.test_settlements import LATER
from tests.support.databases import sqlite_copy

ADDRESS = "https://coverall.example/settlements/verify/"
WAYS = (
    "说明",
    "hidden",
    "is hidden",
    "more columns",
    "columns than",
    "comment",
    "the name",
    "format",
    "formulas",
    "title",
    "hyperlink",
    "conditionalFormatting",
)
Frozen = tuple[Settled, tuple[SettledRow, ...]]


@pytest.fixture(scope="module")
def frozen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """Give a settlement with its rows."""
    database = Database(sqlite_copy(sqlite_template, tmp_path_factory.mktemp("frozen")))
    chronicle.write(database, tell(Random(2), 25))
    with database.session() as session:
        posting = service.open_posting(session, LATER, "settlement")
        note = Settle("alpha", "100000", LAST, "=1+1 为年度总结", "罗明")
        number = settling.settle(SYSTEM, session, note, posting, date(2026, 1, 1))
        found = queries.settlement(SYSTEM, session, number), tuple(queries.rows(session, number))
    database.close()
    return found


@pytest.fixture
def files(frozen: Frozen, tmp_path: Path) -> dict[str, Path]:
    settled, rows = frozen
    sheet, plain = tmp_path / "s.xlsx", tmp_path / "s.json"
    sheet.write_bytes(b"".join(workbook(report.tables(settled, rows, ADDRESS + settled.seal.hash))))
    plain.write_bytes(b"".join(report.json_chunks(settled, rows)))
    return {"xlsx": sheet, "json": plain}


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_a_file_holds_all_that_was_hashed(frozen: Frozen, files: dict[str, Path], kind: str) -> None:
    settled, rows = frozen
    assert list(read(files[kind]).rows) == [row_json(row) for row in rows]
    verdict = judge(read(files[kind]), signing.public_key())
    assert verdict.genuine
    assert verdict.computed == settled.seal.hash
    assert verdict.rows == len(rows) == settled.seal.rows


def test_every_changed_cell_is_found(files: dict[str, Path]) -> None:
    original = openpyxl.load_workbook(files["xlsx"])
    places = [(sheet.title, cell.coordinate) for sheet in original for row in sheet.iter_rows() for cell in row]
    overlooked = []
    for title, place in Random(1).sample(places, 150):
        book = openpyxl.load_workbook(files["xlsx"])
        cell = book[title][place]
        cell.value = cell.value + 1 if isinstance(cell.value, int) else f"{cell.value or ''}改"
        changed = files["xlsx"].with_name("changed.xlsx")
        book.save(changed)
        try:
            genuine = judge(read(changed), signing.public_key()).genuine
        except Problem:
            genuine = False
        label = book[title].cell(cell.row, 1).value
        if genuine and not (title == report.SEAL_SHEET and label == report.ADDRESS):
            overlooked.append((title, place))
    assert not overlooked


def _ratios(book: Workbook) -> list[Any]:
    """Give the cells of the coverage rates, of both sheets."""
    found = []
    for name in (report.PARTS_SHEET, report.ENTERPRISES_SHEET):
        place = [cell.value for cell in book[name][1]].index("覆盖率")
        found += [row[place] for row in book[name].iter_rows(min_row=2)]
    return found


def test_a_rate_is_a_number_that_excel_can_count_with(frozen: Frozen, files: dict[str, Path]) -> None:
    cells = _ratios(openpyxl.load_workbook(files["xlsx"]))
    wanted = [row_json(row)["ratio"] for row in frozen[1]]
    assert [None if cell.value is None else f"{cell.value:.6f}" for cell in cells] == wanted
    assert {cell.number_format for cell in cells if cell.value is not None} == {"0.0000%"}
    assert {cell.data_type for cell in cells} == {"n"}


@pytest.mark.parametrize("change", [0.000001, 0.0000001])
def test_a_rate_that_was_changed_is_found(files: dict[str, Path], change: float) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    cell = next(cell for cell in _ratios(book) if cell.value)
    cell.value += change
    book.save(files["xlsx"])
    assert not judge(read(files["xlsx"]), signing.public_key()).intact


def test_a_file_of_before_with_rates_as_text_still_holds(files: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    for cell in _ratios(book):
        if cell.value is not None:
            cell.value, cell.number_format = f"{cell.value:.6f}", "General"
    book.save(files["xlsx"])
    assert judge(read(files["xlsx"]), signing.public_key()).genuine


@pytest.mark.parametrize("form", ["0%", "0.0%", "0", '"满"', "0.00", "[Red]0.0000%"])
def test_a_rate_shown_otherwise_than_it_is_is_told(files: dict[str, Path], form: str) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    next(cell for cell in _ratios(book) if cell.value).number_format = form
    book.save(files["xlsx"])
    assert f"format {form}" in "".join(judge(read(files["xlsx"]), signing.public_key()).extras)


def _beside(book: Workbook) -> dict[str, Callable[[], object]]:
    """Give ways to add what was not settled, by a word that is then told."""
    parts, each = book[report.PARTS_SHEET], book[report.ENTERPRISES_SHEET]
    columns = len(report.PART_COLUMNS)
    return {
        "说明": lambda: book.create_sheet("说明").append(["另有说明"]),
        "hidden": lambda: setattr(each.row_dimensions[2], "hidden", True),
        "is hidden": lambda: setattr(each, "sheet_state", "hidden"),
        "more columns": lambda: parts.cell(3, columns + 2, "另注"),
        "columns than": lambda: parts.cell(1, columns + 1, "备注"),
        "comment": lambda: setattr(parts["A2"], "comment", Comment("不实", "某人")),
        "the name": lambda: book.defined_names.add(DefinedName("备注", attr_text='"不实"')),
        "format": lambda: setattr(parts["G2"], "number_format", '"100"'),
        "formulas": lambda: each.cell(2, 2, "=A1"),
        "title": lambda: setattr(book.properties, "title", "不实"),
        "hyperlink": lambda: setattr(parts["F2"], "hyperlink", "https://example.org/"),
        "conditionalFormatting": lambda: parts.conditional_formatting.add("G2", CellIsRule("equal", ["1"])),
    }


@pytest.mark.parametrize("word", WAYS)
def test_what_was_added_beside_the_settled_cells_is_told(files: dict[str, Path], word: str) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    _beside(book)[word]()
    changed = files["xlsx"].with_name("changed.xlsx")
    book.save(changed)
    file = read(changed)
    verdict = judge(file, signing.public_key())
    assert not verdict.genuine
    assert word in "\n".join(verdict.extras)


def test_a_file_that_was_only_saved_again_is_genuine(files: dict[str, Path]) -> None:
    again = files["xlsx"].with_name("again.xlsx")
    openpyxl.load_workbook(files["xlsx"]).save(again)
    assert judge(read(again), signing.public_key()).genuine


def test_lines_added_to_the_seal_are_told(files: dict[str, Path]) -> None:
    for row in (
        ["备注", "note", "另注"],
        ["网上核验", "", "https://example.org/settlements/verify/x"],
        ["", "", "不实"],
    ):
        book = openpyxl.load_workbook(files["xlsx"])
        book[report.SEAL_SHEET].append(row)
        changed = files["xlsx"].with_name("changed.xlsx")
        book.save(changed)
        assert not judge(read(changed), signing.public_key()).genuine


def test_what_json_holds_beside_the_settlement_is_told(files: dict[str, Path]) -> None:
    text = files["json"].read_text("utf-8")
    for changed in (
        text.replace('{"content":', '{"note":"不实","content":', 1),
        text.replace('"seal": {' if '"seal": {' in text else '"seal":{', '"seal":{"note":"不实",', 1),
        text.replace('{"content":', '{"content":{"rows":[]},"content":', 1),
    ):
        assert changed != text
        files["json"].write_text(changed, "utf-8")
        verdict = judge(read(files["json"]), signing.public_key())
        assert verdict.intact
        assert verdict.extras
        assert not verdict.genuine


def test_rows_added_removed_or_changed_in_json_are_found(files: dict[str, Path]) -> None:
    whole = json.loads(files["json"].read_bytes())
    rows = whole["content"]["rows"]
    for changed in (rows[:-1], [*rows, rows[-1]], [rows[1], rows[0], *rows[2:]], [rows[0] | {"covered": 0}, *rows[1:]]):
        body = whole | {"content": whole["content"] | {"rows": changed}}
        files["json"].write_text(json.dumps(body), "utf-8")
        assert not judge(read(files["json"]), signing.public_key()).genuine
    files["json"].write_text(json.dumps(whole, indent=2), "utf-8")
    assert judge(read(files["json"]), signing.public_key()).genuine


def test_a_seal_of_somebody_else_is_found(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    ours = signing.public_key()
    monkeypatch.setattr(signing, "PURPOSE", b"another key")
    signing._private.cache_clear()
    theirs = signing.public_key()
    monkeypatch.undo()
    signing._private.cache_clear()
    assert ours != theirs
    verdict = judge(read(files["xlsx"]), theirs)
    assert not verdict.signed
    assert not verdict.genuine
    assert verdict.stated == verdict.computed


@pytest.mark.parametrize("content", [b"", b"{}", b'{"content": [], "seal": {}}', b"PK\x03\x04"])
@pytest.mark.parametrize("name", ["x.json", "x.xlsx"])
def test_what_is_no_settlement_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Problem, match="no settlement"):
        read(tmp_path / name)


def test_text_that_looks_like_a_formula_stays_text(files: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].read_bytes()))[report.SEAL_SHEET]
    notes = [row[2] for row in sheet.iter_rows() if row[1].value == "note"]
    assert [(cell.value, cell.data_type) for cell in notes] == [("=1+1 为年度总结", "s")]


def test_the_paper_is_short_and_the_same_each_time(frozen: Frozen) -> None:
    settled, rows = frozen
    parts = [row for row in rows if row.kind != "enterprise"]
    pdf = settlement_pdf.settlement_pdf(settled, parts, ADDRESS)
    assert pdf == settlement_pdf.settlement_pdf(settled, parts, ADDRESS)
    pages = re.findall(rb"/Count (\d+)", pdf)
    assert pages
    assert int(pages[0]) <= 3


@pytest.mark.parametrize("provisional", [True, False])
def test_lists_of_settlements_say_that_a_plan_is_provisional(frozen: Frozen, *, provisional: bool) -> None:
    settled = replace(frozen[0], head=replace(frozen[0].head, provisional=provisional))
    speak = partial(translate, "zh")
    (row,) = settlement_changes.list_table([settled], speak).rows
    compared = settlement_changes.comparison_table(settled, (), {}, LATER, speak).head
    for name in (row[0], compared[0][1]):
        assert str(name).endswith("（暂行口径）") is provisional


def test_a_settlement_with_an_emoji_in_its_note_says_so_at_the_end(frozen: Frozen) -> None:
    settled, rows = frozen
    parts = [row for row in rows if row.kind != "enterprise"]
    odd = replace(settled, head=replace(settled.head, note="𬌗㼆年终😀总结", settled_by="罗𠮷"))
    told = settlement_pdf._printed(odd, parts, ADDRESS)
    facts = dict(map(tuple, told["facts"]))
    assert (facts["备注"], facts["封账人"]) == (f"𬌗㼆年终{MARK}总结", f"罗{MARK}")
    assert told["marked"].startswith(f"文中 2 处{MARK}是没有字形的字或符号")
    assert settlement_pdf._printed(settled, parts, ADDRESS)["marked"] == ""
    pdf = settlement_pdf.settlement_pdf(odd, parts, ADDRESS)
    assert re.findall(rb"/Count (\d+)", pdf)
