"""Draft plans: upload one, see coverage under it beside the plan known now, publish it or put it away.

The counting is done after the response is sent; until it is done the page shows how far it is and asks again by
itself (a Refresh header: no script).
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response
from starlette.background import BackgroundTask

from app.access import roles
from app.access.scope import Viewer
from app.kit.dates import day_or_none
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.plans import queries
from app.plans.drafts import STATES, find
from app.plans.written import to_toml
from app.reports.exports import Table
from app.web.bureau import draft_exports, draft_pages, draft_people
from app.web.bureau.draft_places import home
from app.web.deps import Guard, actor
from app.web.downloads import attachment, exported
from app.web.pages import render, see_other, speech
from app.web.streams import read_itself
from app.web.transactions import Base, Reading, Writing
from app.web.uploads import uploaded
from app.workflows import draft_plan, draft_work, publish_plan
from app.workflows.draft_plan import UploadDraft
from app.workflows.publish_plan import AskPublication

router = APIRouter()
READ = ["GET", "HEAD"]
Drafting = Annotated[Viewer, Depends(Guard(roles.DRAFTS_WRITE))]
REFRESH_SECONDS = "3"
UNPROCESSABLE = 422
Text = Annotated[str, Form(max_length=60)]


@router.api_route("/drafts", methods=READ)
def show_drafts(
    request: Request, viewer: Drafting, session: Reading, state: str = "", after: int | None = None
) -> Response:
    """List the drafts in reach."""
    chosen = state if state in STATES else ""
    return render(request, "bureau/drafts.html", draft_pages.drafts_page(viewer, session, chosen, after), viewer)


@router.api_route("/drafts/new", methods=READ)
def show_upload(request: Request, viewer: Drafting, session: Reading, code: str = "") -> Response:
    """Show the upload form."""
    page = draft_pages.upload_page(viewer, session, {"code": code})
    return render(request, "bureau/draft_new.html", page, viewer)


@router.api_route("/drafts/plan.toml", methods=READ)
def take_plan(viewer: Drafting, session: Reading, code: str = "", draft: int | None = None) -> Response:
    """Give a plan that is known, or a draft, as a file to edit."""
    if draft is not None:
        plan = find(viewer.scope, session, draft).plan
    elif code:
        plan = queries.plan(session, code)
    else:
        raise Problem(UNPROCESSABLE, "no_plan_named", N_("Choose a plan."))
    return attachment(f"{plan.code}.toml", to_toml(plan).encode())


@router.post("/drafts")
def upload(
    request: Request,
    viewer: Drafting,
    database: Base,
    code: Text = "",
    base: Text = "",
    region: Text = "",
    on: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Take a draft in; a file with faults is refused with all of them."""
    name = file.filename or "" if file else ""
    given = {"code": code, "base": base, "region": region, "on": on, "file_name": name}
    try:
        _, data = uploaded(file)
        asked = UploadDraft(name, data, region or home(viewer), code, base, day_or_none(on))
        kept = draft_plan.upload(database, viewer, asked, actor(request, viewer), clock.now(), clock.today())
    except Problem as problem:
        if problem.status != UNPROCESSABLE:
            raise
        return _refused(request, viewer, database, given, problem=problem)
    if kept.draft_id is None:
        return _refused(request, viewer, database, given, kept=kept)
    return _started(f"/drafts/{kept.draft_id}", database)


def _refused(
    request: Request,
    viewer: Viewer,
    database: Database,
    given: dict[str, str],
    problem: Problem | None = None,
    kept: draft_plan.Uploaded | None = None,
) -> Response:
    say = speech(request, viewer)
    error = say(problem.message, **problem.details) if problem else ""
    wrong = draft_pages.wrongs(kept.errors, say) if kept else ()
    with database.reading() as session:
        page = draft_pages.upload_page(viewer, session, given, error, wrong)
    return render(request, "bureau/draft_new.html", page, viewer, UNPROCESSABLE)


@router.api_route("/drafts/{draft_id}", methods=READ)
def show_draft(
    request: Request,
    viewer: Drafting,
    session: Reading,
    database: Base,
    draft_id: int,
    run: int | None = None,
    region: str = "",
) -> Response:
    """Show a draft beside the plan known now, or how far the comparison is."""
    page = draft_pages.draft_page(viewer, session, draft_id, run, region, clock.now())
    response = render(request, "bureau/draft.html", page, viewer)
    if page.working:
        response.headers["Refresh"] = REFRESH_SECONDS
        response.background = BackgroundTask(draft_work.work, database)
    return response


@router.post("/drafts/{draft_id}/runs")
def compare_again(
    request: Request,
    viewer: Drafting,
    session: Writing,
    database: Base,
    draft_id: int,
    region: Text = "",
    on: Text = "",
) -> Response:
    """Compare again, for a region and a day."""
    draft = find(viewer.scope, session, draft_id)
    day = day_or_none(on) or draft_plan.usual_day(draft.plan, clock.today())
    place = region or home(viewer)
    by = actor(request, viewer)
    draft_plan.compare_again(session, viewer.scope, draft_id, place, day, by, clock.now())
    return _started(f"/drafts/{draft_id}", database)


@router.post("/drafts/{draft_id}/publication")
def publish(
    request: Request,
    viewer: Drafting,
    session: Writing,
    database: Base,
    draft_id: int,
    reason: Annotated[str, Form(max_length=400)] = "",
    version: Annotated[int | None, Form()] = None,
    past: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Publish a draft: it becomes what is known from now on."""
    command = AskPublication(draft_id, reason, version, past_confirmed=bool(past))
    by = actor(request, viewer)
    publish_plan.ask_publication(session, viewer.scope, command, by, clock.now(), clock.today())
    return _started(f"/drafts/{draft_id}", database)


@router.post("/drafts/{draft_id}/disposal")
def discard(request: Request, viewer: Drafting, session: Writing, draft_id: int) -> Response:
    """Put a draft away."""
    draft_plan.discard(session, viewer.scope, draft_id, actor(request, viewer), clock.now())
    return see_other(f"/drafts/{draft_id}")


@router.api_route("/drafts/{draft_id}/enterprises", methods=READ)
def list_enterprises(
    request: Request,
    viewer: Drafting,
    session: Reading,
    draft_id: int,
    run: int | None = None,
    region: str = "",
    after: str = "",
) -> Response:
    """List the enterprises of which something changes."""
    page = draft_pages.enterprises_page(viewer, session, draft_id, run, region, after, clock.now())
    return render(request, "bureau/draft_enterprises.html", page, viewer)


@router.api_route("/drafts/{draft_id}/enterprises/{enterprise_id}", methods=READ)
def show_people(
    request: Request, viewer: Drafting, session: Reading, draft_id: int, enterprise_id: int, run: int | None = None
) -> Response:
    """Show whom in an enterprise the draft touches."""
    page = draft_people.people_page(viewer, session, draft_id, run, enterprise_id)
    return render(request, "bureau/draft_people.html", page, viewer)


@exported(router, "/drafts/{draft_id}/comparison")
def export(
    request: Request,
    viewer: Drafting,
    database: Base,
    draft_id: int,
    run: int | None = None,
    region: str = "",
) -> Response:
    """Export a comparison: by region, post, industry and course, and every enterprise of which something changes."""
    _ = speech(request, viewer)

    def make(session: Session) -> Iterator[Table]:
        return draft_exports.export_tables(viewer, session, draft_id, run, region, clock.now(), _)

    with database.reading() as session:
        name = draft_exports.export_name(viewer, session, draft_id, run, region, clock.now(), _)
    return read_itself(request, database, name, make)


def _started(location: str, database: Database) -> Response:
    """Go to the page, and do the work once the response is sent."""
    response = see_other(location)
    response.background = BackgroundTask(draft_work.work, database)
    return response
