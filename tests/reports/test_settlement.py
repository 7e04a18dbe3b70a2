"""The files of a settlement: what was frozen comes back out of them, and a changed cell is found."""

import io
import json
import re
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import pytest

from app.coverage import service, settling
from app.coverage.queries import settlements as queries
from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import SettledRow, row_json
from app.coverage.settling import Settle
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import signing
from app.ops.db import Database
from app.reports import settlement as report
from app.reports.exports import workbook
from app.reports.settlement_files import judge, read
from app.reports.settlement_pdf import settlement_pdf
from tests.coverage import chronicle
from tests.coverage.histories import LAST, tell
from tests.coverage.test_settlements import LATER
from tests.support.databases import sqlite_copy

ADDRESS = "https://coverall.example/settlements/verify/x"
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
    sheet.write_bytes(b"".join(workbook(report.tables(settled, rows, ADDRESS))))
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
    pdf = settlement_pdf(settled, parts, ADDRESS)
    assert pdf == settlement_pdf(settled, parts, ADDRESS)
    pages = re.findall(rb"/Count (\d+)", pdf)
    assert pages
    assert int(pages[0]) <= 3
