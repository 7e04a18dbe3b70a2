"""Holds each kind of item to its rules, and makes the item of what a bank file says."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.answers import normalised
from app.catalogue.item import TRUE_FALSE, Item, ItemKind, Part
from app.catalogue.likeness import bare
from app.catalogue.schema import AskedTable, ItemTable, PartTable
from app.catalogue.shapes import Fact, FileError
from app.catalogue.toml import Lines

GRADED = {"S", "P"}
"""Grades of facts on which a graded paper may rest (DESIGN section 5)."""
WRONG_OF_SINGLE = 3
OPTIONS_OF_MULTIPLE = (4, 5)
ACCEPTED_CHARACTERS = 12
STEPS = (3, 6)
PAIRS = (3, 5)
PARTS = (2, 4)
CASE_CHARACTERS = (80, 300)
BLANK = re.compile(r"_{4,}")
"""The place in a stem where the words are missing."""
_KEYS: Mapping[ItemKind, frozenset[str]] = {
    "single": frozenset({"right", "wrong"}),
    "multiple": frozenset({"right", "wrong"}),
    "true_false": frozenset({"answer"}),
    "fill": frozenset({"accept"}),
    "numeric": frozenset({"value", "tolerance", "unit"}),
    "order": frozenset({"sequence"}),
    "match": frozenset({"pairs"}),
    "case": frozenset({"part"}),
}
"""What the answer of each kind is written with; of numeric only the value is needed."""
_NEEDED: Mapping[ItemKind, str] = {
    "true_false": "answer = true or false",
    "fill": "accept = […]",
    "numeric": "value = …",
    "order": "sequence = […]",
    "match": "pairs = [[…, …], …]",
    "case": "[[item.part]]",
}
_CATCH_ALL = re.compile(
    r"^(?:以上|上述|前述)(?:都|均|全|皆|各项|选项|答案|说法|做法|[一二两三四]项)"
    r"|^(?:全|都|均)(?:部|是|不)*(?:对|正确|错|错误)$|^[A-E]\s*(?:和|与|、|及|或)\s*[A-E]"
)


@dataclass(frozen=True)
class Placed:
    """An item as written, and where."""

    file: str
    lines: Lines
    index: int
    table: ItemTable

    def error(self, key: str, code: str, message: str) -> FileError:
        """Make a fault of one of the item's keys."""
        return self.place(key, code, f"{self.table.id}: {message}")

    def place(self, key: str, code: str, message: str) -> FileError:
        """Make a fault that is not of this item alone, but best shown here."""
        return FileError(self.file, self.lines.of("item", self.index, key), code, message)

    def part_error(self, part: int, key: str, code: str, message: str) -> FileError:
        """Make a fault of one of the keys of a case's part."""
        line = self.lines.of("item", self.index, "part", part, key)
        return FileError(self.file, line, code, f"{self.table.id}, part {part + 1}: {message}")


Fault = Callable[[str, str, str], FileError]
"""Makes a fault out of the key, a code and a message."""


def item_faults(one: Placed, topics: Collection[str] | None, facts: Mapping[str, Fact]) -> Iterator[FileError]:
    """Check one item: its topic, its fact, and the answer as its kind wants it."""
    table = one.table
    if topics is not None and table.topic not in topics:
        yield one.error("topic", "unknown_topic", f"the topic {table.topic} is not in course.toml")
    fact = facts.get(table.fact)
    if fact is None:
        yield one.error("fact", "unknown_fact", f"there is no fact {table.fact}")
    elif table.verified and fact.grade not in GRADED:
        yield one.error("fact", "fact_grade", f"the fact {fact.id} is graded G: the item needs verified = false")
    yield from _key_faults(one)
    if table.kind == "case":
        yield from _case_faults(one)
    elif table.kind in _ANSWERS:
        yield from _ANSWERS[table.kind](table, one.error)
    else:
        yield from _option_faults(table, one.error)


def _key_faults(one: Placed) -> Iterator[FileError]:
    """Find keys that belong to another kind, and miss those that belong to this one."""
    table, own = one.table, _KEYS[one.table.kind]
    every = sorted({key for keys in _KEYS.values() for key in keys})
    for key in every:
        if key not in own and getattr(table, key) is not None:
            yield one.error(key, "answer", f"a {table.kind} item has no {key}")
    if table.kind in _NEEDED and getattr(table, min(own - {"tolerance", "unit"})) is None:
        yield one.error("kind", "answer", f"a {table.kind} item needs {_NEEDED[table.kind]}")


def _option_faults(table: AskedTable, fault: Fault) -> Iterator[FileError]:
    kind = getattr(table, "kind", "")
    right, wrong = table.right or [], table.wrong or []
    low, high = OPTIONS_OF_MULTIPLE
    if kind == "single" and (len(right) != 1 or len(wrong) != WRONG_OF_SINGLE):
        yield fault("right", "options", f"a single item has one right and {WRONG_OF_SINGLE} wrong options")
    if kind == "multiple" and (len(right) < 2 or not wrong or not low <= len(right + wrong) <= high):  # noqa: PLR2004 - two
        yield fault("right", "options", f"a multiple item has {low} or {high} options, two of them right")
    for key, option in [("right", o) for o in right] + [("wrong", o) for o in wrong]:
        if _CATCH_ALL.search(option):
            yield fault(key, "catch_all", f"“{option}” speaks of other options, but options are shuffled")
    yield from _twice([("right", o) for o in right] + [("wrong", o) for o in wrong], fault)


def _twice(texts: Sequence[tuple[str, str]], fault: Fault, same: Callable[[str], str] = bare) -> Iterator[FileError]:
    seen: set[str] = set()
    for key, text in texts:
        if same(text) in seen:
            yield fault(key, "option_repeated", f"the option “{text}” stands twice")
        seen.add(same(text))


def _fill_faults(table: ItemTable, fault: Fault) -> Iterator[FileError]:
    if len(BLANK.findall(table.stem)) != 1:
        yield fault("stem", "blank", "the stem of a fill item has one blank, written ____")
    if table.accept == []:
        yield fault("accept", "answer", "a fill item needs an accepted answer")
    for text in table.accept or []:
        if not 1 <= len(normalised(text)) <= ACCEPTED_CHARACTERS:
            yield fault("accept", "accept", f"“{text}” is longer than {ACCEPTED_CHARACTERS} characters")
    yield from _twice([("accept", text) for text in table.accept or []], fault, normalised)


def _order_faults(table: ItemTable, fault: Fault) -> Iterator[FileError]:
    low, high = STEPS
    if table.sequence is not None and not low <= len(table.sequence) <= high:
        yield fault("sequence", "options", f"an order item has {low} to {high} steps")
    yield from _twice([("sequence", step) for step in table.sequence or []], fault)


def _match_faults(table: ItemTable, fault: Fault) -> Iterator[FileError]:
    low, high = PAIRS
    if table.pairs is not None and not low <= len(table.pairs) <= high:
        yield fault("pairs", "options", f"a match item has {low} to {high} pairs")
    for side in range(2):
        yield from _twice([("pairs", pair[side]) for pair in table.pairs or []], fault)


def _answer_fine(table: ItemTable, fault: Fault) -> Iterator[FileError]:
    """Say nothing: what a true_false or numeric item needs, its keys have told."""
    del table, fault
    return iter(())


_ANSWERS: Mapping[ItemKind, Callable[[ItemTable, Fault], Iterator[FileError]]] = {
    "true_false": _answer_fine,
    "numeric": _answer_fine,
    "fill": _fill_faults,
    "order": _order_faults,
    "match": _match_faults,
}


def _case_faults(one: Placed) -> Iterator[FileError]:
    low, high = CASE_CHARACTERS
    if not low <= len(one.table.stem) <= high:
        yield one.error("stem", "length", f"a case is told in {low} to {high} characters, not {len(one.table.stem)}")
    parts = one.table.part or []
    if one.table.part is not None and not PARTS[0] <= len(parts) <= PARTS[1]:
        yield one.error("part", "options", f"a case item has {PARTS[0]} to {PARTS[1]} parts")
    for index, part in enumerate(parts):
        yield from _part_faults(one, index, part)


def _part_faults(one: Placed, index: int, part: PartTable) -> Iterator[FileError]:
    def fault(key: str, code: str, message: str) -> FileError:
        return one.part_error(index, key, code, message)

    if part.kind == "true_false":
        if part.answer is None:
            yield fault("kind", "answer", "a true_false part needs answer = true or false")
        if part.right is not None or part.wrong is not None:
            yield fault("right", "answer", "a true_false part has no right and wrong options")
        return
    if part.answer is not None:
        yield fault("answer", "answer", "only a true_false part has an answer")
    yield from _option_faults(part, fault)


def make_item(table: ItemTable) -> Item:
    """Make the item. Options are sorted by their text, so that a position in the file tells nothing."""
    options, right, lefts = _options(table)
    return Item(
        id=table.id,
        kind=table.kind,
        topic=table.topic,
        difficulty=table.difficulty,
        fact=table.fact,
        stem=table.stem,
        options=options,
        right=right,
        explanation=table.explanation,
        source=table.source,
        verified=table.verified,
        accept=tuple(table.accept or ()),
        value=None if table.value is None else float(table.value),
        tolerance=float(table.tolerance or 0),
        unit=table.unit or "",
        lefts=lefts,
        parts=tuple(_make_part(part) for part in table.part or ()),
    )


def _options(table: ItemTable) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    """Give options, the right ones, and what stands left of them."""
    if table.kind == "order":
        steps = table.sequence or []
        options = tuple(sorted(steps))
        return options, tuple(options.index(step) for step in steps), ()
    if table.kind == "match":
        pairs = table.pairs or []
        options = tuple(sorted(right for _, right in pairs))
        return options, tuple(options.index(right) for _, right in pairs), tuple(left for left, _ in pairs)
    return *_chosen_of(table, table.kind), ()


def _chosen_of(table: AskedTable, kind: ItemKind) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if kind == "true_false":
        return TRUE_FALSE, (0 if table.answer else 1,)
    options = tuple(sorted([*(table.right or []), *(table.wrong or [])]))
    return options, tuple(i for i, option in enumerate(options) if option in (table.right or []))


def _make_part(part: PartTable) -> Part:
    options, right = _chosen_of(part, part.kind)
    return Part(part.kind, part.stem, options, right, part.explanation)
