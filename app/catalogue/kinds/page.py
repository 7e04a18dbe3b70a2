"""Reads a page: Markdown with figures, tables and callouts."""

from app.catalogue.kinds.part import Asked, Part, reading_seconds
from app.catalogue.pages import read_page
from app.catalogue.render import render
from app.catalogue.shapes import FileError
from app.catalogue.toml import read_text

CHARACTERS = (900, 2500)
"""How long a page is, in characters without markup and white space."""


def read_page_part(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read page.md."""
    text, errors = read_text(file, asked.files[file])
    page = read_page(text)
    errors += [FileError(file, fault.line, fault.code, fault.message) for fault in page.faults]
    low, high = CHARACTERS
    if not low <= page.characters <= high:
        message = f"The page has {page.characters} characters; from {low} to {high} are wanted"
        errors.append(FileError(file, 1, "length", message))
    part = Part(
        characters=page.characters,
        needed_seconds=reading_seconds(page.characters),
        build=lambda pictures: (render(page.tokens, pictures), None),
        uses=page.figures,
        paragraphs=page.paragraphs,
        cases=page.cases,
    )
    return part, errors
