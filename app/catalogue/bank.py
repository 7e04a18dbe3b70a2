"""Reads a course's bank of items, and finds what would give answers away or asks the same thing twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.catalogue.item import Item
from app.catalogue.items import Placed, item_faults, make_item
from app.catalogue.likeness import alike
from app.catalogue.schema import AskedTable, BankFile, ItemTable, PartTable
from app.catalogue.shapes import Fact, FileError
from app.catalogue.toml import read_toml

LONGEST_BELOW = 0.4
"""The share of choices, those in cases too, in which a longest option is right stays under this."""

SHORTEST_BELOW = 0.33
"""The share of single choices, those in cases too, whose right option is shorter than every wrong one stays under this.

Strictly shorter: a tie (four numbers, yes and no) tells nothing to somebody who always ticks the shortest.
"""


def parse_bank(
    files: Mapping[str, bytes],
    topics: Collection[str] | None,
    facts: Mapping[str, Fact],
    taught: Collection[str] | None = None,
) -> tuple[tuple[Item, ...], list[FileError]]:
    """Read the bank files. `topics` and `taught`, the facts that modules teach: None is unknown, and not checked."""
    placed, errors = _read(files)
    for one in placed:
        errors += item_faults(one, topics, facts)
        if taught is not None and one.table.fact in facts and one.table.fact not in taught:
            errors.append(one.error("fact", "untaught_fact", f"no module teaches the fact {one.table.fact}"))
    errors += _repeated(placed)
    errors += _lengths(placed)
    return tuple(make_item(p.table) for p in placed), errors


def _read(files: Mapping[str, bytes]) -> tuple[list[Placed], list[FileError]]:
    placed: list[Placed] = []
    errors: list[FileError] = []
    for file in sorted(files):
        bank, lines, faults = read_toml(file, files[file], BankFile)
        errors += faults
        placed += [Placed(file, lines, index, table) for index, table in enumerate(bank.item if bank else [])]
    return placed, errors


def _repeated(placed: Sequence[Placed]) -> Iterator[FileError]:
    first: dict[str, Placed] = {}
    for one in placed:
        other = first.setdefault(one.table.id, one)
        if other is not one:
            place = f"{other.file}:{other.lines.of('item', other.index, 'id')}"
            yield one.error("id", "id_repeated", f"the id is taken by {place}")
    for left, right in alike([one.table.stem for one in placed]):
        yield placed[right].error("stem", "stem_repeated", f"the stem is nearly that of {placed[left].table.id}")


def repeated_stems(courses: Mapping[str, Mapping[str, bytes]]) -> tuple[FileError, ...]:
    """Find items of two courses with nearly the same stem; files are named `<course code>/<file>`.

    What one course repeats within itself is parse_bank's to say.
    """
    placed: list[Placed] = []
    for code in sorted(courses):
        banks = {f"{code}/{file}": data for file, data in courses[code].items() if file.startswith("bank/")}
        placed += _read(banks)[0]
    found = alike([one.table.stem for one in placed])
    return tuple(_stands_in(placed[a], placed[b]) for a, b in found if _course(placed[a]) != _course(placed[b]))


def _course(one: Placed) -> str:
    return one.file.partition("/")[0]


def _stands_in(first: Placed, one: Placed) -> FileError:
    place = f"{first.file}:{first.lines.of('item', first.index, 'stem')}"
    return one.error("stem", "stem_repeated", f"the stem is nearly that of {first.table.id} in {place}")


def _lengths(placed: Sequence[Placed]) -> Iterator[FileError]:
    choices: list[tuple[Placed, ItemTable | PartTable]] = [(p, p.table) for p in placed]
    choices += [(p, part) for p in placed for part in p.table.part or ()]
    asked = [(p, table) for p, table in choices if table.right and table.wrong]
    longest = [p for p, table in asked if _longest_is_right(table)]
    if asked and len(longest) >= LONGEST_BELOW * len(asked):
        share = f"in {len(longest)} of {len(asked)} items, not in under 40 %"
        message = f"A longest option is right {share}: {_ids(longest)}"
        yield longest[0].place("right", "longest_right", message)
    singles = [(p, table) for p, table in asked if table.kind == "single"]
    shortest = [p for p, table in singles if _shortest_is_right(table)]
    if singles and len(shortest) >= SHORTEST_BELOW * len(singles):
        share = f"in {len(shortest)} of {len(singles)} single choices, not in under 33 %"
        message = f"The right option is shorter than every wrong one {share}: {_ids(shortest)}"
        yield shortest[0].place("right", "shortest_right", message)


def _ids(placed: Sequence[Placed]) -> str:
    return ", ".join(one.table.id for one in placed)


def _longest_is_right(table: AskedTable) -> bool:
    right, wrong = table.right or [], table.wrong or []
    return max(map(len, right)) >= max(map(len, wrong))


def _shortest_is_right(table: AskedTable) -> bool:
    right, wrong = table.right or [], table.wrong or []
    return max(map(len, right)) < min(map(len, wrong))
