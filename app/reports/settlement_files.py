"""Reads settlements back from the files that settlement.py wrote, cell by cell.

What a sheet only repeats is compared as it is read; what was added beside the cells is noted (settlement_extras.py).
settlement_verdict.py judges whether what was read is what was signed.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from app.coverage.settlement_content import instant_text
from app.kit.dates import shanghai_time
from app.kit.errors import Problem
from app.ops.i18n import N_
from app.reports import settlement as written
from app.reports.settlement_cells import Json, Lines, enterprises, part, truth
from app.reports.settlement_extras import extras

SHEETS: Final = {
    written.SEAL_SHEET: written.SEAL_COLUMNS,
    written.PARTS_SHEET: written.PART_COLUMNS,
    written.ENTERPRISES_SHEET: written.ENTERPRISE_COLUMNS,
}
HELD: Final = {sheet: tuple(column.kind for column in columns) for sheet, columns in SHEETS.items()}
"""What the columns of each sheet hold."""
SEAL_FIELDS: Final = frozenset({"rows", "hash", "signature", "algorithm", "key_id", "public_key"})
UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, CalamineError)
SEAL_PLACES: Final = [
    *((label, name) for name, label in written.LABELS.items()),
    *((label, "") for label in (*written.TEXTS, written.ADDRESS)),
]
"""The lines of the sheet of the seal: label and field."""
BROKEN: Final = (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class SettlementFile:
    """A file as read: the head and the rows that are hashed, and the seal. `faults`: what contradicts itself there.

    extras: what it holds that was not settled. `rows` can be read once; `faults`, `extras` are whole only after that.
    """

    head: Json
    rows: Iterator[Json]
    seal: Json
    faults: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)


def read(path: Path) -> SettlementFile:
    """Read a settlement's .xlsx or .json; Problem 422 when it is neither."""
    try:
        return _from_json(path) if path.suffix.lower() == ".json" else _from_workbook(path)
    except (*UNREADABLE, *BROKEN) as fault:
        message = N_("This is no settlement: give the .xlsx or .json file that was downloaded.")
        raise Problem(422, "settlement_file", message) from fault


def _from_json(path: Path) -> SettlementFile:
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> Json:
        found = dict(pairs)
        names = Counter(name for name, _ in pairs)
        twice.extend(f"{name} stands in one place twice" for name, count in names.items() if count > 1)
        return found

    whole = json.loads(path.read_bytes(), object_pairs_hook=once)
    content, seal = dict(whole["content"]), dict(whole["seal"])
    more = [*(whole.keys() - {"content", "seal"}), *(f"seal.{name}" for name in seal.keys() - SEAL_FIELDS)]
    told = [f"{name} is not part of a settlement" for name in sorted(more)]
    return SettlementFile(content, iter(content.pop("rows")), seal, extras=[*twice, *told])


def _from_workbook(path: Path) -> SettlementFile:
    book = CalamineWorkbook.from_path(path)
    faults: list[str] = []
    beside = extras(path, HELD)
    sheet = partial(_lines, book, beside)
    fields = _fields(sheet(written.SEAL_SHEET, written.SEAL_COLUMNS), faults)
    head = _head(fields, faults)
    parts = [part(line) for line in sheet(written.PARTS_SHEET, written.PART_COLUMNS)]
    each = enterprises(sheet(written.ENTERPRISES_SHEET, written.ENTERPRISE_COLUMNS), parts, faults)
    return SettlementFile(head, chain(parts, each), fields, faults, beside)


def _lines(book: CalamineWorkbook, beside: list[str], name: str, columns: Sequence[Any]) -> Lines:
    """Give the rows under the headers, of the settlement's columns; cells in others are noted."""
    rows = book.get_sheet_by_name(name).iter_rows()
    titles = [column.title for column in columns]
    width = len(titles)
    found = [str(cell) for cell in next(iter(rows))]
    if found[:width] != titles:
        message = f"{name}: {found}"
        raise ValueError(message)
    return _narrow(chain([found], rows), width, name, beside)


def _narrow(rows: Lines, width: int, name: str, beside: list[str]) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows, start=1):
        if any(cell not in ("", None) for cell in row[width:]):
            beside.append(f"{name}: row {number} has more columns than a settlement")
        if number > 1:
            yield row[:width]


def _fields(lines: Lines, faults: list[str]) -> dict[str, str]:
    """Give the named values of the sheet of the seal; its other words are compared with what they should be."""
    fields: dict[str, str] = {}
    places: list[tuple[str, str]] = []
    for label, name, value in ([str(cell) for cell in line] for line in lines):
        places.append((label, name))
        if name:
            fields[name] = value
        expected = written.LABELS.get(name) if name else label
        if label != expected or (not name and label != written.ADDRESS and written.TEXTS.get(label) != value):
            faults.append(f"{written.SEAL_SHEET}: {label} {name}")
        if label == written.ADDRESS and not value.endswith(f"/settlements/verify/{fields.get('hash')}"):
            faults.append(f"{written.SEAL_SHEET}: {value} is not the address of this settlement")
    if places != SEAL_PLACES and not faults:
        faults.append(f"{written.SEAL_SHEET}: its lines are not those of a settlement")
    return fields


def _head(fields: Mapping[str, str], faults: list[str]) -> Json:
    known_at = datetime.fromisoformat(fields["known_at"])
    if shanghai_time(known_at) != fields["shown_at"]:
        faults.append(f"{written.SEAL_SHEET}: {fields['shown_at']} is not {instant_text(known_at)}")
    plan = {name: fields[f"plan.{name}"] for name in ("code", "name", "deadline")}
    plain = {name: fields[name] for name in ("format", "on", "known_at", "settled_by", "note", "reason")}
    return {
        **plain,
        "plan": {**plan, "provisional": truth(fields["plan.provisional"])},
        "region": {"code": fields["region.code"], "name": fields["region.name"]},
        "supersedes": fields["supersedes"] or None,
    }
