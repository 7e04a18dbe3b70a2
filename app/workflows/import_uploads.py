"""Imports by upload: keep a file, show what it would do, then do it once, by the same path as the command line.

A file is read between transactions, never inside a write transaction.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from app.access import roles
from app.access.scope import Viewer
from app.identity.service import Actor
from app.kit.dates import iso_day
from app.kit.errors import Problem, forbidden, not_found
from app.ops.db import Database
from app.ops.i18n import N_
from app.ops.sheets import Sheet
from app.organisations import uploads
from app.organisations.uploads import Upload
from app.reports import sheets
from app.workflows import imports
from app.workflows.import_results import Altered, ImportResult, Options, RowError, reasons_by_row

NEEDED: Final = {
    "roster": roles.ROSTER_WRITE,
    "records": roles.RECORDS_WRITE,
    "enterprises": roles.ENTERPRISES_WRITE,
    "regions": roles.ENTERPRISES_WRITE,
}
"""Kind of import -> the permission it takes."""


@dataclass(frozen=True)
class Examined:
    """An upload and what importing it would do - or did, once `used_at` is set - with these options."""

    kind: str
    file_name: str
    uploaded_at: datetime
    used_at: datetime | None
    options: Options
    result: ImportResult


def permit(viewer: Viewer, kind: str) -> None:
    """Let those pass who may import this kind; Problem 403 for others, 404 for what is no kind."""
    if kind not in NEEDED:
        raise not_found()
    if not viewer.may(NEEDED[kind]):
        raise forbidden()


def receive(database: Database, viewer: Viewer, kind: str, file_name: str, data: bytes, now: datetime) -> str:
    """Keep an uploaded file and give its token; Problem 422 when it cannot be read."""
    permit(viewer, kind)
    account_id = _account(viewer)
    imports.read(kind, data, Options())
    with database.session() as session:
        return uploads.keep(session, account_id, kind, file_name, data, now)


def examine(database: Database, viewer: Viewer, token: str, options: Options, now: datetime) -> Examined:
    """Say what importing an upload would do now, or what it did."""
    upload = _found(database, viewer, token, now)
    if upload.used_at is not None:
        options, result = _options(upload.options), _result(upload.outcome)
    else:
        sheet = imports.read(upload.kind, upload.data, options)
        with database.reading() as session:
            result = imports.preview(session, viewer.scope, upload.kind, sheet, options, now)
    return Examined(upload.kind, upload.file_name, upload.created_at, upload.used_at, options, result)


def confirm(database: Database, viewer: Viewer, token: str, options: Options, actor: Actor, now: datetime) -> None:
    """Import an upload; a second time does nothing. Problem 409 when endings have to be confirmed first."""
    upload = _found(database, viewer, token, now)
    if upload.used_at is not None:
        return
    sheet = imports.read(upload.kind, upload.data, options)
    with database.session() as session:
        if not uploads.claim(session, upload.id, _as_text(options), now):
            return
        result = imports.run(session, viewer.scope, upload.kind, sheet, options, actor, now)
        if result.unconfirmed:
            raise Problem(409, "import_unconfirmed", N_("This would end many assignments. Confirm that first."))
        uploads.finish(session, upload.id, json.dumps(asdict(result), default=str, ensure_ascii=False))


def returned(database: Database, viewer: Viewer, token: str, language: str, now: datetime) -> tuple[str, bytes]:
    """Give the upload's file name and the sheet of its refused rows, each with its reason."""
    upload = _found(database, viewer, token, now)
    sheet = imports.read(upload.kind, upload.data, Options())
    result = _result(upload.outcome) if upload.used_at else _previewed(database, viewer, upload, sheet, now)
    return upload.file_name, sheets.returned(sheet, reasons_by_row(result, upload.kind, language))


def _previewed(database: Database, viewer: Viewer, upload: Upload, sheet: Sheet, now: datetime) -> ImportResult:
    with database.reading() as session:
        return imports.preview(session, viewer.scope, upload.kind, sheet, Options(), now)


def _found(database: Database, viewer: Viewer, token: str, now: datetime) -> Upload:
    with database.reading() as session:
        upload = uploads.find(session, _account(viewer), token, now)
    permit(viewer, upload.kind)
    return upload


def _account(viewer: Viewer) -> int:
    if viewer.account_id is None:
        raise not_found()
    return viewer.account_id


def _as_text(options: Options) -> dict[str, str]:
    return {"full": "1", "as_of": str(options.as_of or "")} if options.full else {}


def _options(kept: dict[str, str]) -> Options:
    as_of = kept.get("as_of")
    return Options("full" in kept, iso_day(as_of) if as_of else None, confirmed=True)


def _result(outcome: str) -> ImportResult:
    read: dict[str, Any] = json.loads(outcome)
    changes = tuple(Altered(**one) for one in read.get("changes", ()))
    errors, unconfirmed = _errors(read["errors"]), _errors(read["unconfirmed"])
    return ImportResult(**{**read, "errors": errors, "unconfirmed": unconfirmed, "changes": changes})


def _errors(listed: list[dict[str, Any]]) -> tuple[RowError, ...]:
    return tuple(RowError(**error) for error in listed)
