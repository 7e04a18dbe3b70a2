"""Reads the rows of an enterprises file into values. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.kit.industries import section_of
from app.ops.sheet_cells import Cell
from app.ops.sheets import Row
from app.organisations import dated
from app.plans.queries import KeyPostRow, find_post
from app.reports.import_columns import SIZES
from app.workflows import import_fields as fields
from app.workflows.import_fields import Reading
from app.workflows.import_results import RowError

NONE: Final = ("无", "none")
"""What takes back a designation, the posts that do not apply, or a closure recorded by mistake."""


@dataclass(frozen=True)
class Names:
    """What the rows may name: key industries (name -> code) and posts."""

    industries: Mapping[str, str]
    posts: Sequence[KeyPostRow]


@dataclass(frozen=True)
class EnterpriseLine:
    """A row whose every field is good: what it says of each attribute, from when (None: not said)."""

    row: int
    uscc: str
    name: str
    values: dict[str, str]
    effective_on: date | None
    officer_name: str
    officer_phone: str

    @property
    def region(self) -> str:
        """Give the code of the region that the row names."""
        return self.values[dated.REGION]


@dataclass
class EnterpriseLines:
    """A file of enterprises that was read."""

    good: list[EnterpriseLine]
    errors: list[RowError]

    def refuse(self, line: EnterpriseLine, field: str, code: str, **details: object) -> None:
        """Refuse a row that was read well."""
        self.errors.append(RowError(line.row, field, code, details))
        self.good.remove(line)


def read_lines(rows: Iterable[Row], names: Names) -> EnterpriseLines:
    """Read rows; blank cells say nothing."""
    lines = EnterpriseLines([], [])
    for row in rows:
        reading = Reading(row)
        line = _line(reading, names)
        if line is None or reading.errors:
            lines.errors += reading.errors
        else:
            lines.good.append(line)
    return lines


def _line(reading: Reading, names: Names) -> EnterpriseLine | None:
    uscc = reading.take("uscc", fields.uscc, required=True)
    name = reading.take("name", fields.plain(120), required=True)
    officer_name = reading.take("officer_name", fields.person_name) or ""
    officer_phone = reading.take("officer_phone", fields.phone) or ""
    if not reading.errors and bool(officer_name) != bool(officer_phone):
        reading.refuse("officer_phone" if officer_name else "officer_name", "officer_half")
    effective_on = reading.take("effective_on", fields.day)
    values = {attribute: value for attribute, value in _values(reading, names) if value is not None}
    if uscc is None or name is None:
        return None
    return EnterpriseLine(reading.row.number, uscc, name, values, effective_on, officer_name, officer_phone)


def _values(reading: Reading, names: Names) -> Iterable[tuple[str, str | None]]:
    insured = reading.take("insured", fields.number(0, 10_000_000, whole=True))
    yield dated.REGION, reading.take("region", region_code, required=True)
    yield dated.INDUSTRY, reading.take("industry", _division, required=True)
    yield dated.HAZARDOUS_LICENCE, _flag(reading.take("hazardous_licence", fields.yes_no))
    yield dated.KEY_INDUSTRY, reading.take("key_industry", _or_none(_key_industry(names.industries)))
    yield dated.KEY_ENTERPRISE, _flag(reading.take("key_enterprise", fields.yes_no))
    yield dated.SIZE, reading.take("size", fields.choice(SIZES))
    yield dated.INSURED, None if insured is None else str(int(insured))
    yield dated.NOT_APPLICABLE, reading.take("not_applicable", _or_none(_post_codes(names.posts)))
    yield dated.CLOSED_ON, reading.take("closed_on", _or_none(lambda cell: fields.day(cell).isoformat()))


def _flag(value: bool | None) -> str | None:  # noqa: FBT001 - a cell's value
    return None if value is None else "1" if value else "0"


def _or_none(read: Callable[[Cell], str]) -> Callable[[Cell], str]:
    return lambda cell: "" if isinstance(cell, str) and cell.strip().lower() in NONE else read(cell)


def region_code(cell: Cell) -> str:
    """Read a region's code."""
    written = fields.code(cell)
    if not re.fullmatch(r"[0-9A-Z]{2,12}", written):
        raise fields.Refused("region_code")
    return written


def _division(cell: Cell) -> str:
    match = re.fullmatch(r"([A-T])?(\d{1,2})", fields.code(cell))
    letter = section_of(int(match[2])) if match else None
    if match is None or letter is None:
        raise fields.Refused("industry")
    if match[1] and match[1] != letter:
        raise fields.Refused("industry_letter", division=f"{int(match[2]):02d}", letter=letter)
    return f"{int(match[2]):02d}"


def _key_industry(industries: Mapping[str, str]) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        written = fields.text(cell)
        found = industries.get(written) or (written.lower() if written.lower() in industries.values() else None)
        if found is None:
            raise fields.Refused("key_industry", choices="、".join(industries))
        return found

    return read


def _post_codes(posts: Sequence[KeyPostRow]) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        found = set()
        for name in filter(None, (part.strip() for part in re.split(r"[;；,，、]", fields.text(cell)))):
            post = find_post(posts, name)
            if post is None:
                raise fields.Refused("post_unknown", text=name[:40], choices="、".join(p.name for p in posts))
            found.add(post.code)
        return ";".join(post.code for post in posts if post.code in found)

    return read
