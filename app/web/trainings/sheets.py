"""The two sheets of a session: the one that everybody signs, and the one with names that fills the list."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response

from app.access.scope import Viewer
from app.awards import session_queries
from app.kit.errors import Problem
from app.ops import clock
from app.ops import sheets as files
from app.reports.import_columns import PEOPLE
from app.web.deps import actor
from app.web.pages import language_of, render, see_other
from app.web.trainings import pages
from app.web.trainings.answering import refused
from app.web.trainings.asked import READ, SESSION, Holding
from app.web.trainings.shapes import Refusal
from app.web.transactions import Base, Reading
from app.web.uploads import uploaded
from app.workflows import hold_session as workflow
from app.workflows.import_results import RowError

router = APIRouter()


@router.api_route(SESSION + "/sheet", methods=READ)
def show_sheet(request: Request, viewer: Holding, session: Reading, training_id: int) -> Response:
    """Show the sign-in sheet, to be printed."""
    page = pages.session_page(viewer, session, training_id, clock.today())
    return render(request, "trainings/sheet.html", page, viewer)


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
        sheet = files.read(uploaded(file)[1], PEOPLE)
        with database.session() as session:
            by = actor(request, viewer)
            listed = workflow.enlist_sheet(viewer.scope, session, training_id, sheet, by, clock.now())
    except Problem as problem:
        return refused(request, viewer, database, training_id, problem)
    if not listed.refused:
        return see_other(f"/trainings/{training_id}?done=listed#list")
    with database.reading() as session:
        told = tuple(_refusal(request, viewer, one) for one in listed.refused)
        page = pages.session_page(viewer, session, training_id, clock.today(), refusals=told, added=listed.added)
    return render(request, "trainings/session.html", page, viewer)


def _refusal(request: Request, viewer: Viewer, one: RowError) -> Refusal:
    headers = {column.field: column.header for column in PEOPLE}
    return Refusal(one.row, headers.get(one.field, ""), one.message(language_of(request, viewer)))
