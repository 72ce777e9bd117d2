"""Answers of the database as polars frames: whole, or piece by piece so that memory stays flat."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, Engine, Select, Text, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from models.database import reading

Schema = Mapping[str, pl.DataType]

TEXT, COUNT, DAY, FLAG, MOMENT = pl.String(), pl.Int64(), pl.Date(), pl.Boolean(), pl.Datetime("us", "UTC")
SHANGHAI = "Asia/Shanghai"
# Rows of one piece: enough that polars is worth its while, few enough that nobody notices the memory.
_PIECE = 10_000


class _OfColumn(GenericFunction[Any]):
    """A column as the one or the other database has to be told to take it."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.type = column.type
        super().__init__(column)


class unindexed(_OfColumn):  # noqa: N801 - it reads as a function of SQL
    """A column that SQLite may look at but not look up in an index, where another way is the faster one."""

    inherit_cache = True


class number_of(_OfColumn):  # noqa: N801
    """An amount to be sorted by: on SQLite, where it is text, as a double."""

    inherit_cache = True


class by_code_point(_OfColumn):  # noqa: N801
    """Words to be sorted by their code points, as SQLite does."""

    inherit_cache = True


@compiles(_OfColumn)
def _as_it_is(element: _OfColumn, compiler: Any, **options: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **options))


@compiles(unindexed, "sqlite")
def _with_plus(element: _OfColumn, compiler: Any, **options: Any) -> str:
    return "+" + _as_it_is(element, compiler, **options)


@compiles(number_of, "sqlite")
def _as_double(element: _OfColumn, compiler: Any, **options: Any) -> str:
    return f"CAST({_as_it_is(element, compiler, **options)} AS REAL)"


@compiles(by_code_point, "postgresql")
def _in_c(element: _OfColumn, compiler: Any, **options: Any) -> str:
    return f'({_as_it_is(element, compiler, **options)}) COLLATE "C"'


def as_read(column: ColumnElement[Any], name: str, kind: pl.DataType) -> ColumnElement[Any]:
    """Give a column as the answer has it: amounts and JSON leave the database as the text that stands in it."""
    return cast(column, Text).label(name) if kind == TEXT else column.label(name)


def whole_answer(engine: Engine, query: Select[Any], schema: Schema) -> pl.DataFrame:
    """Give the whole answer as one frame. Raises DatabaseError."""
    with reading(engine) as connection:
        return _frame(connection.execute(query).all(), schema)


def answer_in_pieces(connection: Connection, query: Select[Any], schema: Schema) -> Iterator[pl.DataFrame]:
    """Give the answer in frames of some thousand rows, at least one; no more than that is in memory at once."""
    rows = connection.execution_options(stream_results=True, yield_per=_PIECE).execute(query)
    is_empty = True
    for part in rows.partitions():
        is_empty = False
        yield _frame(part, schema)
    if is_empty:
        yield _frame([], schema)


def _frame(rows: Any, schema: Schema) -> pl.DataFrame:
    frame = pl.DataFrame([tuple(row) for row in rows], schema=dict(schema), orient="row")
    moments = [name for name, kind in schema.items() if kind == MOMENT]
    return frame.with_columns(pl.col(moments).dt.convert_time_zone(SHANGHAI)) if moments else frame
