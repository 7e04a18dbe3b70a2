"""A module's main file, as read: what the checks look at, and how to build the body once its figures are known."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.catalogue.bodies import Body, ModuleKind, Shown
from app.catalogue.pages import FigureUse
from app.catalogue.render import Picture
from app.catalogue.shapes import Fact, FileError
from app.catalogue.toml import Lines

CHARACTERS_A_MINUTE = 400
LEAST_SECONDS, MOST_SECONDS = 60, 900
LONG_POINT = 20
"""From this many characters on, a short text counts as a paragraph that may not be repeated."""
Pictures = Mapping[str, Picture]
_MARKUP = re.compile(r"\*\*|<[A-Za-z/!]|\[!|!\[")


@dataclass(frozen=True)
class Asked:
    """What a reader gets: the module's kind, its folder's files by name, the facts that the module teaches."""

    kind: ModuleKind
    files: Mapping[str, bytes]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Part:
    """A main file that was read. `build` gives HTML and body; `others`: further files that belong to the module."""

    characters: int
    needed_seconds: int
    build: Callable[[Pictures], tuple[str, Body | None]]
    uses: tuple[FigureUse, ...] = ()
    paragraphs: tuple[tuple[int, str], ...] = ()
    cases: tuple[int, ...] = ()
    others: frozenset[str] = field(default_factory=frozenset)


Reader = Callable[[str, Asked], tuple[Part | None, list[FileError]]]
"""Reads a main file of that name; every fault with its file, relative to the folder, and line."""


def reading_seconds(characters: int) -> int:
    """Give the time that a text needs: 400 characters a minute, rounded up, from 60 to 900 seconds."""
    return min(MOST_SECONDS, max(LEAST_SECONDS, -(-characters * 60 // CHARACTERS_A_MINUTE)))


def bare_length(*texts: str) -> int:
    """Count the characters of texts without white space."""
    return len("".join("".join(texts).split()))


def squeezed(text: str) -> str:
    """Give a text without white space: what repetitions are found by."""
    return "".join(text.split())


def shown(use: str | None, alt: str | None, pictures: Pictures) -> Shown | None:
    """Give a figure as it stands in the module; none when there is none."""
    picture = pictures.get(use) if use else None
    return Shown(picture.src, alt or "", picture.width, picture.height) if picture else None


def figure_uses(figure: str | None, alt: str | None, line: int) -> Iterator[FigureUse]:
    """Give the use of a figure, if there is one."""
    if figure:
        yield FigureUse(figure, alt or "", line)


class Faults:
    """Collects the faults of one TOML file."""

    def __init__(self, file: str, lines: Lines) -> None:
        self.file, self.lines = file, lines
        self.found: list[FileError] = []

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        """Note a fault at a key."""
        self.found.append(FileError(self.file, self.lines.of(*path), code, message))

    def length(self, path: tuple[str | int, ...], text: str, bounds: tuple[int, int]) -> None:
        """Refuse a text outside `bounds`, in characters without white space, and markup in it."""
        low, high = bounds
        count = bare_length(text)
        if not low <= count <= high:
            self.add(path, "length", f"{path[-1]} has {count} characters; from {low} to {high} are wanted")
        if _MARKUP.search(text):
            self.add(path, "markup", f"{path[-1]} is plain text: no Markdown and no HTML")

    def count(self, path: tuple[str | int, ...], count: int, bounds: tuple[int, int], what: str) -> None:
        """Refuse too few or too many of something."""
        low, high = bounds
        if not low <= count <= high:
            self.add(path, "count", f"There are {count} {what}; from {low} to {high} are wanted")

    def figure(self, path: tuple[str | int, ...], figure: str | None, alt: str | None) -> None:
        """Refuse a figure without words, and words without a figure."""
        if figure and not (alt or "").strip():
            self.add((*path, "figure"), "figure_alt", "A figure needs alt: words that say what it shows")
        if alt and not figure:
            self.add((*path, "alt"), "figure_alt", "alt stands without a figure")
