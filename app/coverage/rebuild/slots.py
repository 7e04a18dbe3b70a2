"""The figures of enterprises at the ends of the days at which they are kept (enterprise_figures.py), out of their rows.

Pure. enterprise_figures.rebuild() says the same in SQL, from all entries at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.coverage.rebuild.history import Day
from app.coverage.rebuild.lines import Lines, packed, tally
from app.coverage.rebuild.rows import Columns, Row

Slots = Mapping[int, Day]
"""The days at whose ends figures are kept, by slot, in order of the day."""
Where = tuple[int, int]
"""Plan and enterprise."""


def figures(entries: Columns, standings: Iterable[Row], slots: Slots) -> list[Row]:
    """Give the rows (enterprise_figures.COLUMNS) that enterprises have in the slots, in order of their key."""
    changes: dict[Where, Lines] = {}
    if entries:
        _, _, plans, _, _, _, enterprises, _, days, *counts, _ = entries
        for where, day, amount in zip(zip(plans, enterprises, strict=True), days, packed(*counts), strict=True):
            lines = changes.setdefault(where, {})
            lines[day] = lines.get(day, 0) + amount
    known: dict[Where, list[Row]] = {}
    for span in standings:
        if span[-1] is None:
            known.setdefault(span[:2], []).append(span[2:8])
    return [
        (*where, slot, *figure)
        for where in sorted(known)
        for slot, figure in _told(known[where], sorted(changes.get(where, {}).items()), slots)
    ]


def _told(spans: Iterable[Row], changes: Sequence[tuple[Day, int]], slots: Slots) -> Iterator[tuple[int, Row]]:
    """Give what stands in each slot: where and as what the enterprise is taken in, and its figures."""
    ordered = sorted(spans, key=lambda span: span[3])
    sums = turn = at = 0
    figure: Row | None = None
    for slot, as_of in slots.items():
        while turn < len(changes) and changes[turn][0] <= as_of:
            sums, turn, figure = sums + changes[turn][1], turn + 1, None
        while at < len(ordered) and ordered[at][4] <= as_of:
            at, figure = at + 1, None
        if at < len(ordered) and ordered[at][3] <= as_of:
            figure = figure or _figure(ordered[at], sums)
            yield slot, figure


def _figure(span: Row, sums: int) -> Row:
    region, industry, key_enterprise, _, _, status = span
    required, covered, waived = tally(sums)
    rank = int(status != "undeclared")
    return rank, covered - required, region, industry, key_enterprise, status, required, covered, waived
