"""Conditions on many keys at once, bound as one value: to bind thousands one by one costs more than to look them up.

PostgreSQL takes an array, SQLite the same as JSON. A statement that says `among(column)` is made once for any number.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Boolean, ColumnElement, Dialect, String, bindparam, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Numbers(TypeDecorator[Sequence[int]]):
    """Whole numbers as one value."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what the database has for it."""
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> object:
        """Store."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class Codes(TypeDecorator[Sequence[str]]):
    """Codes as one value."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what the database has for it."""
        return dialect.type_descriptor(ARRAY(String) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> object:
        """Store."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


KEYS: BindParameter[Any] = bindparam("ids", type_=Numbers())
CODES: BindParameter[Any] = bindparam("codes", type_=Codes())


class among(FunctionElement[bool]):  # noqa: N801 - reads as a condition does
    """The condition that a column is one of the keys bound as `ids`, or of the CODES bound as `codes`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any] | Any, keys: BindParameter[Any] = KEYS) -> None:  # noqa: ANN401 - mapped attributes
        """Ask it of a column of whole numbers, or of codes."""
        super().__init__(column, keys)

    def self_group(self, against: object = None) -> "among":  # noqa: ARG002 - contract
        """Stand as it is: SQLAlchemy would compare it with 1 on SQLite, and no index answers that."""
        return self


def one_of(column: ColumnElement[Any] | Any, keys: Sequence[int]) -> among:  # noqa: ANN401 - mapped attributes
    """Give the condition that a column is one of these keys, for a statement that is made for them alone."""
    return among(column, literal(keys, Numbers()))


@compiles(among)
def _json(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, keys = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - compiled names and a bound value


@compiles(among, "postgresql")
def _array(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, keys = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({keys})"
