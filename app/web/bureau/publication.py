"""What a bureau shows to the public: switched on and off by its manager, with the reason, after a look at the page."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.coverage import publications
from app.coverage.publications import PublicationRow
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.web.bureau.asking import Asked, Asks, Params
from app.web.bureau.entry import READ, asked_now
from app.web.deps import Guard, actor, base_url
from app.web.pages import in_words, render, see_other, speech
from app.web.public.page import address_of, page, report
from app.web.transactions import Base, Reading
from app.workflows.publish import Publish, publish, withdraw

router = APIRouter()
Publisher = Annotated[Viewer, Depends(Guard(roles.PUBLICATION_WRITE))]
Words = Annotated[str, Form(max_length=2000)]
Code = Annotated[str, Form(max_length=120)]
LARGEST = 2**31 - 1
Id = Annotated[int, Path(ge=1, le=LARGEST)]
Key = Annotated[int | None, Query(ge=1, le=LARGEST)]
SHOWN, SIZE = 100, 20


@dataclass(frozen=True)
class Line:
    """A publication with what its region and plan are called, and where it stands."""

    row: PublicationRow
    region: str
    plan: str
    address: str


@dataclass(frozen=True)
class PublicationsPage:
    """The page asked about, everything public in reach, and what was public before."""

    asked: Asked
    site: str
    address: str
    current: Line | None
    public: tuple[Line, ...]
    ended: tuple[Line, ...]
    first: bool
    next: int | None
    reason: str = ""
    error: str = ""


@router.api_route("/coverage/publications", methods=READ)
def show_publications(
    request: Request, viewer: Publisher, session: Reading, given: Asks, before: Key = None
) -> Response:
    """Show what is public, and whether the region and plan asked about are."""
    return render(request, "bureau/publications.html", _page(request, viewer, session, given, before), viewer)


@router.api_route("/coverage/publications/preview", methods=READ)
def preview(request: Request, viewer: Publisher, session: Reading, database: Base, given: Asks) -> Response:
    """Show the page as the public would see it."""
    now = clock.now()
    asked = asked_now(viewer, session, given)
    say = speech(request, viewer)
    made, public = report(database, session, asked.region, asked.plan.code, base_url(request), now, preview=True)
    return render(request, "public/coverage.html", page(made, public, say, preview=True), viewer)


@router.post("/coverage/publications")
def begin(
    request: Request, viewer: Publisher, database: Base, plan: Code = "", region: Code = "", reason: Words = ""
) -> Response:
    """Publish a region's coverage under a plan."""
    asked = Publish(plan, region, reason)
    try:
        with database.session() as session:
            publish(viewer.scope, session, asked, actor(request, viewer), clock.now())
    except Problem as problem:
        return _refused(request, viewer, database, Params(plan=plan, region=region), problem, reason)
    return see_other("/coverage/publications?" + urlencode({"plan": plan, "region": region}))


@router.post("/coverage/publications/{publication_id}/withdrawal")
def end(
    request: Request,
    viewer: Publisher,
    database: Base,
    publication_id: Id,
    plan: Code = "",
    region: Code = "",
    reason: Words = "",
) -> Response:
    """Take a publication back; the page is gone at once."""
    try:
        with database.session() as session:
            withdraw(viewer.scope, session, publication_id, reason, actor(request, viewer), clock.now())
    except Problem as problem:
        return _refused(request, viewer, database, Params(plan=plan, region=region), problem, reason)
    return see_other("/coverage/publications?" + urlencode({"plan": plan, "region": region}))


def _refused(
    request: Request, viewer: Viewer, database: Base, given: Params, problem: Problem, reason: str
) -> Response:
    """Say beside the form what was wrong; what does not exist, or lies out of reach, stays a page of its own."""
    if problem.status == 404:  # noqa: PLR2004 - HTTP
        raise problem
    said = in_words(request, viewer, problem)
    with database.reading() as session:
        shown = _page(request, viewer, session, given, None, reason, said)
    return render(request, "bureau/publications.html", shown, viewer, problem.status)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    given: Params,
    before: int | None,
    reason: str = "",
    error: str = "",
) -> PublicationsPage:
    asked = asked_now(viewer, session, given)
    public = publications.listed(viewer.scope, session, ended=False, size=SHOWN)
    ended = publications.listed(viewer.scope, session, ended=True, size=SIZE + 1, before=before)
    lines = [_line(asked, row) for row in public]
    here = (asked.region, asked.plan.code)
    return PublicationsPage(
        asked=asked,
        site=base_url(request),
        address=address_of(*here),
        current=next((line for line in lines if (line.row.region, line.row.plan) == here), None),
        public=tuple(lines),
        ended=tuple(_line(asked, row) for row in ended[:SIZE]),
        first=before is None,
        next=ended[SIZE - 1].id if len(ended) > SIZE else None,
        reason=reason,
        error=error,
    )


def _line(asked: Asked, row: PublicationRow) -> Line:
    names = {plan.code: plan.short_name for plan in asked.plans}
    return Line(row, asked.tree.name(row.region), names.get(row.plan, row.plan), address_of(row.region, row.plan))
