"""The addresses of an enterprise's pages, and the commands that stand on them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.reports.exports import Table
from app.web.deps import Guard, actor
from app.web.downloads import exported
from app.web.enterprise import exports
from app.web.enterprise.asked import Ask, asked, read_day
from app.web.enterprise.counted import counted_page, counted_table
from app.web.enterprise.overview import overview
from app.web.enterprise.roster import roster_page
from app.web.held import checked_held
from app.web.pages import in_words, render, see_other, speech
from app.web.streams import read_itself
from app.web.transactions import Base, Reading, Writing
from app.workflows.close_enterprise import CloseEnterprise, close_enterprise
from app.workflows.confirm_roster import confirm_roster

router = APIRouter()
Asks = Annotated[Ask, Depends(asked)]
Reader = Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))]
Keeper = Annotated[Viewer, Depends(Guard(roles.ROSTER_WRITE))]
Manager = Annotated[Viewer, Depends(Guard(roles.ENTERPRISES_WRITE))]
Held = Annotated[str, Depends(checked_held)]
READ = ["GET", "HEAD"]


@router.api_route("/enterprises/{enterprise_id}", methods=READ)
def show_overview(request: Request, viewer: Reader, session: Reading, ask: Asks) -> Response:
    """Show how an enterprise stands, who is missing and why."""
    page = overview(viewer, session, ask, clock.now(), clock.today())
    return render(request, "enterprise/overview.html", page, viewer)


@exported(router, "/enterprises/{enterprise_id}/missing")
def export_missing(request: Request, viewer: Reader, database: Base, ask: Asks) -> Response:
    """Export who is missing."""
    return exports.export_missing(request, database, viewer, ask, clock.now(), clock.today())


@router.api_route("/enterprises/{enterprise_id}/counted", methods=READ)
def show_counted(request: Request, viewer: Reader, session: Reading, ask: Asks, held: Held) -> Response:
    """Show who is counted in the figures."""
    page = counted_page(viewer, session, ask, held, clock.now(), clock.today())
    return render(request, "enterprise/counted.html", page, viewer)


@exported(router, "/enterprises/{enterprise_id}/counted")
def export_counted(request: Request, viewer: Reader, database: Base, ask: Asks, held: Held) -> Response:
    """Export who is counted in the figures."""
    text = speech(request, viewer)

    def make(session: Session) -> tuple[Table]:
        return counted_table(viewer, session, ask, held, clock.now(), clock.today(), text)

    return read_itself(request, database, f"counted-{ask.enterprise_id}", make)


@router.api_route("/enterprises/{enterprise_id}/roster", methods=READ)
def show_roster(request: Request, viewer: Reader, session: Reading, ask: Asks, confirmed: str = "") -> Response:
    """Show who holds which post."""
    page = roster_page(viewer, session, ask, clock.now(), clock.today(), confirmed=bool(confirmed))
    return render(request, "enterprise/roster.html", page, viewer)


@exported(router, "/enterprises/{enterprise_id}/roster")
def export_roster(request: Request, viewer: Reader, database: Base, ask: Asks) -> Response:
    """Export the roster."""
    return exports.export_roster(request, database, viewer, ask, clock.now(), clock.today())


@router.post("/enterprises/{enterprise_id}/roster/search")  # noqa: FAST003 - asked() takes it
def search_roster(
    request: Request, viewer: Reader, session: Reading, ask: Asks, name: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    """Look somebody up by name: by form, because names never go into an address."""
    page = roster_page(viewer, session, ask, clock.now(), clock.today(), name=name.strip())
    return render(request, "enterprise/roster.html", page, viewer)


@router.post("/enterprises/{enterprise_id}/confirmation")
def confirm(request: Request, viewer: Keeper, session: Writing, enterprise_id: int) -> Response:
    """Confirm the roster as it stands today."""
    confirm_roster(viewer.scope, session, enterprise_id, actor(request, viewer), clock.now())
    return see_other(f"/enterprises/{enterprise_id}/roster?confirmed=1#confirm")


@router.post("/enterprises/{enterprise_id}/closure")
def close(
    request: Request,
    viewer: Manager,
    database: Base,
    enterprise_id: int,
    closed_on: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Close the enterprise from a day on."""
    try:
        command = CloseEnterprise(enterprise_id, _closing_day(closed_on), reason)
        return _closure(request, viewer, database, command)
    except Problem as problem:
        return _refused(request, viewer, database, enterprise_id, problem)


@router.post("/enterprises/{enterprise_id}/closure/withdrawal")
def reopen(
    request: Request,
    viewer: Manager,
    database: Base,
    enterprise_id: int,
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take back a closure that was recorded by mistake."""
    try:
        return _closure(request, viewer, database, CloseEnterprise(enterprise_id, None, reason))
    except Problem as problem:
        return _refused(request, viewer, database, enterprise_id, problem)


def _closing_day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Problem(422, "closed_on", N_("Say from which day on the enterprise is closed."))
    return day


def _closure(request: Request, viewer: Viewer, database: Base, command: CloseEnterprise) -> Response:
    with database.session() as session:
        close_enterprise(viewer.scope, session, command, actor(request, viewer), clock.now())
    return see_other(f"/enterprises/{command.enterprise_id}#particulars")


def _refused(request: Request, viewer: Viewer, database: Base, enterprise_id: int, problem: Problem) -> Response:
    """Show the page again with what was wrong; out of reach it stays not found."""
    said = in_words(request, viewer, problem)
    with database.reading() as session:
        organisations.enterprise(viewer.scope, session, enterprise_id)
        page = overview(viewer, session, Ask(enterprise_id), clock.now(), clock.today(), said)
    return render(request, "enterprise/overview.html", page, viewer, problem.status)
