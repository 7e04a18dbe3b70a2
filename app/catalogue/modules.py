"""Reads a course's modules: module.toml, the main file of the module's kind, its figures; and builds them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.catalogue.bodies import Rules
from app.catalogue.figures import Drawing, read_figure
from app.catalogue.kinds import READERS, Part
from app.catalogue.kinds.part import Asked
from app.catalogue.render import Picture
from app.catalogue.schema import ModuleFile, RulesTable
from app.catalogue.shapes import Fact, Figure, FileError, Module, figure_digest
from app.catalogue.toml import Lines, read_text, read_toml

ABOUT = "module.toml"
FOLDER = re.compile(r"modules/\d{3}-([a-z0-9]+(?:-[a-z0-9]+)*)/")


@dataclass(frozen=True)
class ReadModule:
    """A module and what the course's own checks need: its main file, its paragraphs and its cases."""

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


def _parse_module(
    root: str, folder: str, files: Mapping[str, bytes], facts: Mapping[str, Fact]
) -> tuple[ReadModule | None, list[FileError]]:
    read = read_module(files, facts)
    errors = [replace(error, file=folder + error.file) for error in read.errors]
    if read.about is None or read.part is None or errors:
        return None, errors
    about, part = read.about, read.part
    figures = tuple(Figure(use.name, files[use.name].decode()) for use in part.uses)
    html, body = part.build({f.name: _picture(root, f, read.drawings[f.name]) for f in figures})
    module = Module(
        slug=FOLDER.sub(r"\1", folder),
        title=about.title,
        category=about.category,
        html=html,
        characters=part.characters,
        needed_seconds=max(part.needed_seconds, about.rules.dwell_seconds or 0),
        facts=tuple(about.facts),
        figures=figures,
        kind=about.kind,
        body=body,
        rules=_rules(about.rules),
    )
    return ReadModule(module, folder + READERS[about.kind][0], part.paragraphs, part.cases), errors


def _rules(table: RulesTable) -> Rules:
    return Rules(table.skip_forward, table.speed_max, table.dwell_seconds)


@dataclass(frozen=True)
class Unbuilt:
    """A module's folder as far as it could be read; file names are relative to it."""

    about: ModuleFile | None
    part: Part | None
    drawings: Mapping[str, Drawing]
    errors: tuple[FileError, ...]


def read_module(files: Mapping[str, bytes], facts: Mapping[str, Fact]) -> Unbuilt:
    """Read a module's folder, files by name."""
    if ABOUT not in files:
        return Unbuilt(None, None, {}, (_missing(ABOUT),))
    about, lines, errors = read_toml(ABOUT, files[ABOUT], ModuleFile)
    if about is None:
        return Unbuilt(None, None, {}, tuple(errors))
    errors += _unknown_facts(about, lines, facts)
    main, reader = READERS[about.kind]
    if main not in files:
        return Unbuilt(about, None, {}, (*errors, _missing(main)))
    taught = tuple(facts[fact] for fact in about.facts if fact in facts)
    part, faults = reader(main, Asked(about.kind, files, taught))
    errors += faults
    drawings: dict[str, Drawing] = {}
    if part is not None:
        errors += _file_faults(main, part, files)
        drawings = {name: _drawing(name, files[name], errors) for name in files if name.endswith(".svg")}
    return Unbuilt(about, part, drawings, tuple(errors))


def _missing(name: str) -> FileError:
    return FileError(name, None, "missing_file", "The file is missing")


def _unknown_facts(about: ModuleFile, lines: Lines, facts: Mapping[str, Fact]) -> Iterator[FileError]:
    for fact in about.facts:
        if fact not in facts:
            yield FileError(ABOUT, lines.of("facts"), "unknown_fact", f"There is no fact {fact}")


def _file_faults(main: str, part: Part, files: Mapping[str, bytes]) -> Iterator[FileError]:
    """Refuse figures that are absent, shown twice or not at all, and files that do not belong to the module."""
    seen: set[str] = set()
    for use in part.uses:
        if use.name not in files or not use.name.endswith(".svg"):
            yield FileError(main, use.line, "figure_missing", f"There is no figure {use.name} beside {main}")
        if use.name in seen:
            yield FileError(main, use.line, "figure_repeated", f"The figure {use.name} stands twice")
        seen.add(use.name)
    for name in sorted(set(files) - seen - part.others - {ABOUT, main}):
        if name.endswith(".svg"):
            yield FileError(name, 1, "figure_unused", "The module does not show this figure")
        else:
            yield FileError(name, None, "stray_file", "No file of this name belongs in a module of this kind")


def _drawing(file: str, data: bytes, errors: list[FileError]) -> Drawing:
    text, faults = read_text(file, data)
    drawing = read_figure(text) if not faults else Drawing()
    errors += [*faults, *(FileError(file, f.line, f.code, f.message) for f in drawing.faults)]
    return drawing


def _picture(root: str, figure: Figure, drawing: Drawing) -> Picture:
    return Picture(f"{root}{figure_digest(figure.svg)}/{figure.name}", drawing.width, drawing.height, drawing.title)
