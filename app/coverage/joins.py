"""Joins that say which table is read first, and entries of the regions below a node.

SQLite is told so (its CROSS JOIN keeps the order written): without fresh statistics it would rather read all entries
of a plan. PostgreSQL decides by itself.
"""

from typing import Any

from sqlalchemy import Join
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.coverage.projection_models import RegionNode


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


def below_nodes(table: type[Any]) -> OrderedJoin:
    """Give region_node joined with the rows of a table that lie in the region."""
    return OrderedJoin(RegionNode.__table__, table.__table__, RegionNode.region == table.region)
