"""Files as people and attackers make them, for the tests of sheets and imports."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import openpyxl
import xlwt


def xlsx(rows: Iterable[Sequence[object]], change: Callable[[Any], None] | None = None) -> bytes:
    """Write an .xlsx; `change` may then do to the workbook what people do."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls(rows: Iterable[Sequence[object]], change: Callable[[Any], None] | None = None) -> bytes:
    """Write an old .xls."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell, dated) if hasattr(cell, "year") else sheet.write(number, column, cell)
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Rewrite the parts of an .xlsx."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def with_doctype(data: bytes) -> bytes:
    """Put a document type with an external entity into the first sheet."""
    attack = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        return attack + part[part.index(b"<worksheet") :].replace(b"<v>0</v>", b"<v>&e;</v>")

    return repacked(data, change)


def zip_bomb(data: bytes, megabytes: int) -> bytes:
    """Blow the first sheet up with blanks, which pack to a thousandth."""

    def change(name: str, part: bytes) -> bytes:
        return part + b" " * (megabytes << 20) if name == "xl/worksheets/sheet1.xml" else part

    return repacked(data, change)


def with_false_sizes(data: bytes) -> bytes:
    """Claim in the zip's directory that every part unpacks to one byte."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        start = source.start_dir
    lying = bytearray(data)
    place = data.find(b"PK\x01\x02", start)
    while place >= 0:
        lying[place + 24 : place + 28] = (1).to_bytes(4, "little")
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(lying)
