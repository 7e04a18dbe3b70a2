"""Which characters the product's fonts can draw; for what they cannot a mark is printed that can be seen, not a box.

The fonts hold the 8,105 characters of the national table (通用规范汉字表), extension characters of names with them.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn

MARK: Final = "〔?〕"
"""What stands for a character that no font has."""
JOINER: Final = "\u200d"
UNICODE_TABLE: Final = (3, 10)
"""Platform and encoding of a font's table of all of Unicode."""
SEGMENTS: Final = 12
"""The format of such a table: runs of characters."""


def legible(value: Any) -> tuple[Any, int]:  # noqa: ANN401 - whatever a document is made of
    """Give words, in lists and dictionaries too, with a mark for what cannot be drawn; and how many marks."""
    if isinstance(value, str):
        return _legible(value)
    if isinstance(value, dict):
        told = {name: legible(part) for name, part in value.items()}
        return {name: part for name, (part, _) in told.items()}, sum(count for _, count in told.values())
    if isinstance(value, list | tuple):
        parts = [legible(part) for part in value]
        return [part for part, _ in parts], sum(count for _, count in parts)
    return value, 0


def _legible(text: str) -> tuple[str, int]:
    if text.isascii() or all(map(drawable, text)):
        return text, 0
    pieces = list(_pieces(text))
    return "".join(pieces), pieces.count(MARK)


def _pieces(text: str) -> Iterator[str]:
    """Give what is printed, piece by piece; signs that are joined to one, or only alter its looks, have no mark."""
    marked = joined = False
    for character in text:
        if _alters(character):
            joined = character == JOINER
            if not marked:
                yield character
        elif drawable(character):
            marked = joined = False
            yield character
        else:
            if not (marked and joined):
                yield MARK
            marked, joined = True, False


def _alters(character: str) -> bool:
    """Say whether a character has no looks of its own: joiners, choices of a variant, tones of skin."""
    return (
        unicodedata.category(character) == "Cf"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def drawable(character: str) -> bool:
    """Say whether a font has a character, or there is nothing of it to be seen."""
    return character.isspace() or ord(character) in _drawn() or (_alters(character) and character < "\U0001f000")


@cache
def _drawn() -> frozenset[int]:
    """Read what the fonts have; where one lacks a character, another is taken for it."""
    files = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    return frozenset(code for file in files for code in _characters(Path(file).read_bytes()))


def _characters(font: bytes) -> Iterator[int]:
    """Give the characters of an OpenType font: https://learn.microsoft.com/typography/opentype/spec/cmap."""
    (tables,) = struct.unpack_from(">H", font, 4)
    named = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for name, _, offset, _ in named if name == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        at = start + offset
        if (platform, encoding) == UNICODE_TABLE and struct.unpack_from(">H", font, at) == (SEGMENTS,):
            (groups,) = struct.unpack_from(">I", font, at + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
                yield from range(first, last + 1)
