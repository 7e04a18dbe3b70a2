"""Entries of the regions below a node: the regions first, then each one's entries by their index.

SQLite is told so (its CROSS JOIN keeps the order written): without fresh statistics it would rather read all entries
of a plan. PostgreSQL decides by itself.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Join, Subquery, and_, column, text, true, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.coverage.ledger import LATEST
from app.coverage.projection_models import RegionNode
from app.ops.db import Day


class OrderedJoin(Join):
    """An inner join whose left side is read first."""

    inherit_cache = True


@compiles(OrderedJoin)
def _plain(element: Any, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - the library's hook
    return _written(element, compiler, words)


@compiles(OrderedJoin, "sqlite")
def _ordered(element: Any, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - the library's hook
    return " CROSS JOIN ".join(_written(element, compiler, words).rsplit(" JOIN ", 1))


def _written(element: Any, compiler: Any, words: Any) -> str:  # noqa: ANN401 - the library's own, untyped
    return str(compiler.visit_join(element, **words))


EARLIEST = 22
"""The class of what took effect 11,000 years after it was recorded: there is none beyond."""


def _windows(name: str, classes: Iterable[int]) -> Subquery:
    """Give classes with the days within which their entries took effect, before or after they were recorded."""
    rows = " UNION ALL ".join(f"SELECT {late} AS late, {2 ** abs(late)} AS days" for late in classes)
    return text(rows).columns(column("late", Integer), column("days", Integer)).subquery(name)


LATE, EARLY = _windows("late", range(LATEST + 1)), _windows("early", range(-1, -EARLIEST - 1, -1))


def below_nodes(table: type[Any]) -> OrderedJoin:
    """Give region_node joined with the rows of a table that lie in the region."""
    return OrderedJoin(RegionNode.__table__, table.__table__, RegionNode.region == table.region)


def late_below_nodes(table: type[Any], known_on: date) -> OrderedJoin:
    """Give the same for entries that may have been recorded on a day or later though effective earlier.

    Each class has its window, so few are read in vain.
    """
    return _of_classes(table, LATE, table.effective_on > type_coerce(known_on, Day()) - LATE.c.days)


def early_below_nodes(table: type[Any], known_on: date) -> OrderedJoin:
    """Give the same for entries that may have been recorded by a day though effective later."""
    return _of_classes(table, EARLY, table.effective_on < type_coerce(known_on, Day()) + EARLY.c.days)


def _of_classes(table: type[Any], classes: Subquery, window: ColumnElement[bool]) -> OrderedJoin:
    first = OrderedJoin(RegionNode.__table__, classes, true())
    found = and_(RegionNode.region == table.region, table.late == classes.c.late, window)
    return OrderedJoin(first, table.__table__, found)
