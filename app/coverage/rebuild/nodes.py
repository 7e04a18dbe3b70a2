"""The rows of the sums by node of the region tree, made of what places come to: rollups, and what was recorded ahead.

rollups.py and ahead.py say the same in SQL, which sorts millions of rows by eight columns, time and again; here each
sum is looked up by one number. Rows come in order of their keys.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.coverage.ahead import years
from app.coverage.projection_models import DAY, MONTH, YEAR, AheadKind, AheadTally, KindRollup, TallyRollup
from app.coverage.rebuild.history import Day
from app.coverage.rebuild.lines import DAY_BITS, DAY_MASK, Lines, tally
from app.coverage.rebuild.rows import Row
from app.coverage.rebuild.sums import MONTHS, YEARS, Place, Sums

What = tuple[str, str, int]
"""Industry, post or kind, key enterprise (1) or not."""
Tree = Mapping[str, Sequence[str]]
"""The regions of each node: itself, and all below it."""
WHAT_BITS = 16
WHAT_MASK = (1 << WHAT_BITS) - 1
MOST = 65536


class _Apart(dict[int, tuple[int, ...]]):
    """Amounts taken apart: looked up, for most are one of few."""

    def __init__(self, apart: Callable[[int], tuple[int, ...]]) -> None:
        super().__init__()
        self._apart = apart

    def __missing__(self, amount: int) -> tuple[int, ...]:
        found = self._apart(amount)
        if len(self) < MOST:
            self[amount] = found
        return found


class Shape(NamedTuple):
    """How sums of one kind are told: amounts taken apart, and what is left where industry is not told."""

    apart: Mapping[int, tuple[int, ...]]
    blank: Callable[[What], What]


TALLY = Shape(_Apart(tally), lambda what: ("", "", what[2]))
KIND = Shape(_Apart(lambda delta: (delta,)), lambda what: ("", what[1], what[2]))
KEYS = ("plan_id", "node", "each", "grain", "period")
OF_TALLY = ("industry", "post", "key_enterprise", "required", "covered", "waived")
OF_KIND = ("industry", "kind", "key_enterprise", "delta")
Tables = Mapping[str, tuple[tuple[str, ...], Iterator[Row]]]
"""By name: columns and rows, in order of the key."""


def tables(tallies: Sums, kinds: Sums, tree: Tree, months: Sequence[date]) -> Tables:
    """Give the four tables of sums; `months` are those that are over."""
    over = {month.toordinal() for month in months}
    whole = {date(year, 1, 1).toordinal() for year in years(months)}
    found: dict[str, tuple[tuple[str, ...], Iterator[Row]]] = {}
    for sums, shape, columns, rolled, early in (
        (tallies, TALLY, OF_TALLY, TallyRollup, AheadTally),
        (kinds, KIND, OF_KIND, KindRollup, AheadKind),
    ):
        found[rolled.__tablename__] = (*KEYS, *columns), rollup(sums.days, tree, shape)
        rows = ahead(sums.ahead, tree, shape, over, whole)
        found[early.__tablename__] = (*KEYS, "effective_on", *columns), rows
    return found


def rollup(sums: Mapping[Place, Lines], tree: Tree, shape: Shape) -> Iterator[Row]:
    """Give the rows of a rollup."""
    apart = shape.apart
    for plan, node, whats, days in _by_node(sums, tree):
        months = _coarser(days, MONTHS)
        grains = ((YEAR, _coarser(months, YEARS)), (MONTH, months), (DAY, days))
        for each in (0, 1):
            for grain, lines in grains:
                told, names = (lines, whats) if each else _blank(lines, whats, shape)
                yield from [
                    (plan, node, each, grain, line >> WHAT_BITS, *names[line & WHAT_MASK], *apart[told[line]])
                    for line in sorted(told)
                    if told[line]
                ]


def ahead(
    sums: Mapping[Place, Lines], tree: Tree, shape: Shape, over: Collection[Day], years: Collection[Day]
) -> Iterator[Row]:
    """Give the rows of what was recorded ahead in months that are over, and in years (by first days)."""
    shift, apart = DAY_BITS + WHAT_BITS, shape.apart
    for plan, node, whats, lines in _by_node(sums, tree):
        months = {line: amount for line, amount in lines.items() if line >> shift in over}
        whole: Lines = {}
        for line, amount in months.items():
            month = line >> shift
            if YEARS[month] in years:
                in_year = line + (YEARS[month] - month << shift)
                whole[in_year] = whole.get(in_year, 0) + amount
        for each in (0, 1):
            for grain, of_grain in ((YEAR, whole), (MONTH, months)):
                told, names = (of_grain, whats) if each else _blank(of_grain, whats, shape)
                yield from [
                    (
                        plan,
                        node,
                        each,
                        grain,
                        line >> shift,
                        line >> WHAT_BITS & DAY_MASK,
                        *names[line & WHAT_MASK],
                        *apart[told[line]],
                    )
                    for line in sorted(told)
                    if told[line]
                ]


def _by_node(sums: Mapping[Place, Lines], tree: Tree) -> Iterator[tuple[int, str, list[What], Lines]]:
    """Give what every node comes to in every plan: by when, then what by its number in a list in order."""
    regions: dict[tuple[int, str], list[tuple[What, Lines]]] = {}
    for (plan, region, industry, key_enterprise, what), lines in sums.items():
        regions.setdefault((plan, region), []).append(((industry, what, key_enterprise), lines))
    for plan in sorted({plan for plan, _ in regions}):
        for node in sorted(tree):
            parts = [part for region in tree[node] for part in regions.get((plan, region), ())]
            whats = sorted({what for what, _ in parts})
            if parts:
                yield plan, node, whats, _summed(parts, whats)


def _summed(parts: Iterable[tuple[What, Lines]], whats: Sequence[What]) -> Lines:
    numbers = {what: number for number, what in enumerate(whats)}
    found: Lines = {}
    for what, lines in parts:
        number = numbers[what]
        for when, amount in lines.items():
            line = when << WHAT_BITS | number
            found[line] = found.get(line, 0) + amount
    return found


def _coarser(lines: Lines, first: Mapping[Day, Day]) -> Lines:
    """Sum days up by the first of their month, or year."""
    found: Lines = {}
    for line, amount in lines.items():
        coarse = first[line >> WHAT_BITS] << WHAT_BITS | line & WHAT_MASK
        found[coarse] = found.get(coarse, 0) + amount
    return found


def _blank(lines: Lines, whats: Sequence[What], shape: Shape) -> tuple[Lines, Sequence[What]]:
    """Sum up what is not told apart without industry and post."""
    blank = [shape.blank(what) for what in whats]
    names = sorted(set(blank))
    numbers = [names.index(what) for what in blank]
    found: Lines = {}
    for line, amount in lines.items():
        blanked = line & ~WHAT_MASK | numbers[line & WHAT_MASK]
        found[blanked] = found.get(blanked, 0) + amount
    return found, names
