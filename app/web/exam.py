"""The exam: its rules before it starts, the running attempt, autosave, handing in, the result explained."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData

from app.access.scope import Viewer
from app.assessment import queries, service
from app.assessment.answers import NOTHING, kept
from app.assessment.queries import AttemptRow, Review, Sitting
from app.assessment.service import Answer, HandIn
from app.awards import queries as awards
from app.catalogue.answers import LONGEST_ANSWER
from app.catalogue.shapes import Paper
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.web.answers import chosen_of
from app.web.learner import Learner, LearnerDeed, own_person
from app.web.pages import render, see_other
from app.web.transactions import Base
from app.workflows import learn
from app.workflows.learn import CourseState
from app.workflows.open_exam import open_exam
from app.workflows.submit_exam import Submitted, close_overdue, submit_exam

router = APIRouter()
MOST_QUESTIONS = 200
Placed = Annotated[list[Annotated[int, Field(ge=NOTHING, lt=26, strict=True)]], Field(max_length=26)]


@dataclass(frozen=True)
class StartPage:
    """Before the exam: its rules, the attempts that are left, those of before."""

    state: CourseState
    questions: int


@router.api_route("/courses/{code}/exam", methods=["GET", "HEAD"])
def before(request: Request, code: str, viewer: Learner, database: Base) -> Response:
    """Show the rules and the attempts left; a running attempt is gone on with."""
    person, now = own_person(viewer), clock.now()
    settle(database, person, now)
    with database.reading() as session:
        state = learn.course_state(viewer.scope, session, person, code, now)
    if state.open_attempt is not None:
        return see_other(f"/attempts/{state.open_attempt.id}")
    return render(request, "exam/start.html", StartPage(state, _count(state.paper)), viewer)


def settle(database: Database, person: int, now: datetime) -> None:
    """Close attempts whose time has run out, before they are looked at."""
    with database.reading() as session:
        overdue = queries.overdue(session, person, now)
    if overdue:
        with database.session() as session:
            close_overdue(session, person, now)


def _count(paper: Paper) -> int:
    return sum(draw.count for draw in paper.draws)


@router.post("/courses/{code}/attempts")
async def start(code: str, deed: LearnerDeed) -> Response:
    """Begin an attempt, or go on with the running one."""
    attempt_id = await deed.write(lambda viewer, session: open_exam(session, own_person(viewer), code, clock.now()))
    return see_other(f"/attempts/{attempt_id}")


@dataclass(frozen=True)
class SittingPage:
    """A running attempt; `remaining_ms` until its deadline, by the server's clock."""

    sitting: Sitting
    points: str
    remaining_ms: int


@dataclass(frozen=True)
class ResultPage:
    """A closed attempt, explained; `state` says what comes next."""

    review: Review
    state: CourseState
    award_id: int | None


@router.api_route("/attempts/{attempt_id}", methods=["GET", "HEAD"])
def attempt(request: Request, attempt_id: int, viewer: Learner, database: Base) -> Response:
    """Show an attempt: the paper while it runs, the result once it is closed."""
    person, now = own_person(viewer), clock.now()
    settle(database, person, now)
    with database.reading() as session:
        found = queries.attempt(viewer.scope, session, attempt_id)
        if found.submitted_at is not None:
            review = queries.review(viewer.scope, session, attempt_id)
            state = learn.course_state(viewer.scope, session, person, found.course_code, now)
            result = ResultPage(review, state, awards.of_attempt(session, attempt_id))
            return render(request, "exam/result.html", result, viewer)
        page = _sitting(queries.sitting(viewer.scope, session, attempt_id), found, now)
    return render(request, "exam/sitting.html", page, viewer)


def _sitting(sitting: Sitting, found: AttemptRow, now: datetime) -> SittingPage:
    remaining = max(0, round((found.deadline_at - now).total_seconds() * 1000))
    return SittingPage(sitting, f"{100 / len(sitting.questions):g}", remaining)


class AnswerBody(BaseModel):
    """One answer as autosave sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    position: Annotated[int, Field(ge=0, lt=MOST_QUESTIONS)]
    chosen: Placed | Annotated[list[Placed], Field(max_length=26)] | Annotated[str, Field(max_length=LONGEST_ANSWER)]
    flagged: bool
    sequence: Annotated[int, Field(ge=1, le=1_000_000)]


class AnswersBody(BaseModel):
    """Some answers that changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    answers: Annotated[list[AnswerBody], Field(max_length=MOST_QUESTIONS)]


@dataclass(frozen=True)
class SavedAnswers:
    """What the server holds of the answers sent, and the time that is left."""

    answers: tuple[Answer, ...]
    remaining_ms: int


@router.post("/attempts/{attempt_id}/answers")
async def save(attempt_id: int, deed: LearnerDeed) -> SavedAnswers:
    """Save answers while the attempt runs."""
    sent = await deed.sent(AnswersBody)

    def saved(viewer: Viewer, session: Session) -> SavedAnswers:
        person, now = own_person(viewer), clock.now()
        answers = tuple(Answer(a.position, kept(a.chosen), a.flagged, a.sequence) for a in sent().answers)
        held = service.save(session, person, attempt_id, answers, now)
        return SavedAnswers(held.answers, max(0, round((held.deadline_at - now).total_seconds() * 1000)))

    return await deed.write_briefly(saved)


def answers_of(form: FormData) -> tuple[Answer, ...]:
    """Read the answers out of the exam's form: q0.. the choices, f0.. the marks, s0.. the sequences, k0.. the kinds."""
    try:
        return tuple(
            _answer(form, place) for place in range(MOST_QUESTIONS) if form.get(f"s{place}") not in (None, "", "0")
        )
    except ValueError as error:
        message = N_("This answer does not fit the question. Reload the page and choose again.")
        raise Problem(422, "answer", message) from error


def _answer(form: FormData, place: int) -> Answer:
    return Answer(place, chosen_of(form, place), f"f{place}" in form, int(str(form[f"s{place}"])))


@router.post("/attempts/{attempt_id}/submission")
async def submit(request: Request, attempt_id: int, deed: LearnerDeed) -> Response:
    """Hand in, once and for all; again gives the same result."""
    form = await request.form()

    def handed_in(viewer: Viewer, session: Session) -> Submitted:
        return submit_exam(session, HandIn(own_person(viewer), attempt_id, answers_of(form)), clock.now())

    await deed.write(handed_in)
    return see_other(f"/attempts/{attempt_id}")
