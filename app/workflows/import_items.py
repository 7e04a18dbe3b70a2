"""Takes questions of another program into a course's files, whole or not at all, and gives a course's questions out."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.catalogue.bank import repeated_stems
from app.catalogue.formats.aiken import parse_aiken
from app.catalogue.formats.drafts import Draft, Drafts, Unreadable, bank_text, of_item
from app.catalogue.formats.gift import parse_gift, write_gift
from app.catalogue.formats.moodle import parse_moodle
from app.catalogue.parse import Course, Fact, FileError, parse_course
from app.catalogue.toml import Lines
from app.kit.errors import Problem
from app.ops.i18n import N_
from app.workflows.read_content import read_facts, read_files

FORMATS: Mapping[str, Callable[[str, str], Drafts]] = {
    "gift": parse_gift,
    "aiken": parse_aiken,
    "moodle": parse_moodle,
}
_MEDIUM = 2
_NUMBER = re.compile(r"(.+)-(\d+)")


@dataclass(frozen=True)
class ImportItems:
    """Questions of a file go into a course: all of one topic, resting on one fact; `difficulty` from 1 to 3."""

    file: Path
    format: str
    course: str
    topic: str
    fact: str
    difficulty: int = _MEDIUM


@dataclass(frozen=True)
class ItemsTaken:
    """What was written: the bank file, and how many items."""

    bank: Path
    count: int


def format_of(file: Path) -> str:
    """Tell a file's format: XML by its name, Aiken by its lines ANSWER:, else GIFT."""
    if file.suffix.lower() == ".xml":
        return "moodle"
    text = file.read_text("utf-8", errors="replace")
    return "aiken" if re.search(r"^\s*ANSWER\s*[:：]", text, re.MULTILINE | re.IGNORECASE) else "gift"


def import_items(folder: Path, asked: ImportItems) -> tuple[ItemsTaken | None, tuple[FileError, ...]]:
    """Write a bank file that passes content check, or nothing and every error with its line.

    Problem 422: unknown course or fact.
    """
    place = folder / "catalogue" / asked.course
    facts, _ = read_facts(folder)
    if not place.is_dir():
        raise Problem(422, "course", N_("There is no course %(course)s."), {"course": asked.course})
    if asked.fact not in facts:
        raise Problem(422, "fact", N_("There is no fact %(fact)s."), {"fact": asked.fact})
    try:
        text = asked.file.read_bytes().decode()
    except UnicodeDecodeError as error:
        return None, (FileError(asked.file.name, None, "encoding", f"The file is not UTF-8: {error.reason}"),)
    drafts, errors = FORMATS[asked.format](asked.file.name, text)
    if errors:
        return None, tuple(errors)
    return _taken(folder, place, asked, drafts, facts)


def _taken(
    folder: Path, place: Path, asked: ImportItems, drafts: Sequence[Draft], facts: Mapping[str, Fact]
) -> tuple[ItemsTaken | None, tuple[FileError, ...]]:
    files = read_files(place)
    bank = _free_name(files, asked.topic)
    ids = _free_ids(files, asked.course, len(drafts))
    written = bank_text(drafts, ids, asked.topic, asked.difficulty, facts[asked.fact])
    faults = parse_course(asked.course, {**files, bank: written.encode()}, facts)[1]
    before = _known(parse_course(asked.course, files, facts)[1])
    new = [fault for fault in faults if _known((fault,)).isdisjoint(before)]
    new += _asked_elsewhere(folder, asked.course, {bank: written.encode()})
    if new:
        placed = _placed(new, bank, written, dict(zip(ids, drafts, strict=True)), asked.file.name)
        return None, tuple(sorted(placed, key=lambda fault: fault.line or 0))
    (place / bank).parent.mkdir(exist_ok=True)
    (place / bank).write_text(written, "utf-8")
    return ItemsTaken(place / bank, len(drafts)), ()


def _known(faults: Sequence[FileError]) -> set[tuple[str, str, str]]:
    return {(fault.file, fault.code, fault.message) for fault in faults}


def _asked_elsewhere(folder: Path, course: str, bank: Mapping[str, bytes]) -> list[FileError]:
    """Find questions that another course asks; the new ones are taken as a course that comes last."""
    others = {one.name: read_files(one) for one in (folder / "catalogue").iterdir() if one.is_dir()}
    others.pop(course, None)
    last = "~" + course
    return [
        replace(fault, file=fault.file.removeprefix(last + "/"))
        for fault in repeated_stems({**others, last: bank})
        if fault.file.startswith(last)
    ]


def _placed(
    faults: Sequence[FileError], bank: str, written: str, drafts: Mapping[str, Draft], name: str
) -> list[FileError]:
    """Show the faults of the new items, by id, where the question begins in the file that was given."""
    begins = [Lines(written).of("item", index) for index in range(len(drafts))]
    ids = list(drafts)
    placed = []
    for fault in faults:
        index = max(sum(line <= (fault.line or 1) for line in begins) - 1, 0)
        id = ids[index] if fault.file == bank else next((one for one in ids if one in fault.message), "")
        placed.append(replace(fault, file=name, line=drafts[id].line) if id else fault)
    return placed


def _free_name(files: Mapping[str, bytes], topic: str) -> str:
    base = topic.replace("_", "-")
    number = 1
    while f"bank/{base}-{number}.toml" in files:
        number += 1
    return f"bank/{base}-{number}.toml"


def _free_ids(files: Mapping[str, bytes], course: str, count: int) -> list[str]:
    """Go on with the ids that the course's items have."""
    text = "\n".join(data.decode(errors="replace") for file, data in files.items() if file.startswith("bank/"))
    numbered = [
        found for found in map(_NUMBER.fullmatch, re.findall(r'^id = "([a-z0-9-]+)"', text, re.MULTILINE)) if found
    ]
    prefixes = Counter(found[1] for found in numbered)
    prefix = prefixes.most_common(1)[0][0] if prefixes else course
    last = max((int(found[2]) for found in numbered if found[1] == prefix), default=0)
    return [f"{prefix}-{number:03d}" for number in range(last + 1, last + count + 1)]


@dataclass(frozen=True)
class ItemsGiven:
    """A course's questions in another format, and the ids of those that it has no form for."""

    text: str
    left_out: tuple[str, ...]


def export_items(course: Course) -> ItemsGiven:
    """Give a course's questions as GIFT."""
    named: list[tuple[str, Draft]] = []
    left_out: list[str] = []
    for item in course.items:
        try:
            named.append((item.id, of_item(item)))
        except Unreadable:
            left_out.append(item.id)
    return ItemsGiven(write_gift(named), tuple(left_out))
