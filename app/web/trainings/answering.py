"""How a command on a session is answered: back to its page, or on the page what was refused."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

from app.access.scope import Viewer
from app.awards import session_queries
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.web.pages import in_words, render, see_other
from app.web.trainings import pages
from app.web.transactions import Base

DONE = ("opened", "listed", "struck", "marked", "closed")
"""What a page can say was done."""


def acted(
    request: Request, viewer: Viewer, database: Base, training_id: int, act: Callable[[Session], None], done: str
) -> Response:
    """Do it, and come back to the page; what is refused is said on the page, and nothing has changed."""
    try:
        with database.session() as session:
            session_queries.find(viewer.scope, session, training_id)
            act(session)
    except Problem as problem:
        return refused(request, viewer, database, training_id, problem)
    return see_other(f"/trainings/{training_id}?done={done}#list")


def refused(request: Request, viewer: Viewer, database: Base, training_id: int, problem: Problem) -> Response:
    """Show the session's page with what is wrong; what is no fault of a form goes its own way."""
    if problem.status not in {409, 422}:
        raise problem
    told = in_words(request, viewer, problem)
    with database.reading() as session:
        page = pages.session_page(viewer, session, training_id, clock.today(), error=told)
    return render(request, "trainings/session.html", page, viewer, problem.status)
