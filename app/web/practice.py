"""Practice: three questions a day, each explained at once; one's mistakes; a whole bank without a mark."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.access.scope import Viewer
from app.assessment import practice
from app.assessment.answers import Chosen
from app.assessment.drill import Drill
from app.assessment.drill import drill as drill_question
from app.assessment.grading import earned
from app.assessment.mistakes import Mistake
from app.assessment.mistakes import mistakes as mistakes_of
from app.assessment.practice import Answer, Answered, Today
from app.assessment.shown import Asked, Explained, asked, explained
from app.awards import queries as awards
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.web.answers import chosen_of
from app.web.learner import Learner, own_person
from app.web.pages import render, see_other
from app.web.transactions import Reading, Writing

router = APIRouter()
READ = ["GET", "HEAD"]
FEW = 3
"""So many mistakes are read without unfolding their topics."""
Place = Annotated[int, Query(ge=1, le=10_000)]


async def sent_form(request: Request) -> FormData:
    """Read the form that came."""
    return await request.form()


Form = Annotated[FormData, Depends(sent_form)]


def learned(viewer: Viewer, session: Session, person: int) -> frozenset[str]:
    """Give the courses that somebody holds or held a certificate of."""
    held = awards.of_person(viewer.scope, session, person, day_of(clock.now()))
    return frozenset(one.course_code for one in held)


@router.api_route("/practice", methods=READ)
def today(request: Request, viewer: Learner, session: Reading) -> Response:
    """Ask the next of today's questions, or say that today is done."""
    person = own_person(viewer)
    codes = learned(viewer, session, person)
    page: Today = practice.today(session, person, codes, clock.now())
    return render(request, "practice/today.html", page, viewer)


@router.post("/practice/answers")
def answer(viewer: Learner, session: Writing, form: Form) -> Response:
    """Take the answer to one of today's questions."""
    person = own_person(viewer)
    given = Answer(
        person, learned(viewer, session, person), str(form.get("course", "")), str(form.get("item", "")), _chosen(form)
    )
    return see_other(f"/practice/answers/{practice.answer(session, given, clock.now())}")


@dataclass(frozen=True)
class AnswerPage:
    """An answer explained, and where today stands."""

    answered: Answered
    today: Today


@router.api_route("/practice/answers/{answer_id}", methods=READ)
def answered(request: Request, answer_id: int, viewer: Learner, session: Reading) -> Response:
    """Explain an answer at once."""
    person = own_person(viewer)
    told = practice.answered(session, person, answer_id)
    now = practice.today(session, person, learned(viewer, session, person), clock.now())
    return render(request, "practice/answered.html", AnswerPage(told, now), viewer)


@dataclass(frozen=True)
class CourseMistakes:
    """What somebody got wrong in a course, by topic, the topic with the most mistakes first."""

    code: str
    title: str
    topics: tuple[tuple[str, tuple[Mistake, ...]], ...]


@dataclass(frozen=True)
class MistakesPage:
    """What somebody got wrong in their latest exams, the course of the latest first; `few`: all can stand open."""

    courses: tuple[CourseMistakes, ...]
    few: bool


@router.api_route("/practice/mistakes", methods=READ)
def mistakes(request: Request, viewer: Learner, session: Reading) -> Response:
    """Show one's mistakes, explained."""
    found = mistakes_of(session, own_person(viewer))
    page = MistakesPage(tuple(_by_course(found)), len(found) <= FEW)
    return render(request, "practice/mistakes.html", page, viewer)


def _by_course(found: Iterable[Mistake]) -> Iterator[CourseMistakes]:
    courses: dict[tuple[str, str], dict[str, list[Mistake]]] = {}
    for one in found:
        topics = courses.setdefault((one.course_code, one.course_title), {})
        topics.setdefault(one.topic_name, []).append(one)
    for (code, title), topics in courses.items():
        most = sorted(topics.items(), key=lambda topic: -len(topic[1]))
        yield CourseMistakes(code, title, tuple((name, tuple(group)) for name, group in most))


@dataclass(frozen=True)
class DrillPage:
    """A question of the whole bank; `told` once it is answered."""

    drill: Drill
    question: Asked
    told: Explained | None


@router.api_route("/courses/{code}/practice", methods=READ)
def drill(request: Request, code: str, viewer: Learner, session: Reading, at: Place = 1) -> Response:
    """Ask a question of a course's whole bank; nothing is kept."""
    found = drill_question(session, own_person(viewer), code, at, clock.now())
    return render(request, "practice/drill.html", DrillPage(found, asked(0, found.question, ()), None), viewer)


@router.post("/courses/{code}/practice/{place}")
def drilled(
    request: Request,
    code: str,
    place: Annotated[int, Path(ge=1, le=10_000)],
    viewer: Learner,
    session: Reading,
    form: Form,
) -> Response:
    """Explain the answer to a question of the whole bank; nothing is kept."""
    found = drill_question(session, own_person(viewer), code, place, clock.now())
    chosen = practice.fit(found.question, _chosen(form))
    told = explained(0, found.question, chosen, earned(found.question, chosen))
    return render(request, "practice/drill.html", DrillPage(found, asked(0, found.question, chosen), told), viewer)


def _chosen(form: FormData) -> Chosen:
    try:
        return chosen_of(form, 0)
    except ValueError as error:
        message = N_("This answer does not fit the question. Reload the page and choose again.")
        raise Problem(422, "answer", message) from error
