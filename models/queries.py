"""What is asked of the tables, each answer a polars frame.

Amounts are decimal text, to be read with `Decimal` or `models.exact.with_decimals`; times are in Asia/Shanghai. What
finds figures is in `models.figures`, what gives their series in `models.series`; both can be had here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Engine, func, select

from models.answers import COUNT, TEXT, as_read, whole_answer
from models.database import reading
from models.figures import FIGURE_RESULT, FigureFilter, find_figures, stream_figures
from models.series import (
    IMPLIED_RESULT,
    SERIES_RESULT,
    SeriesFilter,
    find_implied_levels,
    find_series,
    stream_implied_levels,
    stream_series,
)
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

__all__ = [
    "FIGURE_RESULT",
    "IMPLIED_RESULT",
    "NAME_COUNTS",
    "QUARANTINE_RESULT",
    "SERIES_RESULT",
    "UNREADABLE_RESULT",
    "FigureFilter",
    "SeriesFilter",
    "TableCounts",
    "count_current",
    "count_names",
    "find_batch",
    "find_figures",
    "find_implied_levels",
    "find_series",
    "list_quarantine",
    "list_unreadable",
    "stream_figures",
    "stream_implied_levels",
    "stream_series",
]

_ARTICLES, _FIGURES, _NUMBERS = (table_of(model) for model in (ArticleRow, FigureRow, NumberRow))
_BATCHES, _QUARANTINE, _UNREADABLE = (table_of(model) for model in (BatchRow, QuarantineRow, UnreadableDocumentRow))

QUARANTINE_RESULT: Mapping[str, pl.DataType] = {
    "id": COUNT,
    "state": TEXT,
    "row_kind": TEXT,
    "info_code": TEXT,
    "revision": COUNT,
    "start": COUNT,
    "end": COUNT,
    "text": TEXT,
    "sentence": TEXT,
    "expectation": TEXT,
    "severity": TEXT,
    "observed": TEXT,
    "allowed": TEXT,
    "why": TEXT,
    "first_seen_batch_id": COUNT,
    "last_seen_batch_id": COUNT,
    "reason": TEXT,
    "who": TEXT,
}

UNREADABLE_RESULT: Mapping[str, pl.DataType] = {
    "id": COUNT,
    "source": TEXT,
    "location": TEXT,
    "sha256": TEXT,
    "error": TEXT,
    "first_seen_batch_id": COUNT,
    "last_seen_batch_id": COUNT,
}


NAME_COUNTS: Mapping[str, pl.DataType] = {
    "words": TEXT,
    "count": COUNT,
    "info_code": TEXT,
    "subject": TEXT,
    "metric": TEXT,
    "text": TEXT,
}


@dataclass(frozen=True, slots=True)
class TableCounts:
    """How many rows are current: what a reader of the published tables sees, and what waits for review."""

    articles: int
    figures: int
    numbers: int
    quarantined: int
    unreadable: int


def count_names(engine: Engine, role: str) -> pl.DataFrame:
    """Count what the current figures have as their `role` ("metric" or "subject"), each with its first figure.

    Columns are `NAME_COUNTS`. Raises DatabaseError.
    """
    words = _FIGURES.c[role]
    counted = (
        select(words.label("words"), func.count().label("count"), func.min(_FIGURES.c.id).label("first"))
        .where(words.is_not(None), _FIGURES.c.known_to.is_(None))
        .group_by(words)
        .subquery()
    )
    query = (
        select(counted.c.words, counted.c.count, *(_FIGURES.c[name] for name in list(NAME_COUNTS)[2:]))
        .join(_FIGURES, _FIGURES.c.id == counted.c.first)
        .order_by(counted.c.count.desc(), counted.c.words)
    )
    return whole_answer(engine, query, NAME_COUNTS)


def list_quarantine(
    engine: Engine,
    state: ReviewState | None = ReviewState.OPEN,
    info_code: str | None = None,
    limit: int | None = None,
    expectation: str | None = None,
) -> pl.DataFrame:
    """Give the rows of the quarantine, the newest first; columns are `QUARANTINE_RESULT`.

    None asks for every state, every article, every expectation. Raises DatabaseError.
    """
    columns = [as_read(_QUARANTINE.c[name], name, kind) for name, kind in QUARANTINE_RESULT.items()]
    query = select(*columns).order_by(_QUARANTINE.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_QUARANTINE.c.state == state.value)
    if info_code is not None:
        query = query.where(_QUARANTINE.c.info_code == info_code)
    if expectation is not None:
        query = query.where(_QUARANTINE.c.expectation == expectation)
    return whole_answer(engine, query, QUARANTINE_RESULT)


def list_unreadable(engine: Engine) -> pl.DataFrame:
    """Give the documents that cannot be read; columns are `UNREADABLE_RESULT`. Raises DatabaseError."""
    columns = [as_read(_UNREADABLE.c[name], name, kind) for name, kind in UNREADABLE_RESULT.items()]
    is_open = _UNREADABLE.c.state == ReviewState.OPEN.value
    query = select(*columns).where(is_open).order_by(_UNREADABLE.c.location)
    return whole_answer(engine, query, UNREADABLE_RESULT)


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
