"""Reads a content folder - courses, plans, key posts, facts - and holds each part to the others. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.catalogue import store
from app.catalogue.bank import repeated_stems
from app.catalogue.bodies import Media
from app.catalogue.parse import CATEGORIES, Course, Fact, FileError, parse_course, parse_facts, repeated_paragraphs
from app.plans.parse import KeyPostRow, Plan, parse_plan, parse_posts


@dataclass(frozen=True)
class Content:
    """What a content folder holds; of a part with errors, what could be read."""

    courses: tuple[Course, ...]
    plans: tuple[Plan, ...]
    posts: tuple[KeyPostRow, ...]
    facts: Mapping[str, Fact]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Films, recordings and documents that modules name, by the digest of their content."""


def read_content(folder: Path) -> tuple[Content, tuple[FileError, ...]]:
    """Read and check everything; every error's file is relative to the folder."""
    facts, errors = read_facts(folder)
    courses, categories, faults = _courses(folder / "catalogue", facts)
    errors += faults
    posts, plans, faults = _plans(folder / "plans", categories)
    errors += faults
    return Content(courses, plans, posts, facts, _media(folder / "catalogue", courses)), tuple(errors)


def read_facts(folder: Path) -> tuple[Mapping[str, Fact], list[FileError]]:
    """Read facts.toml and, beside it, facts/*.toml: one file for each field of work; an id stands once."""
    main = folder / "facts.toml"
    if not main.is_file():
        return {}, [FileError("facts.toml", None, "missing_file", "The file is missing")]
    known: dict[str, Fact] = {}
    errors: list[FileError] = []
    for file in (main, *sorted((folder / "facts").glob("*.toml"))):
        name = file.relative_to(folder).as_posix()
        facts, faults = parse_facts(name, file.read_bytes())
        errors += faults
        errors += [FileError(name, None, "fact_repeated", f"The fact {id} stands twice") for id in facts if id in known]
        known = {**facts, **known}
    return known, errors


def _courses(
    folder: Path, facts: Mapping[str, Fact]
) -> tuple[tuple[Course, ...], Mapping[str, tuple[str, ...]], list[FileError]]:
    """Read the courses; one with errors counts for plans as if it held all categories, so that it is blamed once."""
    files = {f.name: read_files(f) for f in sorted(folder.glob("*")) if f.is_dir()}
    courses: list[Course] = []
    categories: dict[str, tuple[str, ...]] = {}
    errors: list[FileError] = []
    for code, own in files.items():
        course, faults = parse_course(code, own, facts)
        courses += [course] if course else []
        categories[code] = course.categories if course else CATEGORIES
        errors += [replace(e, file=f"catalogue/{code}/{e.file}") for e in faults]
    errors += [replace(e, file=f"catalogue/{e.file}") for e in (*repeated_paragraphs(files), *repeated_stems(files))]
    if not files:
        errors.append(FileError("catalogue/", None, "missing_file", "There is no course"))
    return tuple(courses), categories, errors


def _media(folder: Path, courses: tuple[Course, ...]) -> dict[str, bytes]:
    named = store.stored_of(courses)
    codes = {course.code for course in courses for module in course.modules if isinstance(module.body, Media)}
    contents = (store.contents(read_files(folder / code)) for code in sorted(codes))
    return {digest: data for found in contents for digest, data in found.items() if digest in named}


def read_files(folder: Path) -> dict[str, bytes]:
    """Read the files below a course's folder, by their path in it; hidden ones are left out."""
    files = (f for f in folder.rglob("*") if f.is_file() and not f.name.startswith("."))
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(files)}


def _plans(
    folder: Path, categories: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[KeyPostRow, ...], tuple[Plan, ...], list[FileError]]:
    table = folder / "posts.toml"
    if not table.is_file():
        return (), (), [FileError("plans/posts.toml", None, "missing_file", "The file is missing")]
    posts, faults = parse_posts("plans/posts.toml", table.read_bytes())
    errors = list(faults)
    plans: list[Plan] = []
    files = [f for f in sorted(folder.glob("*.toml")) if f != table]
    for file in files:
        plan, faults = parse_plan(f"plans/{file.name}", file.read_bytes(), posts, categories)
        plans += [plan] if plan else []
        errors += faults
    if not files:
        errors.append(FileError("plans/", None, "missing_file", "There is no plan"))
    return posts, tuple(sorted(plans, key=lambda p: (p.starts_on, p.code))), errors
