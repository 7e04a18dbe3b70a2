"""The addresses of the bureau's pages and exports."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.ops import clock
from app.web.bureau import exports, lists, people
from app.web.bureau.asking import Asks, ListAsks, Params
from app.web.bureau.entry import READ, BureauRoute, PersonalReader, Reader, asked_now
from app.web.bureau.lists import Chosen
from app.web.bureau.overview import overview
from app.web.bureau.people import Wanted
from app.web.downloads import exported
from app.web.pages import render
from app.web.transactions import Reading, Reporting

router = APIRouter(route_class=BureauRoute)
Narrowed = Annotated[Chosen, Depends(lists.chosen)]
Missing = Annotated[Wanted, Depends(people.missing_asked)]
People = Annotated[Wanted, Depends(people.people_asked)]
After = Annotated[str, Form(max_length=60)]


def searched(narrowed: Narrowed, text: Annotated[str, Form(max_length=120)] = "") -> Chosen:
    """Give the filters of the address, and what was typed into the form: part of a name, or a code."""
    return replace(narrowed, text=text.strip())


def sought(given: ListAsks, industry: Annotated[str | None, Form(max_length=40)] = None) -> Params:
    """Give the question of the address, but for an industry that was chosen in a search's form."""
    return given if industry is None else replace(given, industry=industry)


Searched = Annotated[Chosen, Depends(searched)]
Sought = Annotated[Params, Depends(sought)]


@router.api_route("/coverage", methods=READ)
def show_coverage(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Show a region's coverage."""
    page = overview(viewer, session, asked_now(viewer, session, given), clock.now())
    return render(request, "bureau/overview.html", page, viewer)


@exported(router, "/coverage")
def export_coverage(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Export the figures by region, industry and post."""
    return exports.export_overview(request, viewer, asked_now(viewer, session, given), clock.now())


@router.api_route("/coverage/enterprises", methods=READ)
def list_enterprises(
    request: Request, viewer: Reader, session: Reporting, given: ListAsks, narrowed: Narrowed, after: str = ""
) -> Response:
    """List the enterprises of a region, those with the largest gap first."""
    page = lists.enterprises_page(viewer, session, asked_now(viewer, session, given), narrowed, after, clock.now())
    return render(request, "bureau/enterprises.html", page, viewer)


@router.post("/coverage/enterprises")
def search_enterprises(
    request: Request, viewer: Reader, session: Reading, given: Sought, narrowed: Searched, after: After = ""
) -> Response:
    """Search the enterprises of a region by name or code; a POST, for what is searched stays out of addresses."""
    page = lists.enterprises_page(viewer, session, asked_now(viewer, session, given), narrowed, after, clock.now())
    return render(request, "bureau/enterprises.html", page, viewer)


@router.post("/coverage/enterprises.csv")
@router.post("/coverage/enterprises.xlsx")
def export_found(request: Request, viewer: Reader, session: Reading, given: ListAsks, narrowed: Searched) -> Response:
    """Export what a search found."""
    return exports.export_enterprises(request, viewer, asked_now(viewer, session, given), narrowed, clock.now())


@exported(router, "/coverage/enterprises")
def export_enterprises(
    request: Request, viewer: Reader, session: Reporting, given: ListAsks, narrowed: Narrowed
) -> Response:
    """Export the list of enterprises."""
    return exports.export_enterprises(request, viewer, asked_now(viewer, session, given), narrowed, clock.now())


@router.api_route("/coverage/missing", methods=READ)
def list_missing(
    request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks, wanted: Missing, after: str = ""
) -> Response:
    """List who is missing in a region, and why."""
    page = people.missing_page(viewer, session, asked_now(viewer, session, given), wanted, after, clock.now())
    return render(request, "bureau/missing.html", page, viewer)


@exported(router, "/coverage/missing")
def export_missing(
    request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks, wanted: Missing
) -> Response:
    """Export who is missing."""
    return exports.export_missing(request, viewer, asked_now(viewer, session, given), wanted, clock.now())


@router.api_route("/coverage/people", methods=READ)
def list_people(
    request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks, wanted: People, after: str = ""
) -> Response:
    """List everybody in a required post, with their standing."""
    page = people.people_page(viewer, session, asked_now(viewer, session, given), wanted, after, clock.now())
    return render(request, "bureau/people.html", page, viewer)


@exported(router, "/coverage/people")
def export_people(
    request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks, wanted: People
) -> Response:
    """Export everybody in a required post, with their standing."""
    return exports.export_people(request, viewer, asked_now(viewer, session, given), wanted, clock.now())


@router.api_route("/coverage/waivers", methods=READ)
def list_waivers(
    request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks, after: str = ""
) -> Response:
    """List the waivers in force in a region."""
    page = lists.waivers_page(viewer, session, asked_now(viewer, session, given), after, clock.now())
    return render(request, "bureau/waivers.html", page, viewer)


@exported(router, "/coverage/waivers")
def export_waivers(request: Request, viewer: PersonalReader, session: Reporting, given: ListAsks) -> Response:
    """Export the waivers in force."""
    return exports.export_waivers(request, viewer, asked_now(viewer, session, given), clock.now())
