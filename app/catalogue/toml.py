"""Reads TOML strictly against a pydantic model, every fault with its line, which tomllib does not tell for values."""

import re
import tomllib
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.catalogue.shapes import FileError

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[str | int, ...]

_QUIET = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)
_LANDMARK = re.compile(r"^[ \t]*(?:(\[\[?)([\w. -]+)\]\]?[ \t]*$|([\w.-]+)[ \t]*=)", re.MULTILINE)
_AT = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_CODES = {"extra_forbidden": ("unknown_key", "Unknown key"), "missing": ("missing_key", "Missing")}


class Strict(BaseModel):
    """What the shape of every content file derives from: no unknown keys, no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Lines:
    """Where in a TOML text the tables and keys stand."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        for path, line in _landmarks(text):
            self._lines.setdefault(path, line)

    def of(self, *path: str | int) -> int:
        """Give the line, from 1, of a key; when it is absent, of the table that should hold it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_toml(file: str, data: bytes, model: type[Model]) -> tuple[Model | None, Lines, list[FileError]]:
    """Read UTF-8 TOML; the value is None when there are errors."""
    text, unread = read_text(file, data)
    if unread:
        return None, Lines(""), unread
    lines = Lines(text)
    try:
        return model.model_validate(tomllib.loads(text)), lines, []
    except tomllib.TOMLDecodeError as error:
        return None, lines, [_syntax(file, str(error), text)]
    except ValidationError as error:
        return None, lines, [_shape(file, lines, e["loc"], e["type"], e["msg"]) for e in error.errors()]


def read_text(file: str, data: bytes) -> tuple[str, list[FileError]]:
    """Read UTF-8 text, with or without the mark that Windows puts before it; empty with a fault when it is none."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [FileError(file, line, "encoding", "The file is not UTF-8")]


def _syntax(file: str, message: str, text: str) -> FileError:
    match = _AT.search(message)
    line = int(match[1]) if match and match[1] else text.count("\n") + 1
    return FileError(file, line, "toml", f"Not valid TOML: {_AT.sub('', message)}")


def _shape(file: str, lines: Lines, path: Path, kind: str, message: str) -> FileError:
    code, words = _CODES.get(kind, ("bad_value", message))
    name = ".".join(str(p) for p in path if isinstance(p, str))
    return FileError(file, lines.of(*path), code, f"{name}: {words}" if name else words)


def _landmarks(text: str) -> Iterator[tuple[Path, int]]:
    """Walk tables and keys in order. Strings and comments are blanked first, so that nothing inside them is taken."""
    bare = _QUIET.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    counts: dict[Path, int] = {}
    table: Path = ()
    for match in _LANDMARK.finditer(bare):
        line = bare.count("\n", 0, match.start()) + 1
        if match[3]:
            yield (*table, *match[3].split(".")), line
            continue
        table = _table(match[2].split("."), counts)
        if match[1] == "[[":
            counts[table] = counts.get(table, 0) + 1
            table = (*table, counts[table] - 1)
        yield table, line


def _table(names: list[str], counts: dict[Path, int]) -> Path:
    """Give the path of a header; names before the last stand for the latest element of their array, if it is one."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name.strip())
        path = (*path, counts[path] - 1) if path in counts else path
    return (*path, names[-1].strip())
