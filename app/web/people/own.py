"""One's own standing over time: the same lines and steps that the offices see, of all one's posts."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.coverage.queries import person_standing
from app.ops import clock
from app.web.deps import Guard
from app.web.learner import own_person
from app.web.pages import render
from app.web.people.lines import LineView
from app.web.people.page import lines_of, names_of
from app.web.transactions import Reading

router = APIRouter()
Learner = Annotated[Viewer, Depends(Guard(roles.OWN))]


@dataclass(frozen=True)
class OwnPage:
    """The lines of one's posts, as of today."""

    today: date
    lines: tuple[LineView, ...]


@router.api_route("/me/standing", methods=["GET", "HEAD"])
def show_own(request: Request, viewer: Learner, session: Reading) -> Response:
    """Show how one's own standing came about."""
    person, today = own_person(viewer), clock.today()
    standing = person_standing(viewer.scope, session, person, today, clock.now())
    page = OwnPage(today, lines_of(session, standing, names_of(session), today))
    return render(request, "people/own.html", page, viewer)
