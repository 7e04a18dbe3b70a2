"""Settlements: list, settle, look at one, compare it with what is known now, take it along, prove it in public."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.coverage.queries import settlements
from app.coverage.queries.settlements import Settled
from app.kit.dates import day_in
from app.ops import clock
from app.ops.db import Session
from app.reports import settlement as report
from app.reports.exports import Table, workbook
from app.reports.settlement_changes import comparison_table, list_table, people_table
from app.reports.settlement_pdf import settlement_pdf
from app.web.acts import ACTS
from app.web.bureau import settlement_pages as pages
from app.web.bureau.asking import Asks
from app.web.bureau.entry import READ, BureauRoute, PersonalReader, Reader, asked_now
from app.web.bureau.settlement_people import who_cells, who_page
from app.web.bureau.settlement_shapes import WhoPage
from app.web.bureau.understanding import NoBureau
from app.web.deps import Guard, actor, base_url
from app.web.downloads import attachment, ending, exported
from app.web.pages import render, see_other, speech
from app.web.streams import download
from app.web.transactions import Base, Reading, Reporting, Writing
from app.workflows.settle import SettleFigures, settle_figures, supersede_settlement

router = APIRouter(route_class=BureauRoute)
Differs = Annotated[str, Depends(pages.checked_differs)]
PIECE = 64 * 1024
"""Bytes that are sent together."""
Settler = Annotated[Viewer, Depends(Guard(roles.SETTLEMENTS_WRITE))]


@router.api_route("/settlements", methods=READ)
def list_settlements(request: Request, viewer: Reader, session: Reading, plan: str = "", after: str = "") -> Response:
    """List the settlements of the reader's regions."""
    _refuse_officers(viewer)
    return render(request, "bureau/settlements.html", pages.list_page(viewer, session, plan, after), viewer)


@exported(router, "/settlements")
def export_settlements(request: Request, viewer: Reader, plan: str = "") -> Response:
    """Export the list."""
    _refuse_officers(viewer)
    _ = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        found = settlements.every(viewer.scope, session, plan)
        return (list_table(found, _),)

    return download(request, f"{_('Settlements')} {clock.today()}.{ending(request)}", make)


@router.api_route("/settlements/new", methods=READ)
def prepare(request: Request, viewer: Settler, session: Reading, given: Asks) -> Response:
    """Show what would be frozen."""
    page = pages.new_page(viewer, session, asked_now(viewer, session, given), clock.now())
    return render(request, "bureau/settlement_new.html", page, viewer)


@router.post("/settlements")
def settle(
    request: Request,
    viewer: Settler,
    session: Writing,
    plan: Annotated[str, Form(max_length=60)] = "",
    region: Annotated[str, Form(max_length=12)] = "",
    on: Annotated[str, Form(max_length=10)] = "",
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Freeze the figures."""
    asked = SettleFigures(plan, region, day_in(on), note)
    number = settle_figures(viewer.scope, session, asked, actor(request, viewer), clock.now())
    return see_other(f"/settlements/{number}")


@router.api_route("/settlements/keys", methods=READ)
def show_keys(request: Request, session: Reading) -> Response:
    """Show anybody the keys that settlements are signed with, and how to check a signature."""
    return render(request, "bureau/settlement_keys.html", pages.keys_page(session))


@router.api_route("/settlements/verify/{token}", methods=READ)
def verify(request: Request, token: str, session: Reading) -> Response:
    """Show what was settled to anybody who has the hash, so that an altered paper is seen."""
    return render(request, "bureau/settlement_verified.html", pages.verified_page(session, token))


@router.api_route("/settlements/{settlement_id}", methods=READ)
def show(request: Request, settlement_id: int, viewer: Reader, session: Reading) -> Response:
    """Show a settlement."""
    page = pages.settlement_page(viewer, session, settlement_id, clock.today())
    return render(request, "bureau/settlement.html", page, viewer)


@router.post("/settlements/{settlement_id}/supersession")
def supersede(
    request: Request,
    settlement_id: int,
    viewer: Settler,
    session: Writing,
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Settle the same plan, region and day anew, for a reason."""
    by = actor(request, viewer)
    number = supersede_settlement(viewer.scope, session, settlement_id, reason, by, clock.now())
    return see_other(f"/settlements/{number}")


@router.api_route("/settlements/{settlement_id}/settlement.xlsx", methods=READ)
def as_workbook(request: Request, settlement_id: int, viewer: Reader, database: Base) -> Response:
    """Give all rows as a workbook; from the database itself, for a replica may not have them yet."""
    with database.reading() as session:
        settled = settlements.settlement(viewer.scope, session, settlement_id)
        sheets = report.tables(settled, settlements.rows(session, settlement_id), _address(request, settled))
        return attachment(_name(settled, "xlsx"), workbook(sheets))


@router.api_route("/settlements/{settlement_id}/settlement.json", methods=READ)
def as_json(settlement_id: int, viewer: Reader, session: Reading, database: Base) -> Response:
    """Give what was hashed and its seal, for programs."""
    settled = settlements.settlement(viewer.scope, session, settlement_id)

    def chunks() -> Iterator[bytes]:
        with database.reading() as opened:
            yield from report.json_chunks(settled, settlements.rows(opened, settlement_id))

    return attachment(_name(settled, "json"), _gathered(chunks()))


@router.api_route("/settlements/{settlement_id}/settlement.pdf", methods=READ)
def as_pdf(request: Request, settlement_id: int, viewer: Reader, database: Base) -> Response:
    """Give the paper."""
    with database.reading() as session:
        settled = settlements.settlement(viewer.scope, session, settlement_id)
        parts = settlements.parts(session, settlement_id)
    return attachment(_name(settled, "pdf"), settlement_pdf(settled, parts, _address(request, settled)))


@router.api_route("/settlements/{settlement_id}/comparison", methods=READ)
def compare(
    request: Request, settlement_id: int, viewer: Reader, session: Reporting, differs: Differs, after: str = ""
) -> Response:
    """Compare with what is known now, and explain every difference."""
    page = pages.comparison_page(viewer, session, settlement_id, differs, after, clock.now())
    return render(request, "bureau/settlement_comparison.html", page, viewer)


@exported(router, "/settlements/{settlement_id}/comparison")
def export_comparison(request: Request, settlement_id: int, viewer: Reader, session: Reading) -> Response:
    """Export every difference with every posting that explains it."""
    settled, now = settlements.settlement(viewer.scope, session, settlement_id), clock.now()
    _ = speech(request, viewer)

    def make(opened: Session) -> Iterable[Table]:
        found = pages.every_difference(viewer, opened, settled, now)
        return (comparison_table(settled, found, ACTS, now, _),)

    name = f"{_('Settlement compared')} {settled.head.region_name} {settled.head.on}.{ending(request)}"
    return download(request, name, make)


def who(
    viewer: PersonalReader, session: Reporting, settlement_id: int, enterprise_id: int, posting: int | None = None
) -> WhoPage:
    """Fill the page of who is behind the difference at an enterprise, or behind what one posting changed."""
    return who_page(viewer, session, settlement_id, enterprise_id, posting, clock.now())


Who = Annotated[WhoPage, Depends(who)]


@router.api_route("/settlements/{settlement_id}/comparison/{enterprise_id}/people", methods=READ)
def show_people(request: Request, viewer: PersonalReader, page: Who) -> Response:
    """Show who is behind the difference at an enterprise, or behind what one posting changed."""
    return render(request, "bureau/settlement_people.html", page, viewer)


@exported(router, "/settlements/{settlement_id}/comparison/{enterprise_id}/people")
def export_people(request: Request, viewer: PersonalReader, page: Who) -> Response:
    """Export who is behind it."""
    _ = speech(request, viewer)

    def make(_session: Session) -> Iterable[Table]:
        return (people_table(page.settled, page.enterprise, who_cells(page, _), page.now, _),)

    return download(request, f"{_('Whose standing differs')} {page.enterprise}.{ending(request)}", make)


def _refuse_officers(viewer: Viewer) -> None:
    if viewer.home_region is None:
        raise NoBureau(viewer.home_enterprise)


def _name(settled: Settled, kind: str) -> str:
    return f"封账 {settled.head.region_name} {settled.head.on} {settled.seal.hash[:12]}.{kind}"


def _address(request: Request, settled: Settled) -> str:
    return f"{base_url(request)}/settlements/verify/{settled.seal.hash}"


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Send small pieces together."""
    buffer: list[bytes] = []
    size = 0
    for piece in pieces:
        buffer.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(buffer)
            buffer, size = [], 0
    yield b"".join(buffer)
