"""What is asked of the published tables, each answer a polars frame.

Amounts are decimal text, to be read with `Decimal`; `published` is a time in Asia/Shanghai.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import ColumnElement, Engine, Select, Text, and_, cast, false, func, or_, select

from models.catalogue import find_entity, find_metric
from models.database import reading
from models.tables import (
    ArticleRow,
    BatchRow,
    FigureRow,
    NumberRow,
    QuarantineRow,
    UnreadableDocumentRow,
    table_of,
)
from models.vocabulary import ReviewState

SHANGHAI = ZoneInfo("Asia/Shanghai")

_ARTICLES, _FIGURES, _NUMBERS = (table_of(model) for model in (ArticleRow, FigureRow, NumberRow))
_BATCHES, _QUARANTINE, _UNREADABLE = (table_of(model) for model in (BatchRow, QuarantineRow, UnreadableDocumentRow))

_TEXT, _COUNT, _DAY = pl.String(), pl.Int64(), pl.Date()

FIGURE_RESULT: Mapping[str, pl.DataType] = {
    "id": _COUNT,
    "published": pl.Datetime("us", "UTC"),
    "info_code": _TEXT,
    "revision": _COUNT,
    "title": _TEXT,
    "subject": _TEXT,
    "metric": _TEXT,
    "kind": _TEXT,
    "value": _TEXT,
    "low": _TEXT,
    "high": _TEXT,
    "bound": _TEXT,
    "unit": _TEXT,
    "basis": _TEXT,
    "period_start": _DAY,
    "period_end": _DAY,
    "status": _TEXT,
    "metric_id": _TEXT,
    "entity_id": _TEXT,
    "start": _COUNT,
    "end": _COUNT,
    "text": _TEXT,
    "sentence": _TEXT,
    "source": _TEXT,
    "location": _TEXT,
    "link": _TEXT,
    "engine_version": _TEXT,
}

QUARANTINE_RESULT: Mapping[str, pl.DataType] = {
    "id": _COUNT,
    "state": _TEXT,
    "row_kind": _TEXT,
    "info_code": _TEXT,
    "revision": _COUNT,
    "start": _COUNT,
    "end": _COUNT,
    "text": _TEXT,
    "sentence": _TEXT,
    "expectation": _TEXT,
    "severity": _TEXT,
    "observed": _TEXT,
    "allowed": _TEXT,
    "why": _TEXT,
    "first_seen_batch_id": _COUNT,
    "last_seen_batch_id": _COUNT,
    "reason": _TEXT,
    "who": _TEXT,
}

UNREADABLE_RESULT: Mapping[str, pl.DataType] = {
    "id": _COUNT,
    "source": _TEXT,
    "location": _TEXT,
    "sha256": _TEXT,
    "error": _TEXT,
    "first_seen_batch_id": _COUNT,
    "last_seen_batch_id": _COUNT,
}


NAME_COUNTS: Mapping[str, pl.DataType] = {
    "words": _TEXT,
    "count": _COUNT,
    "info_code": _TEXT,
    "subject": _TEXT,
    "metric": _TEXT,
    "text": _TEXT,
}


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures are asked for; what is None asks for nothing.

    `entity` and `metric` are words in the subject or the metric, or an id or a name of the catalogue. `since`
    and `until` are days of publication in Asia/Shanghai, both included. `as_of` asks for what was known at
    that moment.
    """

    entity: str | None = None
    metric: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class TableCounts:
    """How many rows are current: what a reader of the published tables sees, and what waits for review."""

    articles: int
    figures: int
    numbers: int
    quarantined: int
    unreadable: int


def find_figures(engine: Engine, wanted: FigureFilter) -> pl.DataFrame:
    """Give the figures that are wanted, those of the newest article first; columns are `FIGURE_RESULT`.

    `find_figures(engine, FigureFilter(entity="上海联交所", limit=20))`. Raises DatabaseError.
    """
    columns = [
        _as_read(_FIGURES.c[name] if name in _FIGURES.c else _ARTICLES.c[name], name, kind)
        for name, kind in FIGURE_RESULT.items()
    ]
    newest_first = _ARTICLES.c.published.desc().nulls_last(), _FIGURES.c.info_code.desc(), _FIGURES.c.start
    query = (
        select(*columns)
        .join_from(_FIGURES, _ARTICLES, _FIGURES.c.article_id == _ARTICLES.c.id)
        .where(*_conditions(wanted))
        .order_by(*newest_first)
        .limit(wanted.limit)
    )
    frame = _frame(engine, query, FIGURE_RESULT)
    return frame.with_columns(pl.col("published").dt.convert_time_zone(SHANGHAI.key))


def count_names(engine: Engine, role: str) -> pl.DataFrame:
    """Count what the current figures have as their `role` ("metric" or "subject"), each with its first figure.

    Columns are `NAME_COUNTS`. Raises DatabaseError.
    """
    words = _FIGURES.c[role]
    counted = (
        select(words.label("words"), func.count().label("count"), func.min(_FIGURES.c.id).label("first"))
        .where(words.is_not(None), _known_at(None))
        .group_by(words)
        .subquery()
    )
    query = (
        select(counted.c.words, counted.c.count, *(_FIGURES.c[name] for name in list(NAME_COUNTS)[2:]))
        .join(_FIGURES, _FIGURES.c.id == counted.c.first)
        .order_by(counted.c.count.desc(), counted.c.words)
    )
    return _frame(engine, query, NAME_COUNTS)


def list_quarantine(
    engine: Engine,
    state: ReviewState | None = ReviewState.OPEN,
    info_code: str | None = None,
    limit: int | None = None,
) -> pl.DataFrame:
    """Give the rows of the quarantine, the newest first; columns are `QUARANTINE_RESULT`.

    None asks for every state, or every article. Raises DatabaseError.
    """
    columns = [_as_read(_QUARANTINE.c[name], name, kind) for name, kind in QUARANTINE_RESULT.items()]
    query = select(*columns).order_by(_QUARANTINE.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_QUARANTINE.c.state == state.value)
    if info_code is not None:
        query = query.where(_QUARANTINE.c.info_code == info_code)
    return _frame(engine, query, QUARANTINE_RESULT)


def list_unreadable(engine: Engine) -> pl.DataFrame:
    """Give the documents that cannot be read; columns are `UNREADABLE_RESULT`. Raises DatabaseError."""
    columns = [_as_read(_UNREADABLE.c[name], name, kind) for name, kind in UNREADABLE_RESULT.items()]
    is_open = _UNREADABLE.c.state == ReviewState.OPEN.value
    query = select(*columns).where(is_open).order_by(_UNREADABLE.c.location)
    return _frame(engine, query, UNREADABLE_RESULT)


def find_batch(engine: Engine, batch_id: int | None = None) -> BatchRow | None:
    """Give a batch with its state and counts, the last one without an id; None where there is no such batch.

    Raises DatabaseError.
    """
    query = select(_BATCHES).order_by(_BATCHES.c.id.desc()).limit(1)
    if batch_id is not None:
        query = query.where(_BATCHES.c.id == batch_id)
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else BatchRow(**row)


def count_current(engine: Engine) -> TableCounts:
    """Count the published rows that are not superseded, and what is open. Raises DatabaseError."""
    is_open = ReviewState.OPEN.value
    conditions = {
        _ARTICLES: _ARTICLES.c.known_to.is_(None),
        _FIGURES: _FIGURES.c.known_to.is_(None),
        _NUMBERS: _NUMBERS.c.known_to.is_(None),
        _QUARANTINE: _QUARANTINE.c.state == is_open,
        _UNREADABLE: _UNREADABLE.c.state == is_open,
    }
    with reading(engine) as connection:
        return TableCounts(
            *(
                connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
                for table, condition in conditions.items()
            )
        )


def _conditions(wanted: FigureFilter) -> list[ColumnElement[bool]]:
    conditions = [_known_at(wanted.as_of)]
    if wanted.entity is not None:
        entity = find_entity(wanted.entity)
        known = entity.id if entity else None
        conditions.append(_named(_FIGURES.c.subject, _FIGURES.c.entity_id, wanted.entity, known))
    if wanted.metric is not None:
        metric = find_metric(wanted.metric)
        known = metric.id if metric else None
        conditions.append(_named(_FIGURES.c.metric, _FIGURES.c.metric_id, wanted.metric, known))
    if wanted.since is not None:
        conditions.append(_ARTICLES.c.published >= _midnight(wanted.since))
    if wanted.until is not None:
        conditions.append(_ARTICLES.c.published < _midnight(wanted.until + timedelta(days=1)))
    return conditions


def _known_at(moment: datetime | None) -> ColumnElement[bool]:
    if moment is None:
        return _FIGURES.c.known_to.is_(None)
    still = or_(_FIGURES.c.known_to.is_(None), _FIGURES.c.known_to > moment)
    return and_(_FIGURES.c.known_from <= moment, still)


def _named(words: ColumnElement[Any], id_: ColumnElement[Any], asked: str, known: str | None) -> ColumnElement[bool]:
    """Say that a column has the words that were asked for, or the id is the one asked for or of that name."""
    of_name = false() if known is None else id_ == known
    return or_(words.contains(asked, autoescape=True), id_ == asked, of_name)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, day_time(), SHANGHAI)


def _as_read(column: ColumnElement[Any], name: str, kind: pl.DataType) -> ColumnElement[Any]:
    return cast(column, Text).label(name) if kind == _TEXT else column


def _frame(engine: Engine, query: Select[Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
