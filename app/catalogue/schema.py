"""The shapes of the course files, as pydantic models; what a shape cannot say is checked in parse and items."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.catalogue.bodies import PAGE, ModuleKind
from app.catalogue.item import ItemKind, PartKind
from app.catalogue.shapes import Category
from app.catalogue.toml import Strict

Words = Annotated[str, StringConstraints(pattern=r"\A\S(?:[^\n]*\S)?\z", max_length=400)]
"""One line of text, with something in it and no blanks at its ends."""
Code = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_-]*\z", max_length=60)]
FactId = Annotated[str, StringConstraints(pattern=r"\A[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\z")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Title = Annotated[Words, Field(max_length=60)]


class ChangeFile(Strict):
    """What this version is against the one before."""

    kind: Literal["editorial", "retake"]
    retake_from: date | None = None
    note: Words


class CourseFile(Strict):
    """course.toml."""

    title: Title
    title_en: Words
    summary: Words
    categories: Annotated[list[Category], Field(min_length=1)]
    hours: Annotated[float, Field(gt=0, le=100)]
    valid_months: Annotated[int, Field(ge=1, le=600)] | None = None
    current_from: date
    topics: Annotated[dict[Code, Title], Field(min_length=1)]
    change: ChangeFile


class RulesTable(Strict):
    """[rules] of a module: how it may be gone through; `dwell_seconds` only lengthens the least time."""

    skip_forward: bool = False
    speed_max: Annotated[float, Field(ge=1, le=2)] = 1.0
    dwell_seconds: Annotated[int, Field(ge=60, le=3600)] | None = None


class ModuleFile(Strict):
    """modules/NNN-slug/module.toml."""

    title: Title
    kind: ModuleKind = PAGE
    rules: RulesTable = RulesTable()
    category: Category
    facts: Annotated[list[FactId], Field(min_length=1)]


class AskedTable(Strict):
    """What every question says: an item, and a part of a case."""

    stem: Words
    right: list[Words] | None = None
    wrong: list[Words] | None = None
    answer: bool | None = None
    explanation: Words


class PartTable(AskedTable):
    """One [[item.part]] of a case."""

    kind: PartKind


class ItemTable(AskedTable):
    """One [[item]] of a bank file."""

    id: Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)+\z", max_length=40)]
    kind: ItemKind
    topic: Code
    difficulty: Literal[1, 2, 3]
    fact: FactId
    source: Words
    verified: bool = True
    accept: list[Words] | None = None
    value: Number | None = None
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    unit: Annotated[Words, Field(max_length=12)] | None = None
    sequence: list[Words] | None = None
    pairs: list[Annotated[list[Words], Field(min_length=2, max_length=2)]] | None = None
    part: list[PartTable] | None = None


class BankFile(Strict):
    """bank/<topic>.toml."""

    item: Annotated[list[ItemTable], Field(min_length=1)]


class DrawTable(Strict):
    """One [[draw]] of a paper."""

    kind: ItemKind
    count: Annotated[int, Field(ge=1, le=100)]
    topic: Code | None = None


class PaperFile(Strict):
    """papers/<code>.toml."""

    title: Title
    minutes: Annotated[int, Field(ge=1, le=300)]
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int, Field(ge=1, le=100)]
    cool_down_hours: Annotated[int, Field(ge=0, le=24 * 365)]
    draw: Annotated[list[DrawTable], Field(min_length=1)]


class FactTable(Strict):
    """One [facts.<ID>] of facts.toml."""

    grade: Literal["S", "P", "G"]
    source: Words
    text: Words


class FactsFile(Strict):
    """facts.toml."""

    facts: Annotated[dict[FactId, FactTable], Field(min_length=1)]
