"""Who is on a session's list: chosen from a roster, by name, or taken off again; who of them attended."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.awards.sessions import Mark
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.web.deps import actor
from app.web.pages import render
from app.web.trainings import picking
from app.web.trainings.answering import acted
from app.web.trainings.asked import READ, SESSION, Holding, Picking
from app.web.transactions import Base, Reading
from app.workflows import hold_session as workflow

router = APIRouter()


@router.api_route(SESSION + "/people", methods=READ)
def show_people(request: Request, viewer: Holding, session: Reading, training_id: int, ask: Picking) -> Response:
    """Show whom to put on the list."""
    return render(request, "trainings/people.html", picking.pick_page(viewer, session, training_id, ask), viewer)


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
    page = picking.pick_page(viewer, session, training_id, ask, text=text.strip())
    return render(request, "trainings/people.html", page, viewer)


@router.post(SESSION + "/people")
def change_list(
    request: Request,
    viewer: Holding,
    database: Base,
    training_id: int,
    person: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
    off: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Put the chosen people on the list, or take lines (`off`) off it."""

    def act(session: Session) -> None:
        change, ids = (workflow.strike, off) if off else (workflow.enlist, person)
        change(viewer.scope, session, training_id, ids, actor(request, viewer), clock.now())

    return acted(request, viewer, database, training_id, act, "struck" if off else "listed")


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

    return acted(request, viewer, database, training_id, act, "marked")


def _score(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise Problem(422, "score", N_("A score is a number of points from 0 to 100.")) from None
