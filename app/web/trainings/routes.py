"""The addresses of sessions held in person: the list, a new one, one with its list, closing it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.awards.sessions import OpenSession
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.web.deps import actor
from app.web.downloads import exported
from app.web.enterprise.asked import read_day
from app.web.pages import in_words, render, see_other
from app.web.trainings import pages, people, sheets
from app.web.trainings.answering import DONE, acted
from app.web.trainings.asked import READ, SESSION, Day, Holding, Listing, Text
from app.web.trainings.exports import export_list, export_session
from app.web.transactions import Base, Reading
from app.workflows import hold_session as workflow
from app.workflows.close_session import close_session

router = APIRouter()


@router.api_route("/trainings", methods=READ)
def show_list(request: Request, viewer: Holding, session: Reading, ask: Listing) -> Response:
    """List the sessions in reach."""
    return render(request, "trainings/list.html", pages.list_page(viewer, session, ask), viewer)


@exported(router, "/trainings")
def take_list(request: Request, viewer: Holding, ask: Listing) -> Response:
    """Export the list."""
    return export_list(request, viewer, ask)


@router.api_route("/trainings/new", methods=READ)
def show_new(request: Request, viewer: Holding, session: Reading) -> Response:
    """Show the form of a new session."""
    return render(request, "trainings/new.html", pages.new_page(viewer, session, clock.today()), viewer)


@router.post("/trainings")
def open_session(
    request: Request,
    viewer: Holding,
    database: Base,
    holder: Annotated[str, Form(max_length=20)] = "",
    course: Annotated[str, Form(max_length=60)] = "",
    held_on: Day = "",
    minutes: Annotated[str, Form(max_length=6)] = "",
    place: Annotated[str, Form(max_length=120)] = "",
    trainer: Annotated[str, Form(max_length=60)] = "",
    provider: Annotated[str, Form(max_length=120)] = "",
    note: Text = "",
) -> Response:
    """Open a session; what is refused is said above the form, with what was typed."""
    typed = {"holder": holder, "course": course, "held_on": held_on, "minutes": minutes, "place": place}
    typed |= {"trainer": trainer, "provider": provider, "note": note}
    try:
        asked = _asked(typed)
        with database.session() as session:
            id = workflow.open_session(viewer.scope, session, asked, actor(request, viewer), clock.now())
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - HTTP: the form's fault
            raise
        with database.reading() as session:
            page = pages.new_page(viewer, session, clock.today(), typed, in_words(request, viewer, problem))
        return render(request, "trainings/new.html", page, viewer, problem.status)
    return see_other(f"/trainings/{id}?done=opened")


def _asked(typed: dict[str, str]) -> OpenSession:
    held_on, holder = read_day(typed["held_on"]), typed["holder"]
    if held_on is None:
        raise Problem(422, "held_on", N_("Say on which day it is held."))
    enterprise = int(holder[1:]) if holder[:1] == "e" and holder[1:].isdecimal() else None
    region = holder[1:] if holder[:1] == "r" else None
    if enterprise is None and not region:
        raise Problem(422, "holder", N_("Say for whose people it is held."))
    told = {name: typed[name] for name in ("place", "trainer", "provider", "note")}
    minutes = int(typed["minutes"]) if typed["minutes"].isdecimal() else 0
    return OpenSession(
        course_code=typed["course"],
        held_on=held_on,
        minutes=minutes,
        enterprise_id=enterprise,
        region=region,
        **told,
    )


@exported(router, SESSION)
def take_session(request: Request, viewer: Holding, session: Reading, training_id: int) -> Response:
    """Export who is on a session's list."""
    return export_session(request, viewer, session, training_id)


@router.api_route(SESSION, methods=READ)
def show_session(request: Request, viewer: Holding, session: Reading, training_id: int, done: str = "") -> Response:
    """Show a session with its list."""
    page = pages.session_page(viewer, session, training_id, clock.today(), done=done if done in DONE else "")
    return render(request, "trainings/session.html", page, viewer)


@router.post(SESSION + "/closure")
def close(request: Request, viewer: Holding, database: Base, training_id: int) -> Response:
    """Close the session: awards are made, and nothing of it changes any more."""

    def act(session: Session) -> None:
        close_session(viewer.scope, session, training_id, actor(request, viewer), clock.now())

    return acted(request, viewer, database, training_id, act, "closed")


router.include_router(people.router)
router.include_router(sheets.router)
