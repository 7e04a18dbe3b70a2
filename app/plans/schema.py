"""The shapes of the plan files, as pydantic models; what a shape cannot say is checked in parse and rules.

from_on is the first day on which a post, an industry or a requirement counts, to_on the first day on which it no
longer does; without them it always counts. A phase begins on its from_on and ends with its to_on, that day included.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.catalogue.toml import Strict

Words = Annotated[str, StringConstraints(pattern=r"\A\S(?:[^\n]*\S)?\z", max_length=400)]
Code = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_]*\z", max_length=30)]
PlanCode = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)*\z", max_length=60)]
Name = Annotated[Words, Field(max_length=60)]
Percent = Annotated[float, Field(ge=0, le=100)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class PostTable(Strict):
    """One [[posts]] of posts.toml."""

    code: Annotated[Code, Field(max_length=40)]
    name: Name
    aliases: list[Name]


class PostsFile(Strict):
    """posts.toml."""

    posts: Annotated[list[PostTable], Field(min_length=1)]


class PlanPostTable(Strict):
    """One [[posts]] of a plan; `name` where the plan calls the post otherwise; from_on, to_on: when it is one."""

    code: Code
    name: Name | None = None
    expected: bool
    from_on: date | None = None
    to_on: date | None = None


class IndustryTable(Strict):
    """One [[industries]] of a plan; from_on, to_on: when it is one."""

    code: Code
    name: Name
    divisions: list[Annotated[str, StringConstraints(pattern=r"\A\d\d\z")]]
    licence: bool = False
    from_on: date | None = None
    to_on: date | None = None


class RequirementTable(Strict):
    """One [[requirements]] of a plan; offline: those of its courses that only training held in person meets."""

    post: Code
    industry: Code | None = None
    from_on: date | None = None
    to_on: date | None = None
    courses: Annotated[list[PlanCode], Field(min_length=1)]
    offline: Annotated[list[PlanCode], Field(default_factory=list)]


class PhaseTable(Strict):
    """One [[phases]] of a plan."""

    name: Name
    from_on: date
    to_on: date


class TargetTable(Strict):
    """One target of an indicator."""

    year: Year | None = None
    low: Percent | None = None
    high: Percent | None = None


class IndicatorTable(Strict):
    """One [[indicators]] of a plan."""

    code: Code
    name: Name
    formula: Words
    kind: Literal["decrease", "share"]
    base_year: Year | None = None
    targets: Annotated[list[TargetTable], Field(min_length=1)]


class PlanFile(Strict):
    """<plan code>.toml; the upper bounds keep the checks of an uploaded one short."""

    name: Annotated[Words, Field(max_length=120)]
    short_name: Name
    source: Words
    note: Words
    provisional: bool
    starts_on: date
    counts_from: date
    deadline: date
    report_on: Annotated[str, StringConstraints(pattern=r"\A(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\z")] | None = None
    regions: Annotated[list[Annotated[str, StringConstraints(pattern=r"\A\d{6}\z")]], Field(min_length=1)]
    daily_cap_hours: Annotated[float, Field(gt=0, le=24)] = 8.0
    credit_hour_minutes: Annotated[int, Field(ge=1, le=60)] = 45
    retention_years: Annotated[int, Field(ge=1, le=100)] = 6
    posts: Annotated[list[PlanPostTable], Field(min_length=1, max_length=20)]
    industries: Annotated[list[IndustryTable], Field(min_length=1, max_length=40)]
    requirements: Annotated[list[RequirementTable], Field(min_length=1, max_length=200)]
    phases: Annotated[list[PhaseTable], Field(default_factory=list)]
    indicators: Annotated[list[IndicatorTable], Field(default_factory=list)]
