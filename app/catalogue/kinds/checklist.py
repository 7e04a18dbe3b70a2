"""Reads a checklist: points to tick at work, each with its why."""

from typing import Annotated

from pydantic import Field

from app.catalogue.bodies import Checklist, Point
from app.catalogue.kinds.part import LONG_POINT, Asked, Faults, Part, bare_length, reading_seconds, squeezed
from app.catalogue.schema import Words
from app.catalogue.shapes import FileError
from app.catalogue.toml import Strict, read_toml

POINTS, TEXT, WHY, WHOLE = (6, 12), (2, 60), (30, 120), (300, 1500)
"""How many points; how long a point, its why and all together are, in characters without white space."""


class PointTable(Strict):
    """One [[point]]."""

    text: Words
    why: Words


class ChecklistFile(Strict):
    """checklist.toml."""

    intro: Words
    point: Annotated[list[PointTable], Field(min_length=1)]


def read_checklist(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read checklist.toml."""
    read, lines, errors = read_toml(file, asked.files[file], ChecklistFile)
    if read is None:
        return None, errors
    points, faults = read.point, Faults(file, lines)
    characters = bare_length(read.intro, *(point.text + point.why for point in points))
    faults.count(("point",), len(points), POINTS, "points")
    known: dict[str, int] = {}
    for index, point in enumerate(points):
        faults.length(("point", index, "text"), point.text, TEXT)
        faults.length(("point", index, "why"), point.why, WHY)
        if known.setdefault(squeezed(point.text), index) != index:
            faults.add(("point", index, "text"), "point_repeated", f"“{point.text}” stands twice")
    low, high = WHOLE
    if not low <= characters <= high:
        faults.add((), "length", f"The checklist has {characters} characters; from {low} to {high} are wanted")
    said = [(("intro",), read.intro), *((("point", n, "why"), point.why) for n, point in enumerate(points))]
    part = Part(
        characters=characters,
        needed_seconds=reading_seconds(characters),
        build=lambda _: ("", Checklist(read.intro, tuple(Point(p.text, p.why) for p in points))),
        paragraphs=tuple((lines.of(*path), squeezed(text)) for path, text in said if bare_length(text) >= LONG_POINT),
    )
    return part, faults.found
