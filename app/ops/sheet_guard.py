"""Looks into an .xlsx before anything parses it: size when unpacked, document types, reach of each sheet.

The parser allocates the whole rectangle from A1 to the furthest cell, so two cells could take all memory; that, a zip
bomb and a DTD are refused here. On the way it notes formulas that were saved without their value.
"""

import io
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from app.kit.errors import Problem
from app.ops.i18n import N_

UNPACKED_LIMIT: Final = 300 * 1024 * 1024
RATIO_LIMIT: Final = 150
RATIO_FREE: Final = 8 * 1024 * 1024
"""Below this many unpacked bytes nobody asks how well they were packed."""
PARTS_LIMIT: Final = 2_000
CELLS_LIMIT: Final = 4_000_000
"""Cells of the rectangle from A1 to the furthest cell: 200,000 rows of 20 columns."""
CHUNK: Final = 1 << 16
DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def unpacked(data: bytes) -> dict[str, bytes]:
    """Unpack the parts of an .xlsx, bounded; Problem 422 when it is damaged, too large, or holds a document type."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged() from error


def damaged() -> Problem:
    """Say that a workbook cannot be opened."""
    message = N_("The workbook is damaged. Open it in Excel, save it again as .xlsx, and try once more.")
    return Problem(422, "sheet_damaged", message)


def _parts(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > PARTS_LIMIT or sum(e.file_size for e in entries) > UNPACKED_LIMIT:
        raise _bomb()
    parts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        entry.file_size = UNPACKED_LIMIT  # what the directory claims is not believed: read until the stream ends
        pieces = []
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > UNPACKED_LIMIT or (total > RATIO_FREE and total > packed * RATIO_LIMIT):
                    raise _bomb()
                pieces.append(chunk)
        parts[entry.filename] = b"".join(pieces)
        _refuse_doctype(parts[entry.filename])
    return parts


def _refuse_doctype(part: bytes) -> None:
    if any(mark in part for mark in DOCTYPES):
        message = N_("The workbook holds an XML document type, which no spreadsheet program writes. It was not opened.")
        raise Problem(422, "sheet_doctype", message)


def _bomb() -> Problem:
    message = N_("The workbook unpacks to far more than a roster needs. It was not opened.")
    return Problem(422, "sheet_bomb", message)


def bare_formulas(part: bytes) -> frozenset[tuple[int, int]]:
    """Give the places (row, column; from 0) of formulas without a value; Problem 422 when the sheet reaches too far."""
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(part, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise damaged() from error
    if (walk.rows + 1) * (walk.columns + 1) > CELLS_LIMIT:
        message = N_("A cell stands far outside the table, at row %(row)s. Delete what is there, or split the file.")
        raise Problem(422, "sheet_reach", message, {"row": walk.rows + 1})
    return frozenset(walk.bare)


class _Walk:
    """Follows rows and cells of one worksheet part, with or without explicit references."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.rows, self.columns = 0, 0
        self.formula = self.value = self.inside = False
        self.bare: list[tuple[int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "c":
            self._enter(attributes.get("r"))
            self.formula, self.value = False, attributes.get("t") == "str"  # such a formula may give an empty text
        elif tag == "f":
            self.formula = True
        elif tag in {"v", "is"}:
            self.inside = True

    def text(self, _: str) -> None:
        self.value = self.value or self.inside

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in {"v", "is"}:
            self.inside = False
        if tag != "c" or not (self.formula or self.value):
            return
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if self.formula and not self.value:
            self.bare.append((self.row, self.column))

    def _enter(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip("0123456789")
        self.row, self.column = int(reference[len(letters) :]) - 1, -1
        for letter in letters.upper():
            self.column = (self.column + 1) * 26 + ord(letter) - ord("A")
