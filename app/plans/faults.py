"""What is wrong in a plan file, told so that it can be translated: which field, and what to write instead. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.catalogue.shapes import FileError

Detail = str | int | date | tuple[str, ...]
"""What stands in a message; a tuple's words are msgids themselves."""


@dataclass(frozen=True)
class PlanError(FileError):
    """A fault whose `message` is English; `words` is its msgid and `details` what stands in it."""

    words: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)


def fault(file: str, line: int | None, code: str, words: str, **details: Detail) -> PlanError:
    """Make a fault at a line, None: of the whole file."""
    plain = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in details.items()}
    return PlanError(file, line, code, words % plain, words, details)


Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a plan that was read: where in the file (keys and indices), a code, a msgid with its details."""

    path: Path
    code: str
    words: str
    details: Mapping[str, Detail]


def at(path: Path, code: str, words: str, **details: Detail) -> Fault:
    """Make a fault at a place of the file."""
    return Fault(path, code, words, details)
