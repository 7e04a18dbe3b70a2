"""Reads .csv: UTF-8 with or without BOM, UTF-16 with one, or GB18030 (what Excel on a Chinese Windows writes)."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from app.kit.errors import Problem
from app.ops.i18n import N_
from app.ops.sheet_cells import Cell, Grid

DELIMITERS = (",", "\t", ";")


def grid(data: bytes) -> Grid:
    """Read text into cells; Problem 422 when it is no table of text."""
    text = decoded(data)
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        message = N_("The file is a web page, whatever its name says. Open it in Excel and save it as .xlsx.")
        raise Problem(422, "sheet_html", message)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return [_row(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        message = N_("The text is not a regular .csv: a quotation mark is left open or stands in the wrong place.")
        raise Problem(422, "sheet_csv", message) from error


def decoded(data: bytes) -> str:
    """Tell the encoding by trying, strictly; Problem 422 when it is none of those we read."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    message = N_("The file is neither .xlsx nor .xls nor text in UTF-8 or GBK. Save it from Excel as .xlsx.")
    raise Problem(422, "sheet_format", message)


def _row(cells: list[str]) -> list[Cell]:
    return [_unwrapped(cell) for cell in cells]


def _unwrapped(cell: str) -> str:
    """Undo what people write to keep Excel from reading digits as a number: ="4502…" or '4502…."""
    written = cell.strip()
    if not written.startswith(("=", "'")):  # nearly always
        return cell
    formula = re.fullmatch(r'="([^"]*)"', written)
    if formula:
        return formula[1]
    return cell[1:] if re.fullmatch(r"'\d+[Xx]?", written) else cell
