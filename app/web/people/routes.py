"""The addresses of a person's page, and the commands that stand on it: reveal, correct, merge, waive, revoke."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.awards import queries as awards
from app.coverage import waivers
from app.kit.dates import add_days
from app.kit.errors import Problem, not_found
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import corrections, roster
from app.organisations import queries as organisations
from app.web.deps import Guard, actor
from app.web.enterprise.asked import read_day
from app.web.pages import in_words, render, see_other
from app.web.people.page import Place, person_here, person_page
from app.web.transactions import Base, Reading, Writing
from app.workflows.correct_person import CorrectPerson, correct_person
from app.workflows.merge_people import merge_people
from app.workflows.reveal_person import reveal_person
from app.workflows.revoke_award import RevokeAward, revoke_award
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment, withdraw_waiver

PERSON = "/enterprises/{enterprise_id}/people/{person_id}"
TEMPLATE = "people/person.html"
NOT_FOUND = 404
NUMBER = re.compile(r"[0-9]{1,18}")
router = APIRouter()


def place(enterprise_id: int, person_id: int, on: str = "", known_at: str = "") -> Place:
    """Collect what every address here has."""
    return Place(enterprise_id, person_id, on, known_at)


Here = Annotated[Place, Depends(place)]
Reason = Annotated[str, Form(max_length=400)]
Day = Annotated[str, Form(max_length=10)]
ResidentId = Annotated[str, Form(max_length=24)]
Corrector = Annotated[Viewer, Depends(Guard(roles.PEOPLE_CORRECT))]
Waiving = Annotated[Viewer, Depends(Guard(roles.WAIVERS_WRITE))]


@router.api_route(PERSON, methods=["GET", "HEAD"])
def show_person(
    request: Request,
    viewer: Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))],
    session: Reading,
    here: Here,
    done: str = "",
) -> Response:
    """Show a person; one who was merged into another is shown under the other."""
    page = person_page(viewer, session, here, clock.now(), clock.today(), done=done)
    if page.person.id != here.person_id:
        return see_other(Place(here.enterprise_id, page.person.id).address)
    return render(request, TEMPLATE, page, viewer)


@router.post(PERSON + "/reveal")
def reveal(
    request: Request, viewer: Annotated[Viewer, Depends(Guard(roles.PEOPLE_REVEAL))], session: Writing, here: Here
) -> Response:
    """Show the page with the whole resident ID; the look is on record."""
    person_here(viewer, session, here)
    shown = reveal_person(viewer.scope, session, here.person_id, actor(request, viewer), clock.now())
    page = person_page(viewer, session, here, clock.now(), clock.today(), revealed=shown)
    return render(request, TEMPLATE, page, viewer)


@router.post(PERSON + "/correction")
def correct(
    request: Request,
    viewer: Corrector,
    database: Base,
    here: Here,
    resident_id: ResidentId = "",
    name: Annotated[str, Form(max_length=60)] = "",
    reason: Reason = "",
) -> Response:
    """Correct the resident ID or the name; an ID that is recorded already unites the two records."""

    def act(session: Session) -> str:
        asked = CorrectPerson(here.person_id, name, resident_id, reason)
        stands = correct_person(viewer.scope, session, asked, actor(request, viewer), clock.now())
        return Place(here.enterprise_id, stands).address + "?done=corrected"

    return _acted(request, viewer, database, here, act)


@router.post(PERSON + "/merge")
def merge(
    request: Request, viewer: Corrector, database: Base, here: Here, resident_id: ResidentId = "", reason: Reason = ""
) -> Response:
    """Unite another record of the same human being into this one."""

    def act(session: Session) -> str:
        other = _other(viewer, session, resident_id)
        merge_people(viewer.scope, session, other, here.person_id, reason, actor(request, viewer), clock.now())
        return here.address + "?done=merged"

    return _acted(request, viewer, database, here, act)


@router.post(PERSON + "/waivers")
def waive(
    request: Request,
    viewer: Waiving,
    database: Base,
    here: Here,
    of: Annotated[str, Form(max_length=100)] = "",
    from_on: Day = "",
    last_on: Day = "",
    reason: Reason = "",
) -> Response:
    """Waive what a plan requires of one post, from a day through a last day."""

    def act(session: Session) -> str:
        assignment, _, plan = of.partition(":")
        first, last = read_day(from_on), read_day(last_on)
        if first is None or not NUMBER.fullmatch(assignment):
            raise Problem(422, "waiver", N_("Choose the post and plan, and the first day of the waiver."))
        _own(viewer, session, here, int(assignment))
        until = add_days(last, 1) if last else None
        asked = WaiveAssignment(int(assignment), plan, first, until, reason)
        waive_assignment(viewer.scope, session, asked, actor(request, viewer), clock.now())
        return here.address + "?done=waived"

    return _acted(request, viewer, database, here, act)


@router.post(PERSON + "/waivers/{waiver_id}/withdrawal")
def withdraw(
    request: Request,
    viewer: Waiving,
    database: Base,
    here: Here,
    waiver_id: int,
    from_on: Day = "",
    reason: Reason = "",
) -> Response:
    """Withdraw a waiver from a day on, or throughout."""

    def act(session: Session) -> str:
        _own(viewer, session, here, waivers.assignment_of(session, waiver_id))
        by = actor(request, viewer)
        withdraw_waiver(viewer.scope, session, waiver_id, read_day(from_on), reason, by, clock.now())
        return here.address + "?done=withdrawn"

    return _acted(request, viewer, database, here, act)


@router.post(PERSON + "/revocations")
def revoke(
    request: Request,
    viewer: Annotated[Viewer, Depends(Guard(roles.AWARDS_REVOKE))],
    database: Base,
    here: Here,
    award: Annotated[int, Form()],
    revoked_from: Day = "",
    reason: Reason = "",
) -> Response:
    """Revoke a certificate from a day on, or throughout."""

    def act(session: Session) -> str:
        if awards.certificate(viewer.scope, session, award, clock.today()).person_id != here.person_id:
            raise not_found()
        asked = RevokeAward(award, read_day(revoked_from), reason)
        revoke_award(viewer.scope, session, asked, actor(request, viewer), clock.now())
        return here.address + "?done=revoked"

    return _acted(request, viewer, database, here, act)


def _own(viewer: Viewer, session: Session, here: Place, assignment_id: int) -> None:
    """Refuse an assignment that is not this person's."""
    posts = roster.posts_of(viewer.scope, session, here.person_id)
    if assignment_id not in {post.assignment_id for post in posts}:
        raise not_found()


def _other(viewer: Viewer, session: Session, resident_id: str) -> int:
    """Find the other record by its resident ID; unknown and out of reach read the same."""
    found = corrections.owner_of(session, "".join(resident_id.split()).upper())
    if found is None or not organisations.people(viewer.scope, session, (found,)):
        raise Problem(422, "other_id", N_("No record within your reach has this resident ID."))
    return found


def _acted(request: Request, viewer: Viewer, database: Base, here: Place, act: Callable[[Session], str]) -> Response:
    """Do it, and come back to the page; what is refused is said on the page, and nothing has changed."""
    try:
        with database.session() as session:
            person_here(viewer, session, here)
            location = act(session)
    except Problem as problem:
        if problem.status == NOT_FOUND:
            raise
        said = in_words(request, viewer, problem)
        with database.reading() as session:
            page = person_page(viewer, session, here, clock.now(), clock.today(), error=said)
        return render(request, TEMPLATE, page, viewer, problem.status)
    return see_other(location)
