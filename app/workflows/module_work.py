"""What a learner does in a module besides spending time: decide in a case, tick points, answer a checkpoint.

The server judges: a choice must belong to the scene that was reached, and a quiz is graded here by the rules of exams.
Its key is never sent before an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.assessment.grading import RIGHT, earned
from app.assessment.papers import Question, shuffled
from app.catalogue.bodies import Case, Checklist, Quiz
from app.catalogue.item import WRITTEN, Item
from app.catalogue.shapes import Course, Module
from app.kit.errors import Problem, not_found
from app.learning import deeds
from app.learning.conditions import AGAIN, BACK, CHOICE, TICKS, TRY, Deed, Walk, fulfilled, ticked, tries, walk
from app.learning.deeds import Noted
from app.learning.rows import OpenModule
from app.ops.db import Session
from app.ops.i18n import N_
from app.workflows.learn import CourseState

LONGEST_WRITTEN = 40
Given = Sequence[int] | str
"""An answer: indices of the item's options, or what was written."""


@dataclass(frozen=True)
class Asked:
    """A question of a checkpoint, its options as (index, words) in the order shown; no key.

    `given` and `right` are those of the last try (None: not tried); explanation and source come once it is passed.
    """

    item_id: str
    kind: str
    stem: str
    unit: str
    options: tuple[tuple[int, str], ...]
    given: Given
    right: bool | None
    answer: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint as it stands: its questions, how many tries there were, whether it is passed."""

    questions: tuple[Asked, ...]
    right_needed: int
    tried: int
    right: int
    passed: bool


@dataclass(frozen=True)
class Work:
    """What a module holds for its learner to do, as far as they did it; each is None in modules of other kinds."""

    walk: Walk | None = None
    ticked: frozenset[int] | None = None
    checkpoint: Checkpoint | None = None


def work(session: Session, person_id: int, state: CourseState, module: Module) -> Work:
    """Give what there is to do in a module."""
    if module.body is None:
        return Work()
    done = deeds.done(session, _where(person_id, state, module))
    if isinstance(module.body, Case):
        return Work(walk=walk(module.body, done))
    if isinstance(module.body, Checklist):
        return Work(ticked=ticked(done))
    if isinstance(module.body, Quiz):
        return Work(checkpoint=_checkpoint(state.version.course, module, module.body, done, str(person_id)))
    return Work()


def decide(
    session: Session, person_id: int, state: CourseState, module: Module, scene: str, choice: int, now: datetime
) -> None:
    """Take a decision in a case; one about a scene that is not reached (a page sent twice) changes nothing.

    Problem 404 when the module is no case or has no such choice.
    """
    where = _where(person_id, state, module)
    if not isinstance(module.body, Case):
        raise not_found()
    reached = walk(module.body, deeds.done(session, where)).scene
    if reached.id != scene:
        return
    if not 0 <= choice < len(reached.choices):
        raise not_found()
    deeds.note(session, where, CHOICE, {"scene": scene, "choice": choice}, now)


def turn(session: Session, person_id: int, state: CourseState, module: Module, way: str, now: datetime) -> None:
    """Go one decision back in a case, or begin it again; Problem 404 when the module is no case."""
    where = _where(person_id, state, module)
    if not isinstance(module.body, Case) or way not in {BACK, AGAIN}:
        raise not_found()
    if walk(module.body, deeds.done(session, where)).steps:
        deeds.note(session, where, way, {}, now)


def tick(
    session: Session, person_id: int, state: CourseState, module: Module, points: Sequence[int], now: datetime
) -> Noted | None:
    """Tick points of a checklist, all those given and no others; None when nothing changes. Problem 404."""
    where = _where(person_id, state, module)
    if not isinstance(module.body, Checklist) or not all(0 <= point < len(module.body.points) for point in points):
        raise not_found()
    if ticked(deeds.done(session, where)) == frozenset(points):
        return None
    return deeds.note(session, where, TICKS, {"points": sorted(set(points))}, now)


def attempt(
    session: Session, person_id: int, state: CourseState, module: Module, given: Mapping[str, Given], now: datetime
) -> Noted | None:
    """Answer a checkpoint, by item; once it is passed nothing changes. Problem 404, 422 for an impossible answer."""
    where = _where(person_id, state, module)
    if not isinstance(module.body, Quiz):
        raise not_found()
    items = _items(state.version.course, module.body)
    if fulfilled(module, deeds.done(session, where)):
        return None
    answers = [_checked(item, given.get(item.id, "" if item.kind in WRITTEN else ())) for item in items]
    right = [_right(item, answer) for item, answer in zip(items, answers, strict=True)]
    return deeds.note(session, where, TRY, {"answers": answers, "right": right}, now)


def proven(course: Course, module: Module, done: Sequence[Deed]) -> bool:
    """Say whether deeds fulfil what a module asks, tries at a quiz judged again by its items."""
    if isinstance(module.body, Quiz):
        items = _items(course, module.body)
        done = tuple(_judged(items, deed) if deed.kind == TRY else deed for deed in done)
    return not isinstance(module.body, (Case, Checklist, Quiz)) or fulfilled(module, done) is not None


def _judged(items: Sequence[Item], deed: Deed) -> Deed:
    answers: Sequence[Given] = deed.detail["answers"]
    right = [_right(item, answer) for item, answer in zip(items, answers, strict=True)]
    return Deed(deed.kind, {"answers": answers, "right": right}, deed.at)


def _where(person_id: int, state: CourseState, module: Module) -> OpenModule:
    return OpenModule(person_id, state.version, module.slug, state.since)


def _items(course: Course, quiz: Quiz) -> list[Item]:
    known = {item.id: item for item in course.items}
    return [known[id] for id in quiz.items]


def _right(item: Item, given: Given) -> bool:
    """Judge an answer by the rules of exams; options stand in their own order here."""
    in_order = Question(item, tuple(range(len(item.options))))
    return earned(in_order, given if isinstance(given, str) else tuple(given)) == RIGHT


def _checked(item: Item, given: Given) -> str | list[int]:
    """Refuse an answer that the shown page cannot have made."""
    if isinstance(given, str) == (item.kind in WRITTEN):
        if isinstance(given, str) and len(given) <= LONGEST_WRITTEN:
            return given.strip()
        if not isinstance(given, str) and set(given) <= set(range(len(item.options))):
            return sorted(set(given))
    message = N_("This answer does not fit the question. Reload the page and choose again.")
    raise Problem(422, "answer", message)


def _checkpoint(course: Course, module: Module, quiz: Quiz, done: Sequence[Deed], seed: str) -> Checkpoint:
    passed = fulfilled(module, done)
    tried = tries(done)
    last = passed or (tried[-1] if tried else None)
    questions = tuple(
        _asked(item, place, last, seed=f"{seed} {module.slug}", told=passed is not None)
        for place, item in enumerate(_items(course, quiz))
    )
    right = sum(question.right is True for question in questions)
    return Checkpoint(questions, quiz.right_needed, len(tried), right, passed is not None)


def _asked(item: Item, place: int, last: Deed | None, *, seed: str, told: bool) -> Asked:
    question = shuffled(item, seed)
    given: Given = last.detail["answers"][place] if last else ()
    return Asked(
        item_id=item.id,
        kind=item.kind,
        stem=item.stem,
        unit=item.unit,
        options=tuple(zip(question.options, question.shown, strict=True)),
        given=given if isinstance(given, str) else tuple(given),
        right=bool(last.detail["right"][place]) if last else None,
        answer=_key(item) if told else (),
        explanation=item.explanation if told else "",
        source=item.source if told else "",
    )


def _key(item: Item) -> tuple[str, ...]:
    if item.kind == "fill":
        return item.accept[:1]
    if item.kind == "numeric":
        return (f"{item.value:g}{item.unit}",)
    return tuple(item.options[index] for index in item.right)
