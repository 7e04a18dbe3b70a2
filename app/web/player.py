"""Reading a module: the page, its pictures, and the reports by which the server measures the time."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.catalogue.shapes import Module
from app.kit.errors import Problem, not_found
from app.learning.queries import ModuleState
from app.learning.service import Credited, Opened, Receipt
from app.ops import clock
from app.web.assets import FOREVER
from app.web.deps import Reading, Writing
from app.web.learner import Learner, own_person
from app.web.pages import render
from app.workflows import learn
from app.workflows.learn import CourseState

router = APIRouter()


@dataclass(frozen=True)
class ModulePage:
    """One module to read; `place` counts from 1. `following` is the next module's slug."""

    state: CourseState
    module: Module
    done: ModuleState
    place: int
    following: str | None

    @property
    def measured(self) -> bool:
        """Say whether reading time still counts here."""
        return not self.done.complete and self.state.certificate is None


@router.api_route("/courses/{code}/modules/{slug}", methods=["GET", "HEAD"])
def module(request: Request, code: str, slug: str, viewer: Learner, session: Reading) -> Response:
    """Show a module's page."""
    state = learn.course_state(viewer.scope, session, own_person(viewer), code, clock.now())
    modules = state.version.course.modules
    place = next((place for place, module in enumerate(modules) if module.slug == slug), None)
    if place is None:
        raise not_found()
    following = modules[place + 1].slug if place + 1 < len(modules) else None
    page = ModulePage(state, modules[place], state.progress.modules[place], place + 1, following)
    return render(request, "player/module.html", page, viewer)


@router.post("/courses/{code}/modules/{slug}/sessions")
def open_module(code: str, slug: str, viewer: Learner, session: Writing) -> Opened:
    """Begin to measure reading on this device; a device that was measuring stops."""
    return learn.open_module(session, own_person(viewer), code, slug, clock.now())


Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]


class ReceiptBody(BaseModel):
    """A report of reading time: spans [from, to) in milliseconds of the module's own time."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    token: Annotated[str, Field(max_length=64)]
    sequence: Annotated[int, Field(ge=1, le=1_000_000)]
    spans: Annotated[list[tuple[Milliseconds, Milliseconds]], Field(max_length=200)]


@router.post("/learning/receipts")
def receive(body: ReceiptBody, viewer: Learner, session: Writing) -> Credited:
    """Take a report of reading time and say where reading goes on."""
    receipt = Receipt(own_person(viewer), body.token, body.sequence, tuple(body.spans))
    return learn.receive(session, receipt, clock.now())


@router.api_route("/figures/{code}/{digest}/{name}", methods=["GET", "HEAD"])
def figure(code: str, digest: str, name: str, viewer: Learner, session: Reading) -> Response:  # noqa: ARG001 - guarded
    """Serve a picture of a version or of a course under review; it never changes under its address."""
    try:
        svg = catalogue.figure(session, code, digest, name)
    except Problem:
        svg = reviews.figure(session, code, digest, name)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": FOREVER})
