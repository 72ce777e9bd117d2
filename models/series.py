"""The series of what figures say over time, and the earlier levels that they imply: the views, as frames."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Engine,
    Integer,
    Select,
    Text,
    column,
    select,
    table,
)
from sqlalchemy.types import TypeEngine

from models.answers import COUNT, DAY, FLAG, MOMENT, TEXT, Schema, answer_in_pieces, as_read, by_code_point
from models.database import reading
from models.naming import METRIC, SUBJECT, keys_of
from models.types import UtcTime
from models.values import Period
from models.vocabulary import Status

_Columns = Mapping[str, ColumnElement[Any]]

_KEY: Schema = {"entity": TEXT, "entity_name": TEXT, "metric": TEXT, "metric_name": TEXT}

SERIES_RESULT: Schema = {
    **_KEY,
    "period_start": DAY,
    "period_end": DAY,
    "kind": TEXT,
    "basis": TEXT,
    "unit": TEXT,
    "status": TEXT,
    "value": TEXT,
    "low": TEXT,
    "high": TEXT,
    "bound": TEXT,
    "articles": COUNT,
    "figures": COUNT,
    "agree": FLAG,
    "least": TEXT,
    "most": TEXT,
    "same_words": FLAG,
    "figure_id": COUNT,
    "info_code": TEXT,
    "published": MOMENT,
}

IMPLIED_RESULT: Schema = {
    **_KEY,
    "period_start": DAY,
    "period_end": DAY,
    "unit": TEXT,
    "status": TEXT,
    "low": TEXT,
    "high": TEXT,
    "basis": TEXT,
    "later_start": DAY,
    "later_end": DAY,
    "level_id": COUNT,
    "change_id": COUNT,
    "info_code": TEXT,
    "published": MOMENT,
}

_TYPES: Mapping[pl.DataType, TypeEngine[Any]] = {
    DAY: Date(),
    FLAG: Boolean(),
    MOMENT: UtcTime(),
    COUNT: Integer(),
    TEXT: Text(),
}
_SERIES_ORDER = ("entity", "metric", "kind", "unit", "basis", "status", "period_start", "period_end")
_IMPLIED_ORDER = ("entity", "metric", "unit", "period_start", "period_end", "later_start", "change_id")


@dataclass(frozen=True, slots=True)
class SeriesFilter:
    """Which series are asked for; what is None asks for nothing.

    `entity` and `metric` find what some figure calls so, wholly or in part, an id or a name of the catalogue, and the
    code of a security. `period` is the very period, or with `within` the days between which it lies. With neither
    entity nor metric every figure has to be looked at.
    """

    entity: str | None = None
    metric: str | None = None
    period: Period | None = None
    within: bool = False
    status: Status | None = None
    limit: int | None = None


def find_series(engine: Engine, wanted: SeriesFilter) -> pl.DataFrame:
    """Give the rows of the view `series`, by entity, metric and period; columns are `SERIES_RESULT`.

    `find_series(engine, SeriesFilter("青禾物流", "营业收入"))`. Raises DatabaseError.
    """
    return pl.concat(stream_series(engine, wanted))


def find_implied_levels(engine: Engine, wanted: SeriesFilter) -> pl.DataFrame:
    """Give the rows of the view `implied_level`, by entity, metric and period; columns are `IMPLIED_RESULT`.

    Raises DatabaseError.
    """
    return pl.concat(stream_implied_levels(engine, wanted))


def stream_series(engine: Engine, wanted: SeriesFilter) -> Iterator[pl.DataFrame]:
    """Give the rows of `find_series` in frames of some thousand rows, at least one."""
    yield from _stream(engine, wanted, "series", SERIES_RESULT, _SERIES_ORDER)


def stream_implied_levels(engine: Engine, wanted: SeriesFilter) -> Iterator[pl.DataFrame]:
    """Give the rows of `find_implied_levels` in frames of some thousand rows, at least one."""
    yield from _stream(engine, wanted, "implied_level", IMPLIED_RESULT, _IMPLIED_ORDER)


def _stream(
    engine: Engine, wanted: SeriesFilter, view: str, schema: Schema, order: Sequence[str]
) -> Iterator[pl.DataFrame]:
    with reading(engine) as connection:
        yield from answer_in_pieces(connection, series_query(connection, wanted, view, schema, order), schema)


def series_query(
    connection: Connection,
    wanted: SeriesFilter,
    view: str = "series",
    schema: Schema = SERIES_RESULT,
    order: Sequence[str] = _SERIES_ORDER,
) -> Select[Any]:
    """Give the statement that reads a view."""
    columns = dict(table(view, *(column(name, _TYPES[kind]) for name, kind in schema.items())).c)
    query = select(*(as_read(columns[name], name, kind) for name, kind in schema.items()))
    return query.where(*_conditions(connection, wanted, columns)).order_by(*_order(columns, order)).limit(wanted.limit)


def _conditions(connection: Connection, wanted: SeriesFilter, columns: _Columns) -> Iterator[ColumnElement[bool]]:
    for role, name, asked in ((SUBJECT, "entity", wanted.entity), (METRIC, "metric", wanted.metric)):
        if asked is not None:
            yield columns[name].in_(keys_of(connection, role, asked))
    if wanted.status is not None:
        yield columns["status"] == wanted.status.value
    if wanted.period is not None:
        start, end = columns["period_start"], columns["period_end"]
        first, last = wanted.period.start, wanted.period.end
        yield from (start >= first, end <= last) if wanted.within else (start == first, end == last)


def _order(columns: _Columns, names: Sequence[str]) -> Iterator[ColumnElement[Any]]:
    for name in names:
        sorted_by = by_code_point(columns[name]) if isinstance(columns[name].type, Text) else columns[name]
        yield sorted_by.asc().nulls_first()
