"""Entries of the regions below a node: the regions first, then each one's entries by their index.

SQLite is told so (its CROSS JOIN keeps the order written): without fresh statistics it would rather read all entries
of a plan. PostgreSQL decides by itself.
"""

from datetime import date
from typing import Any

from sqlalchemy import Integer, Join, and_, column, literal_column, text, true, type_coerce
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


WINDOWS = (
    text(" UNION ALL ".join(f"SELECT {late} AS late, {2**late} AS days" for late in range(LATEST + 1)))
    .columns(column("late", Integer), column("days", Integer))
    .subquery("windows")
)
"""What is of a late class was effective less than so many days before it was recorded."""


def below_nodes(table: type[Any]) -> OrderedJoin:
    """Give region_node joined with the rows of a table that lie in the region."""
    return OrderedJoin(RegionNode.__table__, table.__table__, RegionNode.region == table.region)


def late_below_nodes(table: type[Any], known_on: date) -> OrderedJoin:
    """Give the same for entries that may have been recorded on a day or later though effective earlier.

    Each class has its window, so few are read in vain. The constant term lets SQLite use the partial index.
    """
    first = OrderedJoin(RegionNode.__table__, WINDOWS, true())
    of_class = and_(table.late == WINDOWS.c.late, table.late >= literal_column("0"))
    since = table.effective_on > type_coerce(known_on, Day()) - WINDOWS.c.days
    return OrderedJoin(first, table.__table__, and_(RegionNode.region == table.region, of_class, since))
