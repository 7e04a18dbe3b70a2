"""The addresses of training held in person, and the commands that stand on its pages."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.awards import session_queries
from app.awards.sessions import Mark, OpenSession
from app.kit.errors import Problem
from app.ops import clock, sheets
from app.ops.db import Session
from app.ops.i18n import N_
from app.reports.import_columns import PEOPLE
from app.web.deps import Base, Guard, Reading, actor
from app.web.downloads import exported
from app.web.enterprise.asked import read_day
from app.web.pages import in_words, language_of, render, see_other
from app.web.trainings import pages
from app.web.trainings.exports import export_list, export_session
from app.web.trainings.shapes import ListAsk, PickAsk, Refusal
from app.web.uploads import uploaded
from app.workflows import hold_session as workflow
from app.workflows.close_session import close_session
from app.workflows.import_results import RowError

router = APIRouter()
READ = ["GET", "HEAD"]
Holding = Annotated[Viewer, Depends(Guard(roles.RECORDS_WRITE))]
Text = Annotated[str, Form(max_length=400)]
Day = Annotated[str, Form(max_length=10)]
SESSION = "/trainings/{training_id}"
DONE = ("opened", "listed", "struck", "marked", "closed")


def listing_ask(
    course: str = "",
    state: str = "",
    from_on: Annotated[str, Query(alias="from")] = "",
    to_on: Annotated[str, Query(alias="to")] = "",
    after: str = "",
) -> ListAsk:
    """Collect the filters of the list."""
    return ListAsk(course, state, from_on, to_on, after)


def pick_ask(enterprise: int | None = None, post: str = "", after: str = "") -> PickAsk:
    """Collect from whom to choose."""
    return PickAsk(enterprise, post, after)


Listing = Annotated[ListAsk, Depends(listing_ask)]
Picking = Annotated[PickAsk, Depends(pick_ask)]


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


@router.api_route(SESSION + "/sheet", methods=READ)
def show_sheet(request: Request, viewer: Holding, session: Reading, training_id: int) -> Response:
    """Show the sign-in sheet, to be printed."""
    page = pages.session_page(viewer, session, training_id, clock.today())
    return render(request, "trainings/sheet.html", page, viewer)


@router.api_route(SESSION + "/people", methods=READ)
def show_people(request: Request, viewer: Holding, session: Reading, training_id: int, ask: Picking) -> Response:
    """Show whom to put on the list."""
    return render(request, "trainings/people.html", pages.pick_page(viewer, session, training_id, ask), viewer)


@router.post(SESSION + "/people/search")
def search_people(
    request: Request,
    viewer: Holding,
    session: Reading,
    training_id: int,
    ask: Picking,
    text: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Look an enterprise or a person up by name: by form, because names never go into an address."""
    page = pages.pick_page(viewer, session, training_id, ask, text=text.strip())
    return render(request, "trainings/people.html", page, viewer)


@router.post(SESSION + "/people")
def enlist(
    request: Request,
    viewer: Holding,
    database: Base,
    training_id: int,
    person: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Put the chosen people on the list."""

    def act(session: Session) -> None:
        workflow.enlist(viewer.scope, session, training_id, person, actor(request, viewer), clock.now())

    return _acted(request, viewer, database, training_id, act, "listed")


@router.post(SESSION + "/sheets")
def enlist_sheet(
    request: Request,
    viewer: Holding,
    database: Base,
    training_id: int,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Put the people of an uploaded list on the list; rows that are refused are told with their reason."""
    with database.reading() as session:
        session_queries.find(viewer.scope, session, training_id)
    try:
        sheet = sheets.read(uploaded(file)[1], PEOPLE)
        with database.session() as session:
            by = actor(request, viewer)
            listed = workflow.enlist_sheet(viewer.scope, session, training_id, sheet, by, clock.now())
    except Problem as problem:
        return _refused(request, viewer, database, training_id, problem)
    if not listed.refused:
        return see_other(f"/trainings/{training_id}?done=listed#list")
    with database.reading() as session:
        told = tuple(_refusal(request, viewer, one) for one in listed.refused)
        page = pages.session_page(viewer, session, training_id, clock.today(), refusals=told, added=listed.added)
    return render(request, "trainings/session.html", page, viewer)


def _refusal(request: Request, viewer: Viewer, one: RowError) -> Refusal:
    headers = {column.field: column.header for column in PEOPLE}
    return Refusal(one.row, headers.get(one.field, ""), one.message(language_of(request, viewer)))


@router.post(SESSION + "/removals")
def strike(
    request: Request,
    viewer: Holding,
    database: Base,
    training_id: int,
    off: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Take people off the list."""

    def act(session: Session) -> None:
        workflow.strike(viewer.scope, session, training_id, off, actor(request, viewer), clock.now())

    return _acted(request, viewer, database, training_id, act, "struck")


@router.post(SESSION + "/attendance")
def mark(
    request: Request,
    viewer: Holding,
    database: Base,
    training_id: int,
    row: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
    attended: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
    score: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Write down who attended: `row` names the lines shown, each with its `score`, `attended` those checked."""

    def act(session: Session) -> None:
        there = set(attended)
        written = [*score, *[""] * (len(row) - len(score))]
        marks = [Mark(id, id in there, _score(text)) for id, text in zip(row, written, strict=False)]
        workflow.mark_attendance(viewer.scope, session, training_id, marks, actor(request, viewer), clock.now())

    return _acted(request, viewer, database, training_id, act, "marked")


def _score(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise Problem(422, "score", N_("A score is a number of points from 0 to 100.")) from None


@router.post(SESSION + "/closure")
def close(request: Request, viewer: Holding, database: Base, training_id: int) -> Response:
    """Close the session: awards are made, and nothing of it changes any more."""

    def act(session: Session) -> None:
        close_session(viewer.scope, session, training_id, actor(request, viewer), clock.now())

    return _acted(request, viewer, database, training_id, act, "closed")


def _acted(
    request: Request, viewer: Viewer, database: Base, training_id: int, act: Callable[[Session], None], done: str
) -> Response:
    """Do it, and come back to the page; what is refused is said on the page, and nothing has changed."""
    try:
        with database.session() as session:
            session_queries.find(viewer.scope, session, training_id)
            act(session)
    except Problem as problem:
        return _refused(request, viewer, database, training_id, problem)
    return see_other(f"/trainings/{training_id}?done={done}#list")


def _refused(request: Request, viewer: Viewer, database: Base, training_id: int, problem: Problem) -> Response:
    if problem.status not in {409, 422}:
        raise problem
    said = in_words(request, viewer, problem)
    with database.reading() as session:
        page = pages.session_page(viewer, session, training_id, clock.today(), error=said)
    return render(request, "trainings/session.html", page, viewer, problem.status)
