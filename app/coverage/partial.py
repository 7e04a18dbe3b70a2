"""Conditions on entries, written so that an index is found that holds only some of them, or begins with their class.

SQLite takes such an index only where a question says what the index says, with the very values.
"""

from sqlalchemy import ColumnElement, Integer, and_, literal_column

from app.coverage.ledger import EARLIEST, FAR, LATEST, LONG
from app.coverage.models import NO_STATUS, EnterpriseEntry, Entry

Table = type[Entry | EnterpriseEntry]
CLASSES = [literal_column(str(late), Integer) for late in range(EARLIEST, LATEST + 1)]


def is_far(table: Table) -> ColumnElement[bool]:
    """Give the condition that an entry came far ahead."""
    return table.late <= literal_column(str(FAR))


def not_far(table: type[Entry]) -> ColumnElement[bool]:
    """Give the condition that an entry did not: these are found by class, region and day."""
    return table.late > literal_column(str(FAR))


def is_long(table: Table) -> ColumnElement[bool]:
    """Give the condition that an entry came long after."""
    return table.late >= literal_column(str(LONG))


def is_status(table: type[EnterpriseEntry]) -> ColumnElement[bool]:
    """Give the condition that an entry is of a status: these are found by region and day."""
    return and_(*(table.kind != literal_column(f"'{kind}'") for kind in NO_STATUS))


def of_any_class(table: Table) -> ColumnElement[bool]:
    """Give a condition that all entries meet: those of a region are found by it, class by class, of whatever kind."""
    return table.late.in_(CLASSES)


def of_no_class(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Give the conditions that none meets but what is wrong."""
    return table.late < CLASSES[0], table.late > CLASSES[-1]
