"""Reads workbooks: .xlsx after the guard has looked into it, .xls in a child process whose memory is bounded."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.kit.errors import Problem
from app.ops import sheet_guard
from app.ops.i18n import N_
from app.ops.sheet_cells import Cell, Grid, Unreadable, is_blank

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
CHILD_SECONDS: Final = 60
CHILD_BYTES: Final = 3 << 30


def is_book(data: bytes) -> bool:
    """Tell a workbook from text by its first bytes."""
    return data.startswith((ZIP, OLE))


def grids(data: bytes) -> list[Grid]:
    """Read the visible sheets of a workbook; Problem 422 when it is locked, damaged or dangerous."""
    if data.startswith(OLE):
        return _old(data)
    parts = sheet_guard.unpacked(data)
    if "xl/workbook.xml" not in parts:
        raise Problem(422, "sheet_format", N_("The file is a zip archive, but no Excel workbook. Save it as .xlsx."))
    bare = {name: sheet_guard.bare_formulas(part) for name, part in parts.items() if _is_sheet(name)}
    return list(_visible(data, frozenset().union(*bare.values()) if len(bare) == 1 else frozenset()))
