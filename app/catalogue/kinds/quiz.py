"""Reads a checkpoint quiz: items of the course's own bank. Which of them exist is for the course's rules to say."""

from typing import Annotated

from pydantic import Field

from app.catalogue.bodies import Quiz
from app.catalogue.kinds.part import Asked, Faults, Part
from app.catalogue.schema import Words
from app.catalogue.shapes import FileError
from app.catalogue.toml import Strict, read_toml

ITEMS = (3, 6)
SECONDS_AN_ITEM, LEAST_SECONDS = 30, 60


class QuizFile(Strict):
    """quiz.toml."""

    items: list[Words]
    right_needed: Annotated[int, Field(ge=1)]


def read_quiz(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read quiz.toml."""
    read, lines, errors = read_toml(file, asked.files[file], QuizFile)
    if read is None:
        return None, errors
    faults, count = Faults(file, lines), len(read.items)
    faults.count(("items",), count, ITEMS, "items")
    if len(set(read.items)) < count:
        faults.add(("items",), "item_repeated", "An item stands twice")
    if read.right_needed > count:
        faults.add(("right_needed",), "right_needed", f"{read.right_needed} right ones are needed of {count} items")
    seconds = max(LEAST_SECONDS, SECONDS_AN_ITEM * count)
    quiz = Quiz(tuple(read.items), read.right_needed)
    return Part(characters=0, needed_seconds=seconds, build=lambda _: ("", quiz)), faults.found
