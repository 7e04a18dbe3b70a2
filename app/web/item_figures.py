"""For authors: how a course's items were answered, the suspicious ones first; a corrected one is graded anew."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.assessment.item_figures import LATEST, CourseFigures, course_figures
from app.assessment.regrading import Regrade
from app.assessment.statistics import ENOUGH
from app.ops import clock
from app.web.deps import Guard, actor
from app.web.pages import render, see_other
from app.web.transactions import Reading, Writing
from app.workflows.regrade_item import regrade_item

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(roles.CONTENT_READ))]
Reviewer = Annotated[Viewer, Depends(Guard(roles.CONTENT_REVIEW))]


@dataclass(frozen=True)
class FiguresPage:
    """A course's items with their figures; `latest` attempts at most are looked at, `enough` answers raise a flag."""

    course: CourseFigures
    latest: int
    enough: int


@router.api_route("/authors/courses/{code}/figures", methods=["GET", "HEAD"])
def figures(request: Request, code: str, viewer: Reader, session: Reading) -> Response:
    """Show facility, discrimination and picks of every item."""
    page = FiguresPage(course_figures(session, code), LATEST, ENOUGH)
    return render(request, "authors/figures.html", page, viewer)


@router.post("/authors/courses/{code}/regradings")
def regrade(
    request: Request,
    code: str,
    viewer: Reviewer,
    session: Writing,
    item: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=400)] = "",
    void: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Grade closed attempts anew after an item was corrected; who passes by it gets the certificate."""
    regrade_item(session, Regrade(code, item, reason, bool(void)), actor(request, viewer), clock.now())
    return see_other(f"/authors/courses/{code}/figures")
