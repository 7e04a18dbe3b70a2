"""The one way into the four imports, for the command line, the web upload and the API: preview, then run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.models import Posting
from app.coverage.reading_ahead import reading_ahead
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops import sheets
from app.ops.i18n import N_
from app.ops.sheets import Sheet
from app.reports.import_columns import IMPORTS
from app.workflows import import_enterprises, import_records, import_regions, import_roster
from app.workflows.import_results import Affected, ImportResult, Options

PENDING_ROWS: Final = 2000
"""What so many rows change is soon folded by whoever does that; a longer file folds its own."""


class Planned(Protocol):
    """A checked file: what it says back. All else it holds is its importer's own."""

    @property
    def result(self) -> ImportResult:
        """Give the counts and the refused rows."""


Plan = TypeVar("Plan", bound=Planned)


@dataclass(frozen=True)
class Importer(Generic[Plan]):
    """Checks a file whole and decides (`plan` writes nothing), then writes what was decided."""

    plan: Callable[[Session, Scope, Sheet, Options, date], Plan]
    apply: Callable[[Session, Plan, Actor, datetime], Affected]


IMPORTERS: Final[dict[str, Importer[Any]]] = {
    "regions": Importer(import_regions.plan, import_regions.apply),
    "enterprises": Importer(import_enterprises.plan, import_enterprises.apply),
    "roster": Importer(import_roster.plan, import_roster.apply),
    "records": Importer(import_records.plan, import_records.apply),
}


def read(kind: str, data: bytes, options: Options) -> Sheet:
    """Read a file of a kind; Problem 422 when it cannot be read, or --full is asked of what is no roster."""
    if kind not in IMPORTERS:
        raise Problem(404, "import_kind", N_("Import one of: regions, enterprises, roster, records."))
    if kind != "roster" and (options.full or options.as_of):
        raise Problem(422, "import_full", N_("Only a roster can be imported as the full list."))
    return sheets.read(data, IMPORTS[kind])


def preview(session: Session, scope: Scope, kind: str, sheet: Sheet, options: Options, now: datetime) -> ImportResult:
    """Say what an import would do; nothing is written."""
    return _planned(session, scope, kind, sheet, options, now).result


def run(
    session: Session, scope: Scope, kind: str, sheet: Sheet, options: Options, actor: Actor, now: datetime
) -> ImportResult:
    """Import within the caller's transaction: facts, declarations, coverage and the audit trail, or nothing of it.

    When endings have to be confirmed and are not, nothing is written and every row comes back.
    """
    posting = coverage.open_posting(session, now, f"import_{kind}")
    named = (row.cells.get("uscc") for row in sheet.rows) if kind == "roster" else ()
    with reading_ahead(session, {str(cell) for cell in named if cell}):
        planned = _planned(session, scope, kind, sheet, options, now)
        result = planned.result
        if result.unconfirmed:
            return result.blocked()
        _write(session, kind, sheet, planned, actor, posting)
    identity.audit(session, actor, f"import.{kind}", "import", kind, posting.recorded_at, _counts(result))
    return result


def _write(session: Session, kind: str, sheet: Sheet, planned: Planned, actor: Actor, posting: Posting) -> None:
    """Write what was decided, and what coverage makes of it."""
    affected = IMPORTERS[kind].apply(session, planned, actor, posting.recorded_at)
    if len(sheet.rows) <= PENDING_ROWS:
        coverage.leave_pending(session, posting)
    coverage.post(
        session,
        posting,
        assignments=affected.assignments,
        persons=affected.persons,
        enterprises=affected.enterprises,
        declared=affected.declared,
        everything=affected.everything,
    )


def _planned(session: Session, scope: Scope, kind: str, sheet: Sheet, options: Options, now: datetime) -> Planned:
    planned: Planned = IMPORTERS[kind].plan(session, scope, sheet, options, day_of(now))
    return planned


def _counts(result: ImportResult) -> dict[str, object]:
    names = "rows", "added", "changed", "ended", "unchanged", "refused"
    return {name: getattr(result, name) for name in names}
