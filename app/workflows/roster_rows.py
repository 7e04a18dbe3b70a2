"""Reads the rows of a roster into values; what cannot be read keeps what is known of it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from app.ops.sheet_cells import Cell
from app.ops.sheets import Row
from app.workflows import import_fields as fields
from app.workflows.import_fields import Reading
from app.workflows.import_results import RowError


@dataclass(frozen=True)
class RosterLine:
    """A row whose every field is good; an empty text was blank."""

    row: int
    uscc: str
    name: str
    resident_id: str
    phone: str
    post: str
    trade: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Remnant:
    """What is known of a refused row, so that nobody counts as absent because of a typing error."""

    row: int
    uscc: str
    name: str
    resident_id: str


@dataclass
class RosterLines:
    """A roster that was read."""

    good: list[RosterLine]
    refused: list[Remnant]
    errors: list[RowError]

    def refuse(self, line: RosterLine, field: str, code: str, **details: object) -> None:
        """Refuse a row that was read well."""
        self.errors.append(RowError(line.row, field, code, details))
        self.refused.append(Remnant(line.row, line.uscc, line.name, line.resident_id))


def read_lines(rows: Iterable[Row], sole_uscc: str | None, post: Callable[[Cell], str], today: date) -> RosterLines:
    """Read rows; `sole_uscc` stands in where a row names no enterprise, `post` reads a post into its code."""
    lines = RosterLines([], [], [])
    read_id = fields.resident_id(today)
    read_uscc, read_day = fields.remembered(fields.uscc), fields.remembered(fields.day)
    read_trade = fields.plain(60)
    for row in rows:
        reading = Reading(row)
        uscc = reading.take("uscc", read_uscc) or ("" if reading.errors else sole_uscc or "")
        if not uscc and not reading.errors:
            reading.refuse("uscc", "uscc_missing")
        name = reading.take("name", fields.person_name, required=True) or ""
        resident_id = reading.take("resident_id", read_id, required=True) or ""
        phone = reading.take("phone", fields.phone) or ""
        held = reading.take("post", post, required=True) or ""
        trade = reading.take("trade", read_trade) or ""
        starts_on = reading.take("starts_on", read_day, required=True)
        ends_on = reading.take("ends_on", read_day)
        if starts_on and ends_on and ends_on <= starts_on:
            reading.refuse("ends_on", "ends_before_start")
        if reading.errors or starts_on is None:
            lines.errors += reading.errors
            lines.refused.append(Remnant(row.number, uscc, name, resident_id))
        else:
            lines.good.append(RosterLine(row.number, uscc, name, resident_id, phone, held, trade, starts_on, ends_on))
    return lines
