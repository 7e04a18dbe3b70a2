"""What changed between two versions of a course, in the order of the newer one. Pure.

Every part of a course is laid out as lines of text - a page's blocks, an item's stem, options and explanation, a
scene's choices - and the lines are compared, so that any kind of module or item can be.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any, Literal, NamedTuple

from app.catalogue.shapes import Course, figure_digest, to_json

Kind = Literal["same", "added", "removed", "gap"]
AROUND = 1
"""Unchanged lines that are shown before and after a change."""
PartKind = Literal["course", "module", "item", "paper"]
_BLOCK = re.compile(r"</(?:p|h\d|li|td|th|tr|blockquote|figure|summary|figcaption|div)>|<br\s*/?>", re.IGNORECASE)
_PICTURE = re.compile(r'<img[^>]*?src="[^"]*/([^"/]+)"[^>]*>')
_TAG = re.compile(r"<[^>]+>")
_UNSAID = {"characters", "needed_seconds", "slug"}
"""What follows from the rest, or is named beside it."""
_CODED = {"change", "category", "categories", "kind", "topic", "current_from", "retake_from", "fact", "facts", "unit"}
"""Fields whose text is a code or a day: it says nothing without the field's name."""


class Said(NamedTuple):
    """What a line says: text as it is read, or the value of the `field` that is named."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a part: kept, new or gone; `gap` stands for unchanged lines that are left out."""

    kind: Kind
    text: str
    field: str = ""


@dataclass(frozen=True)
class Part:
    """A module, an item, a paper or the course's own particulars: new, gone, or changed line by line."""

    kind: PartKind
    key: str
    title: str
    change: Literal["added", "removed", "changed", "moved"]
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        """Give the lines that changed with those around them."""
        near = {at + step for at, line in enumerate(self.lines) if line.kind != "same" for step in (-AROUND, 0, AROUND)}
        found: list[Line] = []
        for at, line in enumerate(self.lines):
            if at in near:
                found.append(line)
            elif not found or found[-1].kind != "gap":
                found.append(Line("gap", ""))
        return tuple(found)


def compare(before: Course | None, after: Course) -> tuple[Part, ...]:
    """Give the parts that differ; for a first version every part is new."""
    old, new = to_json(before) if before else {}, to_json(after)
    found = [*_particulars(old, new)]
    sections: tuple[tuple[PartKind, str, str, Callable[[Mapping[str, Any]], str]], ...] = (
        ("module", "modules", "slug", lambda body: str(body["title"])),
        ("item", "items", "id", lambda body: str(body["stem"])),
        ("paper", "papers", "code", lambda body: str(body["title"])),
    )
    for kind, name, key, title in sections:
        found += _section(kind, old.get(name, ()), new[name], key, title)
    return tuple(found)


def _particulars(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Part]:
    own = {"modules", "items", "papers"}
    before = [line for key, value in old.items() if key not in own for line in lines_of({key: value})]
    after = [line for key, value in new.items() if key not in own for line in lines_of({key: value})]
    if before != after:
        change: Literal["added", "changed"] = "changed" if old else "added"
        yield Part("course", "", str(new["title"]), change, _difference(before, after))


def _section(
    kind: PartKind,
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    key: str,
    title: Callable[[Mapping[str, Any]], str],
) -> Iterator[Part]:
    known = {body[key]: body for body in old}
    kept = [body[key] for body in new if body[key] in known]
    moved = _moved([body[key] for body in old if body[key] in set(kept)], kept)
    for body in new:
        before = known.pop(body[key], None)
        lines = lines_of(body)
        if before is None:
            yield Part(kind, body[key], title(body), "added", tuple(Line("added", *line) for line in lines))
        elif lines_of(before) != lines:
            yield Part(kind, body[key], title(body), "changed", _difference(lines_of(before), lines))
        elif body[key] in moved:
            yield Part(kind, body[key], title(body), "moved", ())
    for body in known.values():
        yield Part(kind, body[key], title(body), "removed", tuple(Line("removed", *line) for line in lines_of(body)))


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Give those that do not keep their order among the ones that were there before."""
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    kept = {new[block.b + at] for block in matcher.get_matching_blocks() for at in range(block.size)}
    return set(new) - kept


def lines_of(body: Mapping[str, Any]) -> list[Said]:
    """Lay a part out as lines: text as it is read, what is right by its letter, other values with their field."""
    return [line for name, value in body.items() if name not in _UNSAID for line in _lines(name, value)]


def _lines(name: str, value: Any) -> Iterator[Said]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _lines(key, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _lines(name, inner)
    elif name == "svg":
        yield Said(figure_digest(value), name)
    elif isinstance(value, str):
        texts = _blocks(value) if name == "html" or "</" in value else (text for text in value.split("\n") if text)
        yield from (Said(text, name if name in _CODED else "") for text in texts)
    elif name == "right" and isinstance(value, bool):
        yield Said("✓" if value else "✗")
    elif name == "right" and isinstance(value, int):
        yield Said(f"✓ {chr(ord('A') + value)}")
    elif value is not None:
        yield Said(str(value), name)


def _blocks(html: str) -> Iterator[str]:
    html = _PICTURE.sub(r" [\1] ", html)
    for block in _BLOCK.split(html):
        text = re.sub(r"\s+", " ", unescape(_TAG.sub("", block))).strip()
        if text:
            yield text


def _difference(before: Sequence[Said], after: Sequence[Said]) -> tuple[Line, ...]:
    found: list[Line] = []
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if tag == "equal":
            found += [Line("same", *said) for said in after[from_b:to_b]]
        else:
            found += [Line("removed", *said) for said in before[from_a:to_a]]
            found += [Line("added", *said) for said in after[from_b:to_b]]
    return tuple(found)
