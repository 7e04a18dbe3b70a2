"""Learning a module: the page, its pictures, and the reports by which the server measures the time."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.catalogue.shapes import Module
from app.kit.errors import Problem, not_found
from app.learning.checks import AnswerCheck, Answered
from app.learning.presence import WORDS
from app.learning.queries import ModuleState
from app.learning.service import Credited, Opened, Receipt
from app.ops import clock
from app.ops.db import Session
from app.web.assets import FOREVER
from app.web.learner import Learner, LearnerDeed, own_person
from app.web.pages import render
from app.web.transactions import Reading
from app.workflows import learn, module_work
from app.workflows.learn import CourseState
from app.workflows.module_work import Work

router = APIRouter()


@dataclass(frozen=True)
class ModulePage:
    """One module to learn; `place` counts from 1. `following` is the next module's slug; `work`: what there is to do.

    `words`: what presence checks may ask to be tapped.
    """

    state: CourseState
    module: Module
    done: ModuleState
    place: int
    following: str | None
    work: Work
    words: tuple[str, ...] = WORDS

    @property
    def measured(self) -> bool:
        """Say whether learning time still counts here."""
        return not self.done.read and self.state.certificate is None


@router.api_route("/courses/{code}/modules/{slug}", methods=["GET", "HEAD"])
async def module(request: Request, code: str, slug: str, deed: LearnerDeed) -> Response:
    """Show a module's page."""
    return await deed.read(lambda viewer, session: _module(request, (code, slug), viewer, session))


def _module(request: Request, where: tuple[str, str], viewer: Viewer, session: Session) -> Response:
    person = own_person(viewer)
    state, place = place_of(session, viewer, *where)
    modules = state.version.course.modules
    following = modules[place + 1].slug if place + 1 < len(modules) else None
    work = module_work.work(session, person, state, modules[place])
    page = ModulePage(state, modules[place], state.progress.modules[place], place + 1, following, work)
    return render(request, "player/module.html", page, viewer)


def place_of(session: Session, viewer: Viewer, code: str, slug: str) -> tuple[CourseState, int]:
    """Find where somebody stands in a course, and a module's place in it, from 0; Problem 404."""
    state = learn.course_state(viewer.scope, session, own_person(viewer), code, clock.now())
    place = next((n for n, module in enumerate(state.version.course.modules) if module.slug == slug), None)
    if place is None:
        raise not_found()
    return state, place


@router.post("/courses/{code}/modules/{slug}/sessions")
async def open_module(code: str, slug: str, deed: LearnerDeed) -> Opened:
    """Begin to measure reading on this device; a device that was measuring stops."""
    return await deed.write_briefly(
        lambda viewer, session: learn.open_module(session, own_person(viewer), code, slug, clock.now())
    )


Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]


class ReceiptBody(BaseModel):
    """A report of reading time: spans [from, to) in milliseconds of the module's own time."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    token: Annotated[str, Field(max_length=64)]
    sequence: Annotated[int, Field(ge=1, le=1_000_000)]
    spans: Annotated[list[tuple[Milliseconds, Milliseconds]], Field(max_length=200)]


@router.post("/learning/receipts")
async def receive(deed: LearnerDeed) -> Credited:
    """Take a report of reading time and say where reading goes on."""
    sent = await deed.sent(ReceiptBody)

    def credited(viewer: Viewer, session: Session) -> Credited:
        body = sent()
        receipt = Receipt(own_person(viewer), body.token, body.sequence, tuple(body.spans))
        return learn.receive(session, receipt, clock.now())

    return await deed.write_briefly(credited)


class PresenceBody(BaseModel):
    """The answer to the question whether somebody is still there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    token: Annotated[str, Field(max_length=64)]
    at_ms: Milliseconds
    word: Annotated[str, Field(max_length=20)]


@router.post("/learning/presence")
async def present(deed: LearnerDeed) -> Answered:
    """Take the answer to a presence check; a wrong one asks anew."""
    sent = await deed.sent(PresenceBody)

    def answered(viewer: Viewer, session: Session) -> Answered:
        body = sent()
        given = AnswerCheck(own_person(viewer), body.token, body.at_ms, body.word)
        return learn.answer_check(session, given, clock.now())

    return await deed.write_briefly(answered)


@router.api_route("/figures/{code}/{digest}/{name}", methods=["GET", "HEAD"])
def figure(code: str, digest: str, name: str, viewer: Learner, session: Reading) -> Response:  # noqa: ARG001 - guarded
    """Serve a picture of a version or of a course under review; it never changes under its address."""
    try:
        svg = catalogue.figure(session, code, digest, name)
    except Problem:
        svg = reviews.figure(session, code, digest, name)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": FOREVER})
