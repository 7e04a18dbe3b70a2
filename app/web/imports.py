"""Imports: choose a kind, take its template, upload a file, look at what it would do, let it be done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.kit.dates import day_of, iso_day
from app.kit.errors import Problem
from app.ops import clock
from app.ops.i18n import N_, translate
from app.ops.settings import settings
from app.ops.sheets import ROW_LIMIT, Column
from app.reports.sheets import columns_of
from app.web.deps import Guard, actor
from app.web.downloads import attachment
from app.web.pages import in_words, language_of, render, see_other
from app.web.transactions import Base, Reading
from app.web.uploads import uploaded
from app.workflows import import_uploads as workflow
from app.workflows.import_results import ImportResult, Options, RowError
from app.workflows.import_templates import template

router = APIRouter()
Importing = Annotated[Viewer, Depends(Guard(roles.ROSTER_WRITE))]
SHOWN_ERRORS = 50
TITLES = {
    "roster": N_("Roster"),
    "records": N_("Training records"),
    "enterprises": N_("Enterprises"),
    "regions": N_("Regions"),
}


@dataclass(frozen=True)
class UploadPage:
    """The first step: `kinds` are those that the viewer may import; `error` is in the reader's language."""

    kinds: tuple[str, ...]
    kind: str
    titles: dict[str, str]
    columns: tuple[Column, ...]
    megabytes: int
    row_limit: int
    error: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why a row comes back: its number in the sheet, the column ('' for the whole row), the reason as read."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Change:
    """A value that a row (0: of somebody absent from the file) changes, under its column."""

    row: int
    who: str
    column: str
    before: str
    after: str
    since: str


@dataclass(frozen=True)
class CheckedPage:
    """An upload that was read: what importing it would do, or did (`used_at`).

    `refusals` are the first of them, `more` counts the others; `changes` are those of the first `told` rows of the
    `altered` ones. `worth` says whether importing would do anything.
    `entered` is what the roster calls the days that the import lies back.
    """

    token: str
    kind: str
    title: str
    file_name: str
    uploaded_at: datetime
    used_at: datetime | None
    full: bool
    as_of: date
    result: ImportResult
    worth: bool
    refusals: tuple[Refusal, ...]
    more: int
    unconfirmed: tuple[Refusal, ...]
    changes: tuple[Change, ...]
    told: int
    altered: int
    megabytes: int
    entered: str


@router.api_route("/imports", methods=["GET", "HEAD"])
def choose(request: Request, viewer: Importing, kind: str = "roster") -> Response:
    """Show what can be imported, how its file looks, and the upload form."""
    workflow.permit(viewer, kind)
    return render(request, "imports/upload.html", _upload_page(viewer, kind), viewer)


@router.post("/imports")
def upload(
    request: Request,
    viewer: Importing,
    database: Base,
    kind: Annotated[str, Form(max_length=12)] = "roster",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Take a file in; it is read at once, so that one that cannot be read is refused here."""
    try:
        name, content = uploaded(file)
        token = workflow.receive(database, viewer, kind, name, content, clock.now())
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - HTTP: the file's fault, to be said beside the form
            raise
        said = in_words(request, viewer, problem)
        return render(request, "imports/upload.html", _upload_page(viewer, kind, said), viewer, problem.status)
    return see_other(f"/imports/{token}")


@router.api_route("/imports/templates/{kind}.xlsx", methods=["GET", "HEAD"])
def download_template(request: Request, viewer: Importing, session: Reading, kind: str) -> Response:
    """Give the empty file of a kind of import with today's code lists."""
    workflow.permit(viewer, kind)
    name = translate(language_of(request, viewer), N_("Template %(kind)s"), kind=_title(request, viewer, kind))
    return attachment(f"{name}.xlsx", template(session, kind))


@router.api_route("/imports/{token}", methods=["GET", "HEAD"])
def show(request: Request, viewer: Importing, database: Base, token: str, full: str = "", as_of: str = "") -> Response:
    """Show what importing the file would do, or, once that was confirmed, what it did."""
    now = clock.now()
    examined = workflow.examine(database, viewer, token, _options(full, as_of), now)
    return render(request, "imports/checked.html", _checked_page(request, viewer, token, examined), viewer)


@router.post("/imports/{token}/confirmation")
def confirm(
    request: Request,
    viewer: Importing,
    database: Base,
    token: str,
    full: Annotated[str, Form(max_length=1)] = "",
    as_of: Annotated[str, Form(max_length=10)] = "",
    confirmed: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Import the file; where endings have to be confirmed first, go back and ask."""
    options = _options(full, as_of, confirmed)
    try:
        workflow.confirm(database, viewer, token, options, actor(request, viewer), clock.now())
    except Problem as problem:
        if problem.code != "import_unconfirmed":
            raise
        return see_other(f"/imports/{token}?full=1&as_of={options.as_of}")
    return see_other(f"/imports/{token}")


@router.api_route("/imports/{token}/errors.xlsx", methods=["GET", "HEAD"])
def download_refused(request: Request, viewer: Importing, database: Base, token: str) -> Response:
    """Give the refused rows as they came, each with its reason in a last column."""
    language = language_of(request, viewer)
    file_name, content = workflow.returned(database, viewer, token, language, clock.now())
    stem = file_name.rpartition(".")[0] or file_name
    return attachment(translate(language, N_("Refused rows of %(name)s"), name=stem) + ".xlsx", content)


def _upload_page(viewer: Viewer, kind: str, error: str = "") -> UploadPage:
    kinds = tuple(name for name in TITLES if viewer.may(workflow.NEEDED[name]))
    return UploadPage(kinds, kind, TITLES, columns_of(kind), settings().upload_limit_mb, ROW_LIMIT, error)


def _checked_page(request: Request, viewer: Viewer, token: str, examined: workflow.Examined) -> CheckedPage:
    language = language_of(request, viewer)
    headers = {column.field: column.header for column in columns_of(examined.kind)}
    result = examined.result

    def told(error: RowError) -> Refusal:
        return Refusal(error.row, headers.get(error.field, ""), error.message(language))

    return CheckedPage(
        token=token,
        kind=examined.kind,
        title=TITLES[examined.kind],
        file_name=examined.file_name,
        uploaded_at=examined.uploaded_at,
        used_at=examined.used_at,
        full=examined.options.full,
        as_of=examined.options.as_of or clock.today(),
        result=result,
        worth=bool(result.added or result.changed or result.ended or (examined.kind == "roster" and result.unchanged)),
        refusals=tuple(told(error) for error in result.errors[:SHOWN_ERRORS]),
        more=max(0, len(result.errors) - SHOWN_ERRORS),
        unconfirmed=tuple(told(error) for error in result.unconfirmed),
        changes=tuple(
            Change(one.row, one.who, headers.get(one.field, ""), one.before, one.after, one.since)
            for one in result.changes
        ),
        told=len({(one.row, one.who) for one in result.changes}),
        altered=result.changed + result.ended,
        megabytes=settings().upload_limit_mb,
        entered="1" if examined.used_at and day_of(examined.used_at) == clock.today() else "7",
    )


def _options(full: str, as_of: str, confirmed: str = "") -> Options:
    if not full:
        return Options()
    try:
        day = iso_day(as_of) if as_of else clock.today()
    except ValueError as error:
        raise Problem(422, "date", N_("Write the day as year-month-day, for example 2024-01-05.")) from error
    return Options(full=True, as_of=day, confirmed=bool(confirmed))


def _title(request: Request, viewer: Viewer, kind: str) -> str:
    return translate(language_of(request, viewer), TITLES[kind])
