"""Reads a course's modules: the page, its figures, its length, and renders it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.catalogue.figures import Drawing, read_figure
from app.catalogue.pages import Found, Page, read_page
from app.catalogue.render import Picture, render
from app.catalogue.schema import ModuleFile
from app.catalogue.shapes import Fact, Figure, FileError, Module, figure_digest
from app.catalogue.toml import read_toml

CHARACTERS = (900, 2500)
"""How long a page is, in characters without markup and white space."""
CHARACTERS_A_MINUTE = 400
DWELL_SECONDS = (60, 900)
FOLDER = re.compile(r"modules/\d{3}-([a-z0-9]+(?:-[a-z0-9]+)*)/")


@dataclass(frozen=True)
class ReadModule:
    """A module and what the course's own checks need: its page file, its paragraphs and its invented cases."""

    module: Module
    file: str
    paragraphs: tuple[tuple[int, str], ...]
    cases: tuple[int, ...]


def parse_modules(
    code: str, files: Mapping[str, bytes], facts: Mapping[str, Fact]
) -> tuple[tuple[ReadModule, ...], list[FileError]]:
    """Read every module folder, in the order of their numbers."""
    modules: list[ReadModule] = []
    errors: list[FileError] = []
    slugs: dict[str, str] = {}
    for folder in sorted({match[0] for match in map(FOLDER.match, files) if match}):
        slug = FOLDER.sub(r"\1", folder)
        if slug in slugs:
            errors.append(FileError(folder, None, "slug_repeated", f"{slugs[slug]} has the same name"))
        slugs[slug] = folder
        own = {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}
        module, faults = _parse_module(f"/figures/{code}/", folder, own, facts)
        modules += [module] if module else []
        errors += faults
    return tuple(modules), errors


def needed_seconds(characters: int) -> int:
    """Give the reading time of a page: 400 characters a minute, rounded up, from 60 to 900 seconds."""
    low, high = DWELL_SECONDS
    return min(high, max(low, -(-characters * 60 // CHARACTERS_A_MINUTE)))


def _parse_module(
    root: str, folder: str, files: Mapping[str, bytes], facts: Mapping[str, Fact]
) -> tuple[ReadModule | None, list[FileError]]:
    absent = [n for n in ("module.toml", "page.md") if n not in files]
    if absent:
        return None, [FileError(folder + n, None, "missing_file", "The file is missing") for n in absent]
    file = folder + "module.toml"
    about, lines, errors = read_toml(file, files["module.toml"], ModuleFile)
    for fact in about.facts if about else ():
        if fact not in facts:
            errors.append(FileError(file, lines.of("facts"), "unknown_fact", f"There is no fact {fact}"))
    text, faults = _text(folder + "page.md", files["page.md"])
    errors += faults
    page = read_page(text)
    errors += _page_faults(folder + "page.md", page, files)
    drawings = {name: _drawing(folder + name, data, errors) for name, data in files.items() if name.endswith(".svg")}
    if about is None or errors:
        return None, errors
    figures = tuple(Figure(use.name, files[use.name].decode()) for use in page.figures)
    module = Module(
        slug=FOLDER.sub(r"\1", folder),
        title=about.title,
        category=about.category,
        html=render(page.tokens, {f.name: _picture(root, f, drawings[f.name]) for f in figures}),
        characters=page.characters,
        needed_seconds=needed_seconds(page.characters),
        facts=tuple(about.facts),
        figures=figures,
    )
    return ReadModule(module, folder + "page.md", page.paragraphs, page.cases), errors


def _page_faults(file: str, page: Page, files: Mapping[str, bytes]) -> Iterator[FileError]:
    yield from _at(file, page.faults)
    low, high = CHARACTERS
    if not low <= page.characters <= high:
        message = f"The page has {page.characters} characters; from {low} to {high} are wanted"
        yield FileError(file, 1, "length", message)
    seen: set[str] = set()
    for use in page.figures:
        if use.name not in files or not use.name.endswith(".svg"):
            yield FileError(file, use.line, "figure_missing", f"There is no figure {use.name} beside the page")
        if use.name in seen:
            yield FileError(file, use.line, "figure_repeated", f"The figure {use.name} stands twice")
        seen.add(use.name)
    for name in sorted(n for n in files if n.endswith(".svg") and n not in seen):
        yield FileError(file.replace("page.md", name), 1, "figure_unused", "The page does not show this figure")


def _drawing(file: str, data: bytes, errors: list[FileError]) -> Drawing:
    text, faults = _text(file, data)
    drawing = read_figure(text) if not faults else Drawing()
    errors += [*faults, *_at(file, drawing.faults)]
    return drawing


def _picture(root: str, figure: Figure, drawing: Drawing) -> Picture:
    return Picture(f"{root}{figure_digest(figure.svg)}/{figure.name}", drawing.width, drawing.height, drawing.title)


def _text(file: str, data: bytes) -> tuple[str, list[FileError]]:
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [FileError(file, line, "encoding", "The file is not UTF-8")]


def _at(file: str, faults: Iterator[Found] | tuple[Found, ...] | list[Found]) -> Iterator[FileError]:
    return (FileError(file, f.line, f.code, f.message) for f in faults)
