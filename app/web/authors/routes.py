"""Routes of the authors' screens."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.catalogue.reviewing import Remark
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.web.authors import pages
from app.web.deps import Guard, actor
from app.web.pages import in_words, render, see_other, speech
from app.web.transactions import Base, Reading, Writing
from app.workflows import review_course, submit_archive

router = APIRouter()
READ = ["GET", "HEAD"]
Reader = Annotated[Viewer, Depends(Guard(roles.CONTENT_READ))]
Author = Annotated[Viewer, Depends(Guard(roles.CONTENT_WRITE))]
Reviewer = Annotated[Viewer, Depends(Guard(roles.CONTENT_REVIEW))]
Words = Annotated[str, Form(max_length=4000)]
UNPROCESSABLE = 422


@router.api_route("/authors", methods=READ)
def shelf(
    request: Request, viewer: Reader, session: Reading, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Show what waits, what is taught, what was decided on."""
    return render(request, "authors/shelf.html", pages.shelf(session, before), viewer)


@router.post("/authors/proposals")
def submit(
    request: Request, viewer: Author, database: Base, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Take a course's folder in, packed as .zip; with faults it is refused with all of them."""
    data = file.file.read(submit_archive.MOST_BYTES + 1) if file and file.filename else b""
    try:
        handed = submit_archive.submit(database, data, actor(request, viewer), clock.now())
    except Problem as problem:
        if problem.status != UNPROCESSABLE:
            raise
        error = in_words(request, viewer, problem)
        return _refused(request, viewer, database, error, ())
    if handed.errors:
        say = speech(request, viewer)
        return _refused(
            request, viewer, database, say(N_("The course has faults; nothing was taken in.")), handed.errors
        )
    return see_other(f"/authors/proposals/{handed.proposal_id}")


def _refused(request: Request, viewer: Viewer, database: Base, error: str, wrong: tuple[str, ...]) -> Response:
    with database.reading() as session:
        page = pages.shelf(session, None, error, wrong)
    return render(request, "authors/shelf.html", page, viewer, UNPROCESSABLE)


@router.api_route("/authors/proposals/{proposal_id}", methods=READ)
def proposal(request: Request, viewer: Reader, session: Reading, proposal_id: int) -> Response:
    """Show a proposal: what it changes, and what was said of it."""
    return render(request, "authors/proposal.html", pages.proposal(session, proposal_id), viewer)


@router.api_route("/authors/proposals/{proposal_id}/modules/{slug}", methods=READ)
def module(request: Request, viewer: Reader, session: Reading, proposal_id: int, slug: str) -> Response:
    """Show a module of a proposal as a learner reads it, with the facts that it teaches."""
    return render(request, "authors/module.html", pages.module(session, proposal_id, slug), viewer)


@router.api_route("/authors/proposals/{proposal_id}/items", methods=READ)
def items(request: Request, viewer: Reader, session: Reading, proposal_id: int, topic: str = "") -> Response:
    """Show a proposal's items with their keys and facts."""
    return render(request, "authors/items.html", pages.items(session, proposal_id, topic), viewer)


@router.post("/authors/proposals/{proposal_id}/remarks")
def remark(
    request: Request,
    viewer: Reader,
    session: Writing,
    proposal_id: int,
    kind: Annotated[Literal["course", "module", "item"], Form()] = "course",
    place: Annotated[str, Form(max_length=60)] = "",
    words: Words = "",
) -> Response:
    """Write a remark on the whole, on a module or on an item."""
    said = Remark(kind, place, words)
    review_course.remark(session, proposal_id, said, actor(request, viewer), clock.now())
    return see_other(_spot(session, proposal_id, kind, place))


@router.post("/authors/proposals/{proposal_id}/remarks/{comment_id}/settlement")
def settle(request: Request, viewer: Reviewer, session: Writing, proposal_id: int, comment_id: int) -> Response:
    """Say that a remark is answered."""
    review_course.settle(session, proposal_id, comment_id, actor(request, viewer), clock.now())
    return see_other(f"/authors/proposals/{proposal_id}#remarks")


@router.post("/authors/proposals/{proposal_id}/return")
def send_back(request: Request, viewer: Reviewer, database: Base, proposal_id: int, words: Words = "") -> Response:
    """Return a proposal to its author."""
    return _decided(request, viewer, database, proposal_id, partial(review_course.send_back, words=words))


@router.post("/authors/proposals/{proposal_id}/approval")
def approve(request: Request, viewer: Reviewer, database: Base, proposal_id: int, words: Words = "") -> Response:
    """Let a proposal be taught."""
    return _decided(request, viewer, database, proposal_id, partial(review_course.approve, words=words))


def _decided(
    request: Request, viewer: Viewer, database: Base, proposal_id: int, act: Callable[..., object]
) -> Response:
    """Decide, or show the page again with what stands in the way."""
    try:
        with database.session() as session:
            act(session, proposal_id, by=actor(request, viewer), now=clock.now())
    except Problem as problem:
        if problem.status not in {403, 409, UNPROCESSABLE}:
            raise
        error = in_words(request, viewer, problem)
        with database.reading() as session:
            page = pages.proposal(session, proposal_id, error)
        return render(request, "authors/proposal.html", page, viewer, problem.status)
    return see_other(f"/authors/proposals/{proposal_id}")


@router.api_route("/authors/courses/{code}", methods=READ)
def versions(request: Request, viewer: Reader, session: Reading, code: str) -> Response:
    """Show a course's versions, who answers for each, and what changed."""
    return render(request, "authors/versions.html", pages.versions(session, code), viewer)


def _spot(session: Session, proposal_id: int, kind: str, place: str) -> str:
    """Give the place where a remark was made."""
    root = f"/authors/proposals/{proposal_id}"
    if kind == "module":
        return f"{root}/modules/{place}#remarks"
    if kind == "item":
        topic = next(item.topic for item in pages.proposal(session, proposal_id).course.items if item.id == place)
        return f"{root}/items?topic={topic}#{place}"
    return f"{root}#remarks"
