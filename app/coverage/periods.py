"""Days cut into months, quarters and years: as SQL over ordinals on both databases, and as plain dates."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.ops.db import Day

JULIAN = 1721424.5
"""The Julian day number of midnight before the day with ordinal 0."""


class month_start(FunctionElement[date]):  # noqa: N801 - a function of SQL
    """The first day of the month of a day."""

    inherit_cache = True
    type = Day()
    unit = "month"


class year_start(FunctionElement[date]):  # noqa: N801 - a function of SQL
    """The first day of the year of a day."""

    inherit_cache = True
    type = Day()
    unit = "year"


@compiles(month_start, "sqlite")
@compiles(year_start, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - the library's hook
    day = compiler.process(element.clauses, **words)
    return f"CAST(julianday({day} + {JULIAN}, 'start of {element.unit}') - {JULIAN} AS INTEGER)"


@compiles(month_start, "postgresql")
@compiles(year_start, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - the library's hook
    day = compiler.process(element.clauses, **words)
    first = "DATE '0001-01-01'"
    return f"(date_trunc('{element.unit}', ({first} + ({day} - 1))::timestamp)::date - {first} + 1)"


def is_month_end(day: date) -> bool:
    """Say whether a day is the last of its month."""
    return (day + timedelta(days=1)).day == 1


def quarter_ends(first: date, last: date) -> tuple[date, ...]:
    """Give the last days of quarters from a day to a day, both included."""
    found = []
    for year in range(first.year, last.year + 1):
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            if first <= date(year, month, day) <= last:
                found.append(date(year, month, day))
    return tuple(found)


def months(first: date, last: date) -> tuple[date, ...]:
    """Give the first days of the months from a day's to a day's."""
    found = [first.replace(day=1)]
    while (after := (found[-1] + timedelta(days=32)).replace(day=1)) <= last:
        found.append(after)
    return tuple(found)
