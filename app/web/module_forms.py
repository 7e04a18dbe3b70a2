"""What a learner sends from within a module: decisions of a case, ticked points, answers to a checkpoint.

Plain forms, which lead back to the module's page; a script may send them and take the page's new state from the answer.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.catalogue.bodies import Quiz
from app.catalogue.item import WRITTEN
from app.catalogue.shapes import Course, Module
from app.kit.errors import Problem, not_found
from app.ops import clock
from app.ops.i18n import N_
from app.web.learner import Learner, own_person
from app.web.pages import see_other
from app.web.player import place_of
from app.web.transactions import Writing
from app.workflows import module_work
from app.workflows.module_work import Given

router = APIRouter()
PLACE = "/courses/{code}/modules/{slug}"
MOST_POINTS = 50


@router.post(PLACE + "/choices")
def choose(
    code: str,
    slug: str,
    viewer: Learner,
    session: Writing,
    scene: Annotated[str, Form(max_length=40)] = "",
    choice: Annotated[int, Form(ge=0, le=20)] = 0,
) -> Response:
    """Take a decision in a case."""
    state, place = place_of(session, viewer, code, slug)
    module = state.version.course.modules[place]
    module_work.decide(session, own_person(viewer), state, module, scene, choice, clock.now())
    return _back(code, slug)


@router.post(PLACE + "/turns")
def turn(
    code: str, slug: str, viewer: Learner, session: Writing, way: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Go one decision back in a case, or begin it again."""
    state, place = place_of(session, viewer, code, slug)
    module_work.turn(session, own_person(viewer), state, state.version.course.modules[place], way, clock.now())
    return _back(code, slug)


@router.post(PLACE + "/ticks")
def tick(
    code: str,
    slug: str,
    viewer: Learner,
    session: Writing,
    point: Annotated[list[int], Form(max_length=MOST_POINTS)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Tick the points of a checklist that are sent, and no others."""
    state, place = place_of(session, viewer, code, slug)
    module_work.tick(session, own_person(viewer), state, state.version.course.modules[place], point, clock.now())
    return _back(code, slug)


async def sent_form(request: Request) -> FormData:
    """Read the form."""
    return await request.form()


@router.post(PLACE + "/tries")
def attempt(
    code: str, slug: str, viewer: Learner, session: Writing, form: Annotated[FormData, Depends(sent_form)]
) -> Response:
    """Answer a checkpoint."""
    state, place = place_of(session, viewer, code, slug)
    module = state.version.course.modules[place]
    given = _given(form, state.version.course, module)
    module_work.attempt(session, own_person(viewer), state, module, given, clock.now())
    return _back(code, slug)


def _given(form: FormData, course: Course, module: Module) -> dict[str, Given]:
    """Read the answers out of the form: `a-<item>`, option indices or what was written."""
    if not isinstance(module.body, Quiz):
        raise not_found()
    kinds = {item.id: item.kind for item in course.items}
    try:
        return {
            id: str(form.get(f"a-{id}", ""))
            if kinds[id] in WRITTEN
            else tuple(int(str(value)) for value in form.getlist(f"a-{id}"))
            for id in module.body.items
        }
    except ValueError as error:
        message = N_("This answer does not fit the question. Reload the page and choose again.")
        raise Problem(422, "answer", message) from error


def _back(code: str, slug: str) -> Response:
    return see_other(f"/courses/{code}/modules/{slug}#work")
