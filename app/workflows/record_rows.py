"""Reads the rows of a training records file into values. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.ops.sheet_cells import Cell
from app.ops.sheets import Row
from app.reports.import_columns import MODES
from app.workflows import import_fields as fields
from app.workflows.import_fields import Reading
from app.workflows.import_results import RowError


@dataclass(frozen=True)
class RecordLine:
    """A row whose every field is good. `valid_until` is the first invalid day; None and '' were blank."""

    row: int
    resident_id: str
    name: str
    course: str
    completed_on: date
    valid_until: date | None
    score: float | None
    hours: float | None
    mode: str
    provider: str
    reference: str


@dataclass
class RecordLines:
    """A file of training records that was read."""

    good: list[RecordLine]
    errors: list[RowError]

    def keep(self, fault: Callable[[RecordLine], tuple[str, str, dict[str, object]] | None]) -> None:
        """Refuse the rows with a fault: field, code and details."""
        good = []
        for line in self.good:
            found = fault(line)
            if found is None:
                good.append(line)
            else:
                self.errors.append(RowError(line.row, *found))
        self.good = good


def read_lines(rows: Iterable[Row], courses: Mapping[str, str], today: date) -> RecordLines:
    """Read rows; `courses` gives the titles by code."""
    lines = RecordLines([], [])
    for row in rows:
        reading = Reading(row)
        line = _line(reading, courses, today)
        if line is None or reading.errors:
            lines.errors += reading.errors
        else:
            lines.good.append(line)
    return lines


def _line(reading: Reading, courses: Mapping[str, str], today: date) -> RecordLine | None:
    resident_id = reading.take("resident_id", fields.resident_id(today), required=True)
    name = reading.take("name", fields.person_name) or ""
    course = reading.take("course", _course(courses), required=True)
    completed_on = reading.take("completed_on", fields.day, required=True)
    if completed_on and completed_on > today:
        reading.refuse("completed_on", "completed_later")
    valid_until = _valid_until(reading, completed_on)
    score = reading.take("score", fields.number(0, 1000))
    hours = reading.take("hours", fields.number(0, 1000))
    mode = reading.take("mode", fields.choice(MODES)) or "offline"
    provider = reading.take("provider", fields.plain(120)) or ""
    reference = reading.take("reference", fields.plain(120)) or ""
    if resident_id is None or course is None or completed_on is None:
        return None
    number = reading.row.number
    return RecordLine(
        number, resident_id, name, course, completed_on, valid_until, score, hours, mode, provider, reference
    )


def _valid_until(reading: Reading, completed_on: date | None) -> date | None:
    through = reading.take("valid_through", fields.day)
    until = reading.take("valid_until", fields.day)
    if through is not None:
        if until is not None and until != through + timedelta(days=1):
            reading.refuse("valid_until", "valid_disagree")
        until = through + timedelta(days=1)
    if until is not None and completed_on is not None and until <= completed_on:
        reading.refuse("valid_until", "valid_before")
    return until


def _course(courses: Mapping[str, str]) -> Callable[[Cell], str]:
    by_title = {title: code for code, title in courses.items()}

    def read(cell: Cell) -> str:
        written = fields.text(cell)
        found = written.lower() if written.lower() in courses else by_title.get(written)
        if found is None:
            raise fields.Refused("course_unknown", text=written[:60], choices="、".join(courses))
        return found

    return read
