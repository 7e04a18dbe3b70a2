"""The addresses of the bureau's pages and exports."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.access import roles
from app.access.scope import Viewer
from app.kit.errors import forbidden
from app.ops import clock
from app.ops.db import Session
from app.web.bureau import exports, lists, people
from app.web.bureau.asking import Asked, Asks, NoBureau, Params, understood
from app.web.bureau.overview import overview
from app.web.deps import Guard, Reading, Reporting
from app.web.pages import render, see_other


class BureauRoute(APIRoute):
    """A page of the bureau: officers who come here are led to their enterprise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)
            except NoBureau as elsewhere:
                return see_other(elsewhere.location)

        return handler


router = APIRouter(route_class=BureauRoute)
READ = ["GET", "HEAD"]
Reader = Annotated[Viewer, Depends(Guard(roles.COVERAGE_READ))]
PersonalReader = Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))]


def _asked(viewer: Viewer, session: Session, given: Params) -> Asked:
    return understood(viewer, session, given, clock.today(), clock.now())


def _personal(viewer: Viewer) -> None:
    if not viewer.scope.personal:
        raise forbidden()


@router.api_route("/coverage", methods=READ)
def show_coverage(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Show a region's coverage."""
    page = overview(viewer, session, _asked(viewer, session, given), clock.now())
    return render(request, "bureau/overview.html", page, viewer)


@router.api_route("/coverage.xlsx", methods=READ)
@router.api_route("/coverage.csv", methods=READ)
def export_coverage(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Export the figures by region, industry and post."""
    return exports.export_overview(request, viewer, _asked(viewer, session, given), clock.now())


@router.api_route("/coverage/enterprises", methods=READ)
def list_enterprises(
    request: Request,
    viewer: Reader,
    session: Reporting,
    given: Asks,
    status: str = "",
    stale: str = "",
    declared: str = "",
    after: str = "",
) -> Response:
    """List the enterprises of a region, those with the largest gap first."""
    asked, narrowed = _asked(viewer, session, given), lists.chosen(status, stale, declared)
    page = lists.enterprises_page(viewer, session, asked, narrowed, after, clock.now())
    return render(request, "bureau/enterprises.html", page, viewer)


@router.post("/coverage/enterprises")
def search_enterprises(
    request: Request,
    viewer: Reader,
    session: Reading,
    given: Asks,
    text: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Search the enterprises of a region by name or code; a POST, for what is searched stays out of addresses."""
    asked, narrowed = _asked(viewer, session, given), lists.chosen("", "", text=text)
    page = lists.enterprises_page(viewer, session, asked, narrowed, "", clock.now())
    return render(request, "bureau/enterprises.html", page, viewer)


@router.api_route("/coverage/enterprises.xlsx", methods=READ)
@router.api_route("/coverage/enterprises.csv", methods=READ)
def export_enterprises(
    request: Request,
    viewer: Reader,
    session: Reporting,
    given: Asks,
    status: str = "",
    stale: str = "",
    declared: str = "",
) -> Response:
    """Export the list of enterprises."""
    asked, narrowed = _asked(viewer, session, given), lists.chosen(status, stale, declared)
    return exports.export_enterprises(request, viewer, asked, narrowed, clock.now())


@router.api_route("/coverage/missing", methods=READ)
def list_missing(
    request: Request, viewer: PersonalReader, session: Reporting, given: Asks, reason: str = "", after: str = ""
) -> Response:
    """List who is missing in a region, and why."""
    _personal(viewer)
    asked, why = _asked(viewer, session, given), people.checked_reason(reason)
    return render(
        request, "bureau/missing.html", people.missing_page(viewer, session, asked, why, after, clock.now()), viewer
    )


@router.api_route("/coverage/missing.xlsx", methods=READ)
@router.api_route("/coverage/missing.csv", methods=READ)
def export_missing(
    request: Request, viewer: PersonalReader, session: Reporting, given: Asks, reason: str = ""
) -> Response:
    """Export who is missing."""
    _personal(viewer)
    asked, why = _asked(viewer, session, given), people.checked_reason(reason)
    return exports.export_missing(request, viewer, asked, why, clock.now())


@router.api_route("/coverage/people", methods=READ)
def list_people(
    request: Request, viewer: PersonalReader, session: Reporting, given: Asks, held: str = "", after: str = ""
) -> Response:
    """List everybody in a required post, with their standing."""
    _personal(viewer)
    asked, whom = _asked(viewer, session, given), people.checked_held(held)
    return render(
        request, "bureau/people.html", people.people_page(viewer, session, asked, whom, after, clock.now()), viewer
    )


@router.api_route("/coverage/people.xlsx", methods=READ)
@router.api_route("/coverage/people.csv", methods=READ)
def export_people(
    request: Request, viewer: PersonalReader, session: Reporting, given: Asks, held: str = ""
) -> Response:
    """Export everybody in a required post, with their standing."""
    _personal(viewer)
    asked, whom = _asked(viewer, session, given), people.checked_held(held)
    return exports.export_people(request, viewer, asked, whom, clock.now())


@router.api_route("/coverage/waivers", methods=READ)
def list_waivers(
    request: Request, viewer: PersonalReader, session: Reporting, given: Asks, after: str = ""
) -> Response:
    """List the waivers in force in a region."""
    _personal(viewer)
    page = lists.waivers_page(viewer, session, _asked(viewer, session, given), after, clock.now())
    return render(request, "bureau/waivers.html", page, viewer)


@router.api_route("/coverage/waivers.xlsx", methods=READ)
@router.api_route("/coverage/waivers.csv", methods=READ)
def export_waivers(request: Request, viewer: PersonalReader, session: Reporting, given: Asks) -> Response:
    """Export the waivers in force."""
    _personal(viewer)
    return exports.export_waivers(request, viewer, _asked(viewer, session, given), clock.now())
