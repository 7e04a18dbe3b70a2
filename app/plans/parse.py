"""Parses plan files and the table of key posts: pure, strict, every error with its file and line."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from app.catalogue.shapes import FileError
from app.catalogue.toml import Lines, read_toml
from app.kit.words import N_
from app.plans.faults import PlanError, fault
from app.plans.reading import read_plan
from app.plans.rules import plan_faults
from app.plans.schema import IndicatorTable, PlanFile, PlanPostTable, PostsFile
from app.plans.shapes import (
    Indicator,
    KeyPostRow,
    Phase,
    Plan,
    PlanIndustry,
    PlanPost,
    Requirement,
    Target,
)

__all__ = [
    "Indicator",
    "KeyPostRow",
    "Phase",
    "Plan",
    "PlanIndustry",
    "PlanPost",
    "Requirement",
    "Target",
    "normal",
    "parse_plan",
    "parse_posts",
]

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_CODE = 60
NAMED = N_(
    "The file's name, %(name)s, is to be the plan's code: at most 60 small letters, digits and hyphens, such as "
    "guangdong-2026-2030.toml. Rename the file; if it changes a plan that is there, choose that plan when uploading."
)


def parse_posts(file: str, data: bytes) -> tuple[tuple[KeyPostRow, ...], tuple[FileError, ...]]:
    """Read posts.toml. A code, name or alias means one post only, however it is written."""
    read, lines, errors = read_toml(file, data, PostsFile)
    posts = tuple(KeyPostRow(p.code, p.name, tuple(p.aliases)) for p in read.posts) if read else ()
    errors += _ambiguous(file, lines, posts)
    return posts, tuple(errors)


def parse_plan(
    file: str,
    data: bytes,
    posts: Sequence[KeyPostRow],
    categories: Mapping[str, Sequence[str]],
    regions: Collection[str] | None = None,
) -> tuple[Plan | None, tuple[PlanError, ...]]:
    """Read one plan, named after its code, against the key posts, the categories of each known course, and regions.

    regions: the codes that are known, None: they are not asked about.
    """
    read, lines, errors = read_plan(file, data)
    if read is None:
        return None, tuple(errors)
    code = file.rpartition("/")[2].removesuffix(".toml")
    names = {p.code: p.name for p in posts}
    plan = _plan(code, read, names)
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        errors.append(fault(file, None, "plan_code", NAMED, name=code))
    faults = plan_faults(plan, names, categories, regions)
    errors += [fault(file, lines.of(*found.path), found.code, found.words, **found.details) for found in faults]
    return (None if errors else plan), tuple(errors)


def normal(text: str) -> str:
    """Give a post's name as it is compared: NFKC, lower case, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _ambiguous(file: str, lines: Lines, posts: Sequence[KeyPostRow]) -> Iterator[FileError]:
    owner: dict[str, str] = {}
    for index, post in enumerate(posts):
        for key, text in (("code", post.code), ("name", post.name), *(("aliases", a) for a in post.aliases)):
            first = owner.setdefault(normal(text), post.code)
            if first != post.code or (key != "aliases" and text in post.aliases):
                message = f"{text} already means {first}"
                yield FileError(file, lines.of("posts", index, key), "alias_ambiguous", message)


def _plan(code: str, read: PlanFile, names: Mapping[str, str]) -> Plan:
    return Plan(
        id=0,
        code=code,
        name=read.name,
        short_name=read.short_name,
        provisional=read.provisional,
        starts_on=read.starts_on,
        counts_from=read.counts_from,
        deadline=read.deadline,
        regions=tuple(read.regions),
        posts=tuple(_post(p, names) for p in read.posts),
        industries=tuple(
            PlanIndustry(i.code, i.name, tuple(i.divisions), i.licence, i.from_on, i.to_on) for i in read.industries
        ),
        requirements=tuple(
            Requirement(r.post, r.industry, r.from_on, r.to_on, tuple(r.courses), tuple(r.offline))
            for r in read.requirements
        ),
        phases=tuple(Phase(p.name, p.from_on, p.to_on) for p in read.phases),
        report_on=read.report_on,
        daily_cap_hours=read.daily_cap_hours,
        credit_hour_minutes=read.credit_hour_minutes,
        retention_years=read.retention_years,
        indicators=tuple(_indicator(i) for i in read.indicators),
        source=read.source,
        note=read.note,
    )


def _post(table: PlanPostTable, names: Mapping[str, str]) -> PlanPost:
    return PlanPost(table.code, table.name or names.get(table.code, ""), table.expected, table.from_on, table.to_on)


def _indicator(table: IndicatorTable) -> Indicator:
    targets = tuple(Target(t.year, t.low, t.high) for t in table.targets)
    return Indicator(table.code, table.name, table.formula, table.kind, table.base_year, targets)
