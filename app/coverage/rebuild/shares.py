"""SQLite: what one process makes of its share of enterprises, kept in a file of its own until it is taken over."""

import marshal
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.coverage import enterprise_figures
from app.coverage.projection_models import EnterpriseFigure
from app.coverage.rebuild import bulk
from app.coverage.rebuild.lines import Lines
from app.coverage.rebuild.rows import COLUMNS, Rows, by_column
from app.coverage.rebuild.slots import Slots, figures
from app.coverage.rebuild.sums import Place, Sums

ROOM = 1 << 27
"""So many ids are each process's own, for rows of all are put together as they are: more than a file is used for."""


class Made(NamedTuple):
    """What is known of a share without its rows."""

    counts: dict[str, int]
    """Rows by table."""
    sums: Sequence[tuple[dict[Place, Lines], dict[Place, Lines]]]
    """What entries, and enterprise entries, come to."""


class Share:
    """What one process made so far."""

    def __init__(self, session: Session, number: int, slots: Slots) -> None:
        """Begin with empty tables in the session's database; `number` is the process's."""
        self._session = session
        self._first = number * ROOM + 1
        self._slots = slots
        self._counts = dict.fromkeys(COLUMNS, 0)
        self._sums = Sums(), Sums()

    def keep(self, rows: Rows) -> None:
        """Store rows, with the figures and sums that follow from them."""
        for (name, columns), values in zip(COLUMNS.items(), rows, strict=True):
            first = None if self._counts[name] else self._first
            bulk.insert(self._session, name, columns, values, first)
            self._counts[name] += len(values)
        entries, enterprise_entries = by_column(rows.entry), by_column(rows.enterprise_entry)
        for sums, values in zip(self._sums, (entries, enterprise_entries), strict=True):
            sums.add(values)
        found = figures(entries, rows.enterprise_standing, self._slots)
        bulk.insert(self._session, EnterpriseFigure.__tablename__, enterprise_figures.COLUMNS, found)

    def packed(self) -> bytes:
        """Give what is known of all that was kept, packed."""
        return marshal.dumps((self._counts, [(sums.days, sums.ahead) for sums in self._sums]))


def unpack(packed: bytes) -> Made:
    """Give what a process packed."""
    return Made(*marshal.loads(packed))  # noqa: S302 - our own process wrote it
