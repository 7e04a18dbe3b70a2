"""Reads slides: one thought on one phone screen each, with a caption that can be read out."""

from typing import Annotated

from pydantic import Field

from app.catalogue.bodies import Slide, Slides
from app.catalogue.kinds.part import (
    Asked,
    Faults,
    Part,
    Pictures,
    bare_length,
    figure_uses,
    reading_seconds,
    shown,
    squeezed,
)
from app.catalogue.schema import Words
from app.catalogue.shapes import FileError
from app.catalogue.toml import Strict, read_toml

SLIDES, TITLE, TEXT, WHOLE = (8, 14), (1, 16), (40, 160), (600, 2000)
"""How many slides; how long a title, a text and all together are, in characters without white space."""


class SlideTable(Strict):
    """One [[slide]]."""

    title: Words
    text: Annotated[str, Field(max_length=1000)]
    figure: Words | None = None
    alt: Words | None = None


class SlidesFile(Strict):
    """slides.toml."""

    slide: Annotated[list[SlideTable], Field(min_length=1)]


def read_slides(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read slides.toml."""
    read, lines, errors = read_toml(file, asked.files[file], SlidesFile)
    if read is None:
        return None, errors
    slides, faults = read.slide, Faults(file, lines)
    characters = sum(bare_length(slide.title, slide.text) for slide in slides)
    faults.count(("slide",), len(slides), SLIDES, "slides")
    for index, slide in enumerate(slides):
        faults.length(("slide", index, "title"), slide.title, TITLE)
        faults.length(("slide", index, "text"), slide.text, TEXT)
        faults.figure(("slide", index), slide.figure, slide.alt)
    low, high = WHOLE
    if not low <= characters <= high:
        faults.add((), "length", f"The slides have {characters} characters; from {low} to {high} are wanted")
    uses = (figure_uses(s.figure, s.alt, lines.of("slide", n, "figure")) for n, s in enumerate(slides))
    part = Part(
        characters=characters,
        needed_seconds=reading_seconds(characters),
        build=lambda pictures: ("", _slides(slides, pictures)),
        uses=tuple(use for one in uses for use in one),
        paragraphs=tuple((lines.of("slide", n, "text"), squeezed(slide.text)) for n, slide in enumerate(slides)),
    )
    return part, faults.found


def _slides(tables: list[SlideTable], pictures: Pictures) -> Slides:
    return Slides(tuple(Slide(t.title, " ".join(t.text.split()), shown(t.figure, t.alt, pictures)) for t in tables))
