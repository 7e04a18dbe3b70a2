"""The learner's places: what now (home), one course, and oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.assessment import practice
from app.assessment.practice import Glance
from app.awards import attendance
from app.awards import queries as awards
from app.awards.attendance import Coming
from app.awards.queries import Certificate
from app.catalogue import queries as catalogue
from app.catalogue.queries import VersionRow
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import roster
from app.organisations.queries import PersonRow
from app.organisations.roster import PostHeld
from app.plans import queries as plans
from app.web.deeds import Deed, Deeds
from app.web.deps import Guard
from app.web.pages import render
from app.web.transactions import Reading
from app.workflows import learn
from app.workflows.learn import CourseState
from app.workflows.owed import Obligations, Owed, obligations, owed_in_person

router = APIRouter()
Learner = Annotated[Viewer, Depends(Guard(roles.OWN))]
LearnerDeed = Annotated[Deed, Depends(Deeds(roles.OWN))]
SHELF = 3


def own_person(viewer: Viewer) -> int:
    """Give the person that a viewer learns as; Problem 403 for staff who have no record of their own."""
    if viewer.person_id is None:
        message = N_("This is the learners' place. Your account is not linked to a person who learns.")
        raise Problem(403, "no_person", message)
    return viewer.person_id


@dataclass(frozen=True)
class Duty:
    """A course that somebody owes, and where they stand in it. `days_left` until the deadline, None once past.

    coming: for what must be done in person, the session on whose list they are. earlier: the day of a certificate that
    they hold, but that is older than what the plan counts.
    """

    owed: Owed
    state: CourseState
    days_left: int | None
    coming: Coming | None
    earlier: date | None


@dataclass(frozen=True)
class HomePage:
    """What now: the next course first, the others after it, the latest certificates."""

    obligations: Obligations
    duties: tuple[Duty, ...]
    certificates: tuple[Certificate, ...]
    certificate_count: int
    others: tuple[VersionRow, ...]
    practice: Glance


@router.api_route("/learning", methods=["GET", "HEAD"])
async def home(request: Request, deed: LearnerDeed) -> Response:
    """Show what the learner owes, what comes next, and what is done."""
    return await deed.read(lambda viewer, session: _home(request, viewer, session))


def _home(request: Request, viewer: Viewer, session: Session) -> Response:
    person, now = own_person(viewer), clock.now()
    today = day_of(now)
    found = obligations(viewer.scope, session, person, now)
    states = learn.owed_states(viewer.scope, session, person, found, now)
    in_person = any(owed.in_person for owed in found.owed)
    listed = attendance.coming(session, person, today) if in_person else {}
    earned = awards.of_person(viewer.scope, session, person, today)
    held = tuple(award for award in earned if award.valid)
    duties = tuple(
        Duty(
            owed,
            state,
            days_left(owed.deadline, today),
            listed.get(owed.course_code) if owed.in_person else None,
            _earlier(owed, held),
        )
        for owed, state in zip(found.owed, states, strict=True)
    )
    practised = practice.glance(session, person, {award.course_code for award in earned}, now)
    others = () if duties else catalogue.listing(session)
    page = HomePage(found, _in_order(duties), held[:SHELF], len(held), others, practised)
    return render(request, "learner/home.html", page, viewer)


def _earlier(owed: Owed, held: Sequence[Certificate]) -> date | None:
    """Give the day of the latest certificate of a course that is owed because it was completed too early."""
    days = (award.completed_on for award in held if award.course_code == owed.course_code)
    return max((day for day in days if day < owed.counts_from), default=None)


def days_left(deadline: date, today: date) -> int | None:
    """Count the days to a deadline; None once it is past."""
    return (deadline - today).days if deadline >= today else None


def _in_order(duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """Put first what is under way: a running exam, a course begun; then what must wait, then what is not done here."""
    return tuple(sorted(duties, key=lambda duty: (duty.owed.in_person, _rank(duty.state))))


def _rank(state: CourseState) -> int:
    if state.stage == "sitting":
        return 0
    if state.stage == "waiting":
        return 3
    return 1 if state.progress.begun else 2


@dataclass(frozen=True)
class CoursePage:
    """One course: its modules with what is done, the exam, the certificate; what is owed of it in person."""

    state: CourseState
    now: datetime
    owed: Owed | None


@router.api_route("/courses/{code}", methods=["GET", "HEAD"])
async def course(request: Request, code: str, deed: LearnerDeed) -> Response:
    """Show a course and where the learner stands in it."""

    def shown(viewer: Viewer, session: Session) -> Response:
        now = clock.now()
        person = own_person(viewer)
        state = learn.course_state(viewer.scope, session, person, code, now)
        owed = owed_in_person(viewer.scope, session, person, code, now)
        return render(request, "learner/course.html", CoursePage(state, now, owed), viewer)

    return await deed.read(shown)


@dataclass(frozen=True)
class MePage:
    """Oneself: the record as the platform holds it; post codes with their names."""

    person: PersonRow
    posts: tuple[PostHeld, ...]
    post_names: dict[str, str]
    today: date


@router.api_route("/me", methods=["GET", "HEAD"])
def me(request: Request, viewer: Learner, session: Reading) -> Response:
    """Show what is held about oneself: name, ID, posts."""
    person = own_person(viewer)
    page = MePage(
        organisations.person(viewer.scope, session, person),
        roster.posts_of(viewer.scope, session, person),
        plans.post_names(session),
        clock.today(),
    )
    return render(request, "learner/me.html", page, viewer)
