"""Reads single cells into values: trims, folds full-width digits, and refuses what is not certain."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar

from app.kit.checkdigits import resident_id_error, uscc_error
from app.ops.sheet_cells import Cell, Unreadable, is_blank
from app.ops.sheets import Row
from app.reports.import_columns import NO, YES
from app.workflows.import_results import RowError

Value = TypeVar("Value")
FORMULA_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
NAME_MARKS: Final = "· .'-’()（）"
NAME_LENGTH: Final = 60
YEARS: Final = range(1900, 2101)
DAY_SHAPES: Final = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)


class Refused(Exception):  # noqa: N818 - a cell is refused
    """A cell does not hold what its column needs."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Reading:
    """One row being read: takes its fields, and gathers all that is wrong with them."""

    def __init__(self, row: Row) -> None:
        """Begin; a row whose cells may be shifted is refused from the start."""
        self.row = row
        self.errors: list[RowError] = []
        if row.stray:
            self.refuse("", "stray", column=row.stray)

    def refuse(self, field: str, code: str, **details: Any) -> None:  # noqa: ANN401 - fills a message
        """Note that a field is wrong."""
        self.errors.append(RowError(self.row.number, field, code, details))

    def take(self, field: str, reader: Callable[[Cell], Value], *, required: bool = False) -> Value | None:
        """Read a field; None when it is blank or wrong."""
        cell = self.row.cells.get(field)
        if isinstance(cell, Unreadable):
            self.refuse(field, cell.code)
            return None
        if is_blank(cell):
            if required:
                self.refuse(field, "required")
            return None
        try:
            return reader(cell)
        except Refused as refused:
            self.refuse(field, refused.code, **refused.details)
            return None


def remembered(reader: Callable[[Cell], Value]) -> Callable[[Cell], Value]:
    """Make a reader that reads each text once: enterprises and days stand in one row after the other."""
    known: dict[str, Value] = {}

    def read(cell: Cell) -> Value:
        if not isinstance(cell, str):
            return reader(cell)
        if cell not in known:
            known[cell] = reader(cell)
        return known[cell]

    return read


def text(cell: Cell) -> str:
    """Give a cell's text: trimmed, invisible characters and doubled spaces removed, whole numbers without a point."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    written = " ".join(INVISIBLE.sub("", str(cell)).split())
    if written in FORMULA_ERRORS:
        raise Refused("formula_error")
    return written


def code(cell: Cell) -> str:
    """Give a code: full-width characters folded, no spaces, capital letters."""
    return "".join(unicodedata.normalize("NFKC", text(cell)).split()).upper()


def plain(limit: int) -> Callable[[Cell], str]:
    """Make a reader of free text of at most so many characters, that no spreadsheet would take for a formula."""

    def read(cell: Cell) -> str:
        written = text(cell)
        if len(written) > limit:
            raise Refused("text_length", limit=limit)
        if written[:1] in {"=", "+", "-", "@"} or not written.isprintable():
            raise Refused("text_characters")
        return written

    return read


def person_name(cell: Cell) -> str:
    """Read a name: Chinese ones without the spaces that align them, minority ones with their middle dot."""
    written = re.sub(r"[•・‧∙⋅]", "·", text(cell))
    written = re.sub(r"(?<=[\u3400-\u9fff\U00020000-\U000323af]) (?=[\u3400-\u9fff\U00020000-\U000323af])", "", written)
    strange = any(not (c.isalnum() or c in NAME_MARKS) for c in written)
    if strange or len(written) > NAME_LENGTH or not written[0].isalnum():
        raise Refused("name_characters")
    return written


def same_name(one: str, other: str) -> bool:
    """Say whether two spellings are one name, whatever the width of letters and the kind of dot."""
    folded = (re.sub(r"[\s·.]", "", unicodedata.normalize("NFKC", name)).casefold() for name in (one, other))
    return next(folded) == next(folded)


def resident_id(today: date) -> Callable[[Cell], str]:
    """Make a reader of resident IDs; one stored as a number is refused, for its last digits are lost."""

    def read(cell: Cell) -> str:
        if isinstance(cell, (int, float)) or SCIENTIFIC.fullmatch(text(cell)):
            raise Refused("id_as_number")
        written = code(cell)
        wrong = resident_id_error(written, today)
        if wrong:
            raise Refused(f"id_{wrong}")
        return written

    return read


def uscc(cell: Cell) -> str:
    """Read a unified social credit code."""
    if isinstance(cell, (int, float)) or SCIENTIFIC.fullmatch(text(cell)):
        raise Refused("uscc_as_number")
    written = code(cell)
    wrong = uscc_error(written)
    if wrong:
        raise Refused(f"uscc_{wrong}")
    return written


def phone(cell: Cell) -> str:
    """Read a mainland mobile number."""
    written = re.sub(r"^(\+?86)(?=1\d{10}$)", "", re.sub(r"[-()]", "", code(cell)))
    if not re.fullmatch(r"1[3-9]\d{9}", written):
        raise Refused("phone")
    return written


def day(cell: Cell) -> date:
    """Read a date whose day, month and year are certain; a bare number that Excel counts days by is not."""
    if isinstance(cell, date):
        found = cell.date() if isinstance(cell, datetime) else cell
    else:
        written = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", unicodedata.normalize("NFKC", text(cell)))
        found = _written_day("".join(written.split()))
    if found.year not in YEARS:
        raise Refused("date_range")
    return found


def _written_day(written: str) -> date:
    for shape in DAY_SHAPES:
        match = shape.fullmatch(written)
        if match:
            try:
                return date(int(match[1]), int(match[3]), int(match[4]))
            except ValueError as error:
                raise Refused("date_format") from error
    raise Refused("date_number" if re.fullmatch(r"\d{1,6}(\.\d+)?", written) else "date_format")


def yes_no(cell: Cell) -> bool:
    """Read 是 or 否."""
    written = code(cell).lower()
    if written in YES or written in NO:
        return written in YES
    raise Refused("yes_no")


def number(least: float, most: float, *, whole: bool = False) -> Callable[[Cell], float]:
    """Make a reader of numbers within bounds."""

    def read(cell: Cell) -> float:
        written = code(cell).replace(",", "")
        value = float(written) if re.fullmatch(r"-?\d+(\.\d+)?", written) else float("nan")
        if not least <= value <= most or (whole and not value.is_integer()):
            raise Refused("number", least=least, most=most)
        return value

    return read


def choice(names: Mapping[str, str]) -> Callable[[Cell], str]:
    """Make a reader of one of some names, by name or by code."""

    def read(cell: Cell) -> str:
        written = text(cell)
        known = {**names, **{value: value for value in names.values()}}
        found = known.get(written) or known.get(written.lower())
        if found is None:
            raise Refused("choice", choices="、".join(names))
        return found

    return read
