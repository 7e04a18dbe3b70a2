"""Reads a course's bank of items: answers, options, facts, and what would give the right option away."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.catalogue.schema import BankFile, ItemTable
from app.catalogue.shapes import TRUE_FALSE, Fact, FileError, Item
from app.catalogue.toml import Lines, read_toml

GRADED = {"S", "P"}
"""Grades of facts on which a graded paper may rest (DESIGN section 5)."""
LONGEST_BELOW = 0.4
"""The share of single and multiple items in which a longest option is right stays under this."""
NEAR_IDENTICAL = 0.8
"""Two stems are near-identical from this share of common character pairs on (Jaccard index)."""
WRONG_OF_SINGLE = 3
OPTIONS_OF_MULTIPLE = (4, 5)
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


def parse_bank(
    files: Mapping[str, bytes],
    topics: Collection[str] | None,
    facts: Mapping[str, Fact],
    taught: Collection[str] | None = None,
) -> tuple[tuple[Item, ...], list[FileError]]:
    """Read the bank files. `topics` and `taught`, the facts that modules teach: None is unknown, and not checked."""
    placed, errors = _read(files)
    for one in placed:
        errors += _item_faults(one, topics, facts)
        if taught is not None and one.table.fact in facts and one.table.fact not in taught:
            errors.append(one.error("fact", "untaught_fact", f"no module teaches the fact {one.table.fact}"))
    errors += _repeated(placed)
    errors += _longest(placed)
    return tuple(_item(p.table) for p in placed), errors


def _read(files: Mapping[str, bytes]) -> tuple[list[Placed], list[FileError]]:
    placed: list[Placed] = []
    errors: list[FileError] = []
    for file in sorted(files):
        bank, lines, faults = read_toml(file, files[file], BankFile)
        errors += faults
        placed += [Placed(file, lines, index, table) for index, table in enumerate(bank.item if bank else [])]
    return placed, errors


def _item_faults(one: Placed, topics: Collection[str] | None, facts: Mapping[str, Fact]) -> Iterator[FileError]:
    table = one.table
    if topics is not None and table.topic not in topics:
        yield one.error("topic", "unknown_topic", f"the topic {table.topic} is not in course.toml")
    fact = facts.get(table.fact)
    if fact is None:
        yield one.error("fact", "unknown_fact", f"there is no fact {table.fact}")
    elif table.verified and fact.grade not in GRADED:
        yield one.error("fact", "fact_grade", f"the fact {fact.id} is graded G: the item needs verified = false")
    yield from _answer_faults(one) if table.kind == "true_false" else _option_faults(one)


def _answer_faults(one: Placed) -> Iterator[FileError]:
    if one.table.answer is None:
        yield one.error("kind", "answer", "a true_false item needs answer = true or false")
    if one.table.right is not None or one.table.wrong is not None:
        yield one.error("right", "answer", "a true_false item has no right and wrong options")


def _option_faults(one: Placed) -> Iterator[FileError]:
    table = one.table
    right, wrong = table.right or [], table.wrong or []
    low, high = OPTIONS_OF_MULTIPLE
    if table.answer is not None:
        yield one.error("answer", "answer", "only a true_false item has an answer")
    if table.kind == "single" and (len(right) != 1 or len(wrong) != WRONG_OF_SINGLE):
        yield one.error("right", "options", f"a single item has one right and {WRONG_OF_SINGLE} wrong options")
    if table.kind == "multiple" and (len(right) < 2 or not wrong or not low <= len(right + wrong) <= high):  # noqa: PLR2004 - two
        yield one.error("right", "options", f"a multiple item has {low} or {high} options, two of them right")
    seen: set[str] = set()
    for key, option in [("right", o) for o in right] + [("wrong", o) for o in wrong]:
        if _CATCH_ALL.search(option):
            yield one.error(key, "catch_all", f"“{option}” speaks of other options, but options are shuffled")
        if bare(option) in seen:
            yield one.error(key, "option_repeated", f"the option “{option}” stands twice")
        seen.add(bare(option))


def _repeated(placed: Sequence[Placed]) -> Iterator[FileError]:
    first: dict[str, Placed] = {}
    for one in placed:
        other = first.setdefault(one.table.id, one)
        if other is not one:
            place = f"{other.file}:{other.lines.of('item', other.index, 'id')}"
            yield one.error("id", "id_repeated", f"the id is taken by {place}")
    pairs = [(one, _pairs(one.table.stem)) for one in placed]
    for (left, a), (right, b) in combinations(pairs, 2):
        if len(a & b) >= NEAR_IDENTICAL * len(a | b):
            yield right.error("stem", "stem_repeated", f"the stem is nearly that of {left.table.id}")


def _longest(placed: Sequence[Placed]) -> Iterator[FileError]:
    asked = [p for p in placed if p.table.right and p.table.wrong]
    given_away = [p for p in asked if _longest_is_right(p.table)]
    if not asked or len(given_away) < LONGEST_BELOW * len(asked):
        return
    names = ", ".join(p.table.id for p in given_away)
    message = f"A longest option is right in {len(given_away)} of {len(asked)} items, not in under 40 %: {names}"
    yield given_away[0].place("right", "longest_right", message)


def _longest_is_right(table: ItemTable) -> bool:
    right, wrong = table.right or [], table.wrong or []
    return max(map(len, right)) >= max(map(len, wrong))


def bare(text: str) -> str:
    """Give a text's letters and digits only, in lower case: what two texts are compared by."""
    return "".join(c for c in text.lower() if c.isalnum())


def _pairs(text: str) -> frozenset[str]:
    words = bare(text)
    return frozenset(words[i : i + 2] for i in range(max(1, len(words) - 1)))


def _item(table: ItemTable) -> Item:
    """Make the item. Options are sorted by their text, so that a position in the file tells nothing."""
    options = tuple(sorted([*(table.right or []), *(table.wrong or [])]))
    right = tuple(i for i, option in enumerate(options) if option in (table.right or []))
    if table.kind == "true_false":
        options, right = TRUE_FALSE, (0 if table.answer else 1,)
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
    )
