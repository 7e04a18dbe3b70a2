"""What an import says back: counts, and for every refused row the field and the reason."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.ops.i18n import translate
from app.reports.import_columns import IMPORTS
from app.workflows.import_reasons import REASONS


@dataclass(frozen=True)
class Options:
    """How to import. `full`: the file is the whole roster, the absent end on `as_of` (None: today).

    `confirmed`: end them even where that is more than a tenth of an enterprise's assignments.
    """

    full: bool = False
    as_of: date | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class RowError:
    """Why a row was refused: its number in the sheet, the field ('' for the whole row), a code, what fills its text."""

    row: int
    field: str
    code: str
    details: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    def message(self, language: str) -> str:
        """Give the reason in a language."""
        return translate(language, REASONS[self.code], **self.details)


@dataclass(frozen=True)
class Altered:
    """One value that a row changes: its number (0: of somebody absent from a full roster), whose, from what to what.

    `before` is '' where there was none, `since` the first day of it where the file says one. It may name people: it is
    shown to whoever imports, and kept sealed.
    """

    row: int
    who: str
    field: str
    before: str
    after: str
    since: str = ""


@dataclass(frozen=True)
class Affected:
    """What coverage has to look at again after an import was written."""

    assignments: tuple[int, ...] = ()
    persons: tuple[int, ...] = ()
    enterprises: tuple[int, ...] = ()
    declared: tuple[int, ...] = ()
    everything: bool = False


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do: rows = added + changed + unchanged + refused; `ended` are absent assignments.

    `unconfirmed` says which endings somebody has to confirm before anything is written. `changes` are values of the
    first rows that are changed and ended; officers: how many accounts of safety officers the file opens.
    """

    rows: int
    added: int
    changed: int
    ended: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    unconfirmed: tuple[RowError, ...] = ()
    changes: tuple[Altered, ...] = ()
    officers: int = 0

    def blocked(self) -> "ImportResult":
        """Give what is said when nothing was written for want of a confirmation: every row comes back."""
        return ImportResult(self.rows, 0, 0, 0, 0, self.rows, self.errors, self.unconfirmed)

    def as_json(self, language: str) -> dict[str, Any]:
        """Give the shape that the command line and the API promise."""
        errors = [
            {"row": e.row, "field": e.field, "code": e.code, "message": e.message(language)}
            for e in (*self.unconfirmed, *self.errors)
        ]
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "ended": self.ended,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "errors": errors,
        }


@dataclass
class Tally:
    """Counts rows while they are decided."""

    rows: int
    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0

    def result(self, errors: Iterable[RowError], unconfirmed: Iterable[RowError] = ()) -> ImportResult:
        """Close the count; every row with an error was refused."""
        listed = tuple(sorted(errors, key=lambda e: e.row))
        refused = len({error.row for error in listed})
        return ImportResult(
            self.rows, self.added, self.changed, self.ended, self.unchanged, refused, listed, tuple(unconfirmed)
        )


def reasons_by_row(result: ImportResult, kind: str, language: str) -> dict[int, str]:
    """Give the text of all that is wrong with each refused row, for the returned sheet."""
    headers = {column.field: column.header for column in IMPORTS[kind]}
    found: dict[int, list[str]] = {}
    for error in result.errors:
        header = headers.get(error.field)
        message = error.message(language)
        found.setdefault(error.row, []).append(f"{header}：{message}" if header else message)
    return {row: "\n".join(reasons) for row, reasons in found.items()}
