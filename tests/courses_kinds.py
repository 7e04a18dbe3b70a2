"""A small course with a module of every kind that asks for more than time, and a film; made without files."""

from dataclasses import replace

from app.catalogue.bodies import (
    Body,
    Case,
    Checklist,
    Choice,
    Media,
    ModuleKind,
    Point,
    Quiz,
    Rules,
    Scene,
    Slide,
    Slides,
    Stored,
)
from app.catalogue.shapes import Course, Module
from tests.courses import small_course, small_module

CASE = Case(
    "三号池",
    fictional=True,
    source="",
    scenes=(
        Scene(
            "gate",
            ("你站在池边。",),
            None,
            (Choice("先通风", "气散了。", right=True, to="saved"), Choice("下去", "头晕。", right=False, to="lost")),
        ),
        Scene("saved", ("都平安。",), None, ()),
        Scene("lost", ("没能上来。",), None, ()),
    ),
)
LIST = Checklist("上岗前看一遍。", tuple(Point(f"第{n}点", f"因为{n}") for n in range(3)))
QUIZ = Quiz(("s0", "m0", "t0"), 2)
FILM = Media(Stored("0" * 32, "climb.mp4", "video/mp4", 10), 120, None, "")
BODIES: dict[ModuleKind, Body] = {
    "case": CASE,
    "checklist": LIST,
    "quiz": QUIZ,
    "video": FILM,
    "slides": Slides((Slide("先看", "看梯脚。", None), Slide("再上", "上梯子。", None))),
}


def of_kind(kind: ModuleKind, number: int = 1, seconds: int = 60, rules: Rules | None = None) -> Module:
    return replace(small_module(number, seconds), kind=kind, body=BODIES.get(kind), rules=rules or Rules())


def course_of(*modules: Module) -> Course:
    """Make a course of these modules."""
    return replace(small_course(), modules=modules)
