"""What a module asks besides time: a case ended, all points ticked, a quiz passed; worked out from what was done. Pure.

What somebody did is a series of deeds, kept for ever: `choice` {scene, choice}, `back`, `again` in a case, `ticks`
{points} in a checklist (all that are ticked), `try` {answers, right} in a quiz (answers name the item's options by
their index in the bank, or are written).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.bodies import Case, Checklist, Choice, ModuleKind, Quiz, Scene
from app.catalogue.item import Item
from app.catalogue.shapes import Module

ASKING: frozenset[ModuleKind] = frozenset({"case", "checklist", "quiz"})
"""The kinds that ask for more than time."""
CHOICE, BACK, AGAIN, TICKS, TRY = "choice", "back", "again", "ticks", "try"


@dataclass(frozen=True)
class Deed:
    """Something that somebody did in a module."""

    kind: str
    detail: Mapping[str, Any]
    at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """A decision that was taken in a case."""

    scene: Scene
    choice: Choice


@dataclass(frozen=True)
class Walk:
    """How far somebody is in a case: the decisions that led to this scene; `ended_at`: when an ending was first met."""

    steps: tuple[Step, ...]
    scene: Scene
    ended_at: datetime | None
    ended: bool


def asks(kind: ModuleKind) -> bool:
    """Say whether a kind of module asks for more than time."""
    return kind in ASKING


def walk(case: Case, deeds: Iterable[Deed]) -> Walk:
    """Follow the decisions; one that does not fit the scene reached is passed over."""
    steps: list[Step] = []
    scene, ended_at, ended = case.scenes[0], None, False
    for deed in deeds:
        if deed.kind == AGAIN:
            steps, scene = [], case.scenes[0]
        elif deed.kind == BACK and steps:
            scene = steps.pop().scene
        elif deed.kind == CHOICE and deed.detail.get("scene") == scene.id:
            choice = scene.choices[deed.detail["choice"]]
            steps.append(Step(scene, choice))
            scene = case.scene(choice.to) or scene
            if scene.ending and not ended:
                ended, ended_at = True, deed.at
    return Walk(tuple(steps), scene, ended_at, ended)


def ticked(deeds: Sequence[Deed]) -> frozenset[int]:
    """Give the points of a checklist that are ticked."""
    ticks = [deed for deed in deeds if deed.kind == TICKS]
    return frozenset(ticks[-1].detail["points"]) if ticks else frozenset()


def tries(deeds: Iterable[Deed]) -> tuple[Deed, ...]:
    """Give the tries at a quiz, oldest first."""
    return tuple(deed for deed in deeds if deed.kind == TRY)


def passed(quiz: Quiz, tried: Deed) -> bool:
    """Say whether a try passes."""
    return sum(map(bool, tried.detail["right"])) >= quiz.right_needed


def fulfilled(module: Module, deeds: Sequence[Deed]) -> Deed | None:
    """Give the deed by which a module's condition was first fulfilled; None when it is not (or it asks for nothing)."""
    for count in range(1, len(deeds) + 1):
        if _fulfils(module, deeds[:count]):
            return deeds[count - 1]
    return None


def _fulfils(module: Module, deeds: Sequence[Deed]) -> bool:
    body, last = module.body, deeds[-1]
    if isinstance(body, Case):
        return last.kind == CHOICE and walk(body, deeds).ended
    if isinstance(body, Checklist):
        return last.kind == TICKS and ticked(deeds) == frozenset(range(len(body.points)))
    return isinstance(body, Quiz) and last.kind == TRY and passed(body, last)


def done_rightly(module: Module, items: Iterable[Item]) -> tuple[Deed, ...]:
    """Give what somebody does who gets everything right at once."""
    body = module.body
    if isinstance(body, Case):
        return tuple(_right_way(body))
    if isinstance(body, Checklist):
        return (Deed(TICKS, {"points": list(range(len(body.points)))}),)
    if isinstance(body, Quiz):
        known = {item.id: item for item in items}
        answers = [right_answer(known[id]) for id in body.items]
        return (Deed(TRY, {"answers": answers, "right": [True] * len(answers)}),)
    return ()


def _right_way(case: Case) -> list[Deed]:
    """Choose rightly until the case ends, and otherwise as right where right leads in a circle."""
    deeds: list[Deed] = []
    scene, met = case.scenes[0], {case.scenes[0].id}
    while scene.choices:
        ways = [(choice.to in met, not choice.right, place) for place, choice in enumerate(scene.choices)]
        place = min(ways)[2]
        deeds.append(Deed(CHOICE, {"scene": scene.id, "choice": place}))
        scene = case.scene(scene.choices[place].to) or scene
        met.add(scene.id)
        if len(deeds) > len(case.scenes):
            break
    return deeds


def right_answer(item: Item) -> list[int] | str:
    """Give a right answer to an item that a quiz may ask."""
    if item.kind == "fill":
        return item.accept[0]
    if item.kind == "numeric":
        return f"{item.value:g}"
    return list(item.right)
