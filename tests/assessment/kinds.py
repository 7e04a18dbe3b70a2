"""One item of every kind, and a course whose paper asks them all."""

from dataclasses import replace

from app.assessment.answers import Chosen
from app.assessment.papers import Question
from app.catalogue.item import TRUE_FALSE, Item, Part
from app.catalogue.shapes import Course, Draw
from tests.courses import item, small_course, small_paper


def every_kind() -> tuple[Item, ...]:
    """Make an item of each kind; the last two kinds of the choices stand in the case."""
    base = item("x", "single", (), ())
    single = Part("single", "先做什么？", ("断电", "喊人", "拉人", "拍照"), (0,), "先断电。")
    multiple = Part("multiple", "还要做什么？", ("报告", "救护", "围观", "离开"), (0, 1), "报告并救护。")
    wrong = Part("true_false", "可以用手去拉。", TRUE_FALSE, (1,), "不可以。")
    return (
        item("one", "single", ("甲", "乙", "丙", "丁"), (2,)),
        item("more", "multiple", ("子", "丑", "寅", "卯"), (0, 3)),
        item("true", "true_false", TRUE_FALSE, (0,)),
        replace(base, id="fill", kind="fill", stem="进池以前先____。", accept=("通风", "先通风", "CO2检测")),
        replace(base, id="number", kind="numeric", stem="离墙多远？", value=1.5, tolerance=0.1, unit="米"),
        replace(base, id="order", kind="order", stem="怎样排？", options=("丙", "乙", "甲"), right=(2, 1, 0)),
        replace(
            base,
            id="match",
            kind="match",
            stem="谁做什么？",
            lefts=("班长", "扶梯人", "登梯人"),
            options=("扶稳", "派人", "登上"),
            right=(1, 0, 2),
        ),
        replace(base, id="case", kind="case", stem="配电房里有人倒下了。", parts=(single, multiple, wrong)),
    )


def mixed_course() -> Course:
    """Make a course whose paper asks one of each kind."""
    items = every_kind()
    paper = replace(small_paper(), draws=tuple(Draw(one.kind, 1, None) for one in items))
    return small_course(items=items, papers=(paper,))


def key(question: Question) -> Chosen:
    """Give the right answer, as a page would send it."""
    one = question.item
    if one.kind == "case":
        return tuple(part.right for part in question.parts)
    if one.kind == "fill":
        return one.accept[0]
    return "1.5" if one.kind == "numeric" else question.right
