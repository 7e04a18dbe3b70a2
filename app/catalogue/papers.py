"""Reads a course's papers and checks that the bank can fill every draw with items to spare."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from app.catalogue.item import PART_KINDS, Item, ItemKind
from app.catalogue.schema import PaperFile
from app.catalogue.shapes import Draw, FileError, Paper
from app.catalogue.toml import Lines, read_toml

_CODE = re.compile(r"papers/(.+)\.toml")


def parse_papers(
    files: Mapping[str, bytes], topics: Collection[str] | None, items: Sequence[Item]
) -> tuple[tuple[Paper, ...], list[FileError]]:
    """Read the blueprints; `topics` None: unknown, and not checked."""
    papers: list[Paper] = []
    errors: list[FileError] = []
    for file in sorted(files):
        read, lines, faults = read_toml(file, files[file], PaperFile)
        errors += faults
        if read is None:
            continue
        draws = tuple(Draw(d.kind, d.count, d.topic) for d in read.draw)
        errors += _draw_faults(file, lines, draws, topics, items)
        code = _CODE.sub(r"\1", file)
        limits = (read.minutes, read.pass_mark, read.attempts, read.cool_down_hours)
        papers.append(Paper(code, read.title, *limits, draws))
    return tuple(papers), errors


def _draw_faults(
    file: str, lines: Lines, draws: Sequence[Draw], topics: Collection[str] | None, items: Sequence[Item]
) -> Iterator[FileError]:
    wanted: Counter[tuple[str, str | None]] = Counter()
    for draw in draws:
        for topic in {draw.topic, None}:
            wanted[draw.kind, topic] += draw.count
    for index, draw in enumerate(draws):
        if draw.topic and topics is not None and draw.topic not in topics:
            message = f"the topic {draw.topic} is not in course.toml"
            yield FileError(file, lines.of("draw", index, "topic"), "unknown_topic", message)
        needed = spare(draw.kind, wanted[draw.kind, draw.topic])
        held = sum(_drawable(item, draw) for item in items)
        if held < needed:
            place = f"{draw.kind}{f' on {draw.topic}' if draw.topic else ''}"
            message = f"the bank holds {held} verified items of {place}; {needed} are needed"
            yield FileError(file, lines.of("draw", index, "count"), "bank_small", message)


def spare(kind: ItemKind, count: int) -> int:
    """Give how many items a draw of `count` needs: of choices a fifth more, so that two papers differ."""
    return -(-count * 6 // 5) if kind in PART_KINDS else count


def _drawable(item: Item, draw: Draw) -> bool:
    return item.verified and item.kind == draw.kind and draw.topic in {None, item.topic}
