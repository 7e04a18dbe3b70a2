"""Small courses for tests: a few short modules, a bank, a paper of ten questions, made without files."""

from dataclasses import replace
from datetime import date

from app.catalogue.item import TRUE_FALSE, Item, ItemKind
from app.catalogue.shapes import Course, Draw, Module, Paper


def small_course(code: str = "ladders", *, modules: int = 2, seconds: int = 60, **changes: object) -> Course:
    """Make a course of some modules of some seconds; keywords replace its fields."""
    return replace(
        Course(
            code=code,
            title="梯子安全",
            title_en="Ladder safety",
            summary="怎样安全使用梯子。",
            categories=("policy", "prevention", "warning"),
            hours=1.0,
            valid_months=None,
            current_from=date(2021, 1, 1),
            change="editorial",
            retake_from=None,
            note="首版",
            topics={"use": "使用", "law": "法规"},
            modules=tuple(small_module(number, seconds) for number in range(1, modules + 1)),
            items=tuple(bank()),
            papers=(small_paper(),),
        ),
        **changes,  # type: ignore[arg-type]
    )


def small_module(number: int, seconds: int) -> Module:
    return Module(
        slug=f"{number:03d}-step",
        title=f"第{number}步",
        category="prevention",
        html=f"<p>第{number}页的正文。</p>",
        characters=seconds * 400 // 60,
        needed_seconds=seconds,
        facts=("GSTL-1-1",),
        figures=(),
    )


def small_paper(*, attempts: int = 3, cool_down_hours: int = 24, pass_mark: int = 80) -> Paper:
    draws = (Draw("single", 5, None), Draw("multiple", 3, None), Draw("true_false", 2, "law"))
    return Paper("final", "结业考试", 30, pass_mark, attempts, cool_down_hours, draws)


def bank() -> list[Item]:
    """Make 8 single, 6 multiple and 6 true_false items."""
    singles = [item(f"s{n}", "single", ("甲", "乙", "丙", "丁"), (n % 4,)) for n in range(8)]
    multiples = [item(f"m{n}", "multiple", ("子", "丑", "寅", "卯", "辰"), (0, 1 + n % 4)) for n in range(6)]
    return singles + multiples + [item(f"t{n}", "true_false", TRUE_FALSE, (n % 2,), topic="law") for n in range(6)]


def item(name: str, kind: ItemKind, options: tuple[str, ...], right: tuple[int, ...], *, topic: str = "use") -> Item:
    explanation = f"解释{name}"
    return Item(name, kind, topic, 1, "GSTL-1-1", f"题干{name}？", options, right, explanation, "《条例》第一条", True)
