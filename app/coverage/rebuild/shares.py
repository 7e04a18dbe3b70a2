"""SQLite: what one process makes of its share of enterprises: rows, and what follows from them.

The process that rebuilds keeps its rows in the database itself, the others in files, which are taken over.
"""

import marshal
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from app.coverage import enterprise_figures
from app.coverage.projection_models import EnterpriseFigure
from app.coverage.rebuild import bulk
from app.coverage.rebuild.rows import COLUMNS, Rows, by_column
from app.coverage.rebuild.slots import Slots, figures
from app.coverage.rebuild.sums import Sums

ROOM = 1 << 27
"""So many ids are each process's own, for rows of all are put together as they are: more than a file is used for."""
BothSums = tuple[Sums, Sums]
"""What entries, and enterprise entries, come to."""


class Share:
    """What one process made so far."""

    def __init__(self, ledger: Session, figures: Session, number: int, slots: Slots) -> None:
        """Begin with empty tables in databases (the ledger's four, and the figures'); `number` is the process's."""
        self.counts = dict.fromkeys(COLUMNS, 0)
        """Rows by table."""
        self.sums: BothSums = Sums(), Sums()
        self._ledger, self._figures = ledger, figures
        self._first = number * ROOM + 1
        self._slots = slots

    def keep(self, rows: Rows) -> None:
        """Store rows, with the figures and sums that follow from them."""
        for (name, columns), values in zip(COLUMNS.items(), rows, strict=True):
            first = None if self.counts[name] else self._first
            bulk.insert(self._ledger, name, columns, values, first)
            self.counts[name] += len(values)
        entries, enterprise_entries = by_column(rows.entry), by_column(rows.enterprise_entry)
        for sums, values in zip(self.sums, (entries, enterprise_entries), strict=True):
            sums.add(values)
        found = figures(entries, rows.enterprise_standing, self._slots)
        bulk.insert(self._figures, EnterpriseFigure.__tablename__, enterprise_figures.COLUMNS, found)

    def end(self, file: Path) -> None:
        """Write the sums to a file, place by place: nobody has to hold those of all processes at once."""
        with file.open("wb") as out:
            for kind, sums in enumerate(self.sums):
                for early, by_place in enumerate((sums.days, sums.ahead)):
                    for place, lines in by_place.items():
                        marshal.dump((kind, early, place, lines), out)


def merge(both: BothSums, files: Iterable[Path]) -> BothSums:
    """Add the sums that other processes wrote."""
    for file in files:
        with file.open("rb") as written:
            size = file.stat().st_size
            while written.tell() < size:
                kind, early, place, lines = marshal.load(written)  # noqa: S302 - our own process wrote it
                both[kind].merge(place, lines, ahead=bool(early))
    return both
