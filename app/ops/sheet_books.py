"""Reads workbooks: .xlsx after the guard has looked into it, .xls in a child process whose memory is bounded."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from posixpath import basename
from typing import Any, Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.kit.errors import Problem
from app.ops import sheet_guard
from app.ops.i18n import N_
from app.ops.settings import ROOT
from app.ops.sheet_cells import Cell, Grid, Unreadable, is_blank

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
CHILD_SECONDS: Final = 60
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def is_book(data: bytes) -> bool:
    """Tell a workbook from text by its first bytes."""
    return data.startswith((ZIP, OLE))


def grids(data: bytes) -> Iterator[Grid]:
    """Read the visible sheets of a workbook, one by one; Problem 422 when it is locked, damaged or dangerous."""
    return _old(data) if data.startswith(OLE) else _new(data)


def _new(data: bytes) -> Iterator[Grid]:
    parts = sheet_guard.unpacked(data)
    if "xl/workbook.xml" not in parts:
        raise Problem(422, "sheet_format", N_("The file is a zip archive, but no Excel workbook. Save it as .xlsx."))
    bare = {basename(name): sheet_guard.bare_formulas(part) for name, part in parts.items() if b"sheetData" in part}
    try:
        files = _files(parts)
        for name, sheet in visible(CalamineWorkbook.from_filelike(io.BytesIO(data))):
            grid = cells(sheet)
            for row, column in bare.get(files.get(name, ""), ()):
                grid[row][column] = Unreadable("formula_without_value")
            yield grid
    except (CalamineError, ET.ParseError, KeyError, IndexError) as error:
        raise sheet_guard.damaged() from error


def _files(parts: dict[str, bytes]) -> dict[str, str]:
    """Give the file name of each sheet's part."""
    relations = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 - the guard refused document types
    targets = {r.get("Id"): basename(r.get("Target", "")) for r in relations}
    book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - the same
    return {s.get("name", ""): targets.get(s.get(RELATION), "") for s in book.iterfind(".//{*}sheets/{*}sheet")}


def visible(book: CalamineWorkbook) -> Iterator[tuple[str, CalamineSheet]]:
    """Open the worksheets that are not hidden, in their order."""
    for about in book.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
            yield about.name, book.get_sheet_by_name(about.name)


def cells(sheet: CalamineSheet) -> Grid:
    """Take all cells from A1 on; a blank cell that is merged into another is unreadable."""
    grid: Grid = [[None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    budget = 2 * sheet_guard.CELLS_LIMIT
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        merged = grid[top : bottom + 1]
        budget -= len(merged) * (min(right, sheet.total_width) - left + 1)
        if budget < 0:
            raise sheet_guard.damaged()  # merges cannot overlap; these do, thousandfold
        for row in merged:
            _mark(row, left, right)
    return grid


def _mark(row: list[Cell], left: int, right: int) -> None:
    for column in range(left, min(right + 1, len(row))):
        if is_blank(row[column]):
            row[column] = Unreadable("merged_cell")


def _old(data: bytes) -> Iterator[Grid]:
    if ENCRYPTED in data:
        raise _locked()
    command = [sys.executable, "-m", "app.ops.sheet_child"]
    try:
        child = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, timeout=CHILD_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise sheet_guard.damaged() from error
    if child.returncode != 0:
        raise _locked() if b"PasswordError" in child.stderr else sheet_guard.damaged()
    for grid in json.loads(child.stdout):
        yield [[revived(cell) for cell in row] for row in grid]


def _locked() -> Problem:
    return Problem(422, "sheet_locked", N_("The workbook is protected by a password. Remove the password and save it."))


def plain(cell: object) -> object:
    """Write a cell that JSON does not know; the child's half of `revived`."""
    if isinstance(cell, Unreadable):
        return {"unreadable": cell.code}
    kind = "instant" if isinstance(cell, datetime) else "day" if isinstance(cell, date) else "text"
    return {kind: cell.isoformat() if isinstance(cell, date) else str(cell)}


def revived(cell: Any) -> Cell:  # noqa: ANN401 - JSON
    """Read a cell back."""
    if not isinstance(cell, dict):
        known: Cell = cell
        return known
    ((kind, value),) = cell.items()
    made: dict[str, Cell] = {"unreadable": Unreadable(value), "text": value}
    if kind in made:
        return made[kind]
    return datetime.fromisoformat(value) if kind == "instant" else date.fromisoformat(value)
