"""Parses course files: pure, strict, and every error with its file and line, not just the first."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.catalogue.bank import parse_bank
from app.catalogue.item import TRUE_FALSE, Item, ItemKind, Part
from app.catalogue.modules import FOLDER, parse_modules
from app.catalogue.papers import parse_papers
from app.catalogue.reading import hard_sentences
from app.catalogue.rules import course_faults, quiz_faults, repeated_here, repeated_paragraphs
from app.catalogue.schema import CourseFile, FactsFile
from app.catalogue.shapes import (
    CATEGORIES,
    Category,
    Course,
    Draw,
    Fact,
    Figure,
    FileError,
    Module,
    Paper,
    content_hash,
    from_json,
    to_json,
)
from app.catalogue.toml import Lines, read_toml

__all__ = [
    "CATEGORIES",
    "TRUE_FALSE",
    "Category",
    "Course",
    "Draw",
    "Fact",
    "Figure",
    "FileError",
    "Item",
    "ItemKind",
    "Module",
    "Paper",
    "Part",
    "content_hash",
    "from_json",
    "parse_course",
    "parse_facts",
    "repeated_paragraphs",
    "to_json",
]

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_KNOWN = re.compile(
    rf"course\.toml|{FOLDER.pattern}[a-z0-9-]+\.[a-z0-9]{{2,4}}"
    r"|bank/[a-z0-9-]+\.toml|papers/[a-z0-9-]+\.toml"
)


def parse_course(
    code: str, files: Mapping[str, bytes], facts: Mapping[str, Fact]
) -> tuple[Course | None, tuple[FileError, ...]]:
    """Parse one course from its files (paths relative to the course's folder); no course when there is any error."""
    errors = [*_stray(code, files)]
    about, lines, faults = _about(files)
    topics = None if about is None else about.topics
    modules, module_faults = parse_modules(code, files, facts)
    taught = None if module_faults else {fact for m in modules for fact in m.module.facts}
    items, bank_faults = parse_bank(_in("bank/", files), topics, facts, taught)
    papers, paper_faults = parse_papers(_in("papers/", files), topics, items)
    errors += [*faults, *module_faults, *bank_faults, *paper_faults]
    errors += [*repeated_here(modules), *hard_sentences(modules)]
    if not bank_faults:
        errors += quiz_faults(modules, items, files)
    if about is not None:
        errors += course_faults(about, lines, modules, whole=not module_faults)
    if about is None or errors:
        return None, tuple(errors)
    return _course(code, about, [m.module for m in modules], items, papers), ()


def parse_facts(file: str, data: bytes) -> tuple[dict[str, Fact], tuple[FileError, ...]]:
    """Read the fact bank, facts.toml, by fact id."""
    read, _, errors = read_toml(file, data, FactsFile)
    tables = read.facts if read else {}
    return {id: Fact(id, t.grade, t.text, t.source) for id, t in tables.items()}, tuple(errors)


def _stray(code: str, files: Mapping[str, bytes]) -> Iterator[FileError]:
    if not _CODE.fullmatch(code):
        yield FileError("course.toml", None, "course_code", f"{code} is not lower-case ASCII with hyphens")
    for file in sorted(files):
        if not _KNOWN.fullmatch(file):
            yield FileError(file, None, "stray_file", "No file of this name belongs in a course")
    for need, words in (("modules/", "a module"), ("bank/", "a bank of items"), ("papers/", "a paper")):
        if not _in(need, files):
            yield FileError(need, None, "missing_file", f"The course needs {words}")


def _about(files: Mapping[str, bytes]) -> tuple[CourseFile | None, Lines, list[FileError]]:
    if "course.toml" not in files:
        return None, Lines(""), [FileError("course.toml", None, "missing_file", "The file is missing")]
    return read_toml("course.toml", files["course.toml"], CourseFile)


def _in(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {file: data for file, data in files.items() if file.startswith(folder)}


def _course(
    code: str, about: CourseFile, modules: Sequence[Module], items: Sequence[Item], papers: Sequence[Paper]
) -> Course:
    return Course(
        code=code,
        title=about.title,
        title_en=about.title_en,
        summary=about.summary,
        categories=tuple(c for c in CATEGORIES if c in about.categories),
        hours=about.hours,
        valid_months=about.valid_months,
        current_from=about.current_from,
        change=about.change.kind,
        retake_from=about.change.retake_from,
        note=about.change.note,
        topics=dict(about.topics),
        modules=tuple(modules),
        items=tuple(items),
        papers=tuple(papers),
    )
