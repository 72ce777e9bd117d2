"""Rows in: what was read of kept documents is staged under a batch, chunk by chunk.

A batch is staged in several transactions, so that reading a long archive locks nobody out and needs little
memory; `batch.is_staged` is set in the last one. Only then do the articles have their revisions.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import Connection, Engine, Select, Table, Text, cast, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from models.bulk import insert_rows
from models.database import reading, writing
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS, Schema
from models.records import Row, article_row, figure_rows, number_row
from models.revisions import drop_staged, settle_batch
from models.tables import (
    BatchRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    UnreadableDocumentRow,
    table_of,
)
from models.values import Article, Reading
from models.vocabulary import BatchState, ReviewState

_CHUNK = 500
_ARTICLES, _FIGURES, _NUMBERS = (table_of(model) for model in (StagedArticleRow, StagedFigureRow, StagedNumberRow))
_BATCHES, _UNREADABLE = (table_of(model) for model in (BatchRow, UnreadableDocumentRow))

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What a batch is: the source and the days that were asked for, and what reads it."""

    source: str
    since: date | None
    until: date | None
    strict: bool
    engine_version: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that could not be read; `sha256` is None where not even its bytes could be had."""

    source: str
    location: str
    sha256: str | None
    error: str


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """The rows of a batch as they were read back; their columns are those of `models.frames`."""

    batch_id: int
    articles: pl.DataFrame
    figures: pl.DataFrame
    numbers: pl.DataFrame


def stage_batch(
    engine: Engine,
    facts: BatchFacts,
    articles: Iterable[tuple[Article, Reading]],
    unreadable: Iterable[Unreadable] = (),
    opened: Callable[[int], None] | None = None,
) -> int:
    """Stage what was read under a new batch and give the batch's id, which `opened` hears before all else.

    `articles` is drawn in chunks; `unreadable` only after its end, so it may be a list that fills meanwhile.
    A text that is known has its revision, a new one the next, in the order of publication and location; the
    same text twice is one article, and a duplicate. Rows that an earlier, refused batch left staged for the
    same articles go. An error of `articles` itself passes through: the batch is then refused and its rows are
    removed. Raises DatabaseError, also for an article whose raw document was not kept.
    """
    batch_id = _open_batch(engine, facts)
    try:
        if opened is not None:
            opened(batch_id)
        for chunk in _chunks(articles, _CHUNK):
            with writing(engine) as connection:
                _stage(connection, batch_id, facts.engine_version, chunk)
        with writing(engine) as connection:
            unread = _note_unreadable(connection, batch_id, list(unreadable))
            settle_batch(connection, batch_id, unread)
    except Exception as error:
        with writing(engine) as connection:
            give_up(connection, batch_id, f"staging stopped: {error}")
        raise
    return batch_id


def read_staged(engine: Engine, batch_id: int) -> StagedBatch:
    """Read the staged rows of a batch back, in the order in which they came. Raises DatabaseError."""
    with reading(engine) as connection:
        return StagedBatch(
            batch_id,
            _frame(connection, _ARTICLES, ARTICLE_COLUMNS, batch_id),
            _frame(connection, _FIGURES, FIGURE_COLUMNS, batch_id),
            _frame(connection, _NUMBERS, NUMBER_COLUMNS, batch_id),
        )


def _open_batch(engine: Engine, facts: BatchFacts) -> int:
    with writing(engine) as connection:
        row = asdict(facts) | {"state": BatchState.STAGED.value}
        return int(connection.execute(insert(_BATCHES).returning(_BATCHES.c.id), row).scalar_one())


def give_up(connection: Connection, batch_id: int, why: str) -> None:
    """Take back what an interrupted batch has staged: its documents are kept, so nothing is lost.

    A batch that has ended stays as it is.
    """
    waits = _BATCHES.c.state.in_((BatchState.STAGED.value, BatchState.AUDITED.value))
    refused = {"state": BatchState.REFUSED.value, "message": why}
    if connection.execute(update(_BATCHES).where(_BATCHES.c.id == batch_id, waits).values(refused)).rowcount:
        drop_staged(connection, batch_id)


def _stage(
    connection: Connection, batch_id: int, engine_version: str, chunk: Sequence[tuple[Article, Reading]]
) -> None:
    rows = [article_row(article, engine_version) | {"batch_id": batch_id} for article, _ in chunk]
    ordered = insert(_ARTICLES).returning(_ARTICLES.c.row_id, sort_by_parameter_order=True)
    row_ids = connection.scalars(ordered, rows).all()
    ours = list(zip(row_ids, chunk, strict=True))
    insert_rows(connection, _FIGURES, (row for each in ours for row in _figures(*each)))
    insert_rows(connection, _NUMBERS, (row for each in ours for row in _numbers(*each)))


def _figures(row_id: int, pair: tuple[Article, Reading]) -> Iterator[Row]:
    article, found = pair
    return (row | {"article_row_id": row_id} for row in figure_rows(found.figures, article.text))


def _numbers(row_id: int, pair: tuple[Article, Reading]) -> Iterator[Row]:
    return (number_row(number) | {"article_row_id": row_id} for number in pair[1].numbers)


def _note_unreadable(connection: Connection, batch_id: int, unreadable: Sequence[Unreadable]) -> int:
    """Write what could not be read, once a place, and give how many places there are."""
    places = {(document.source, document.location): document for document in unreadable}
    for document in places.values():
        _note_one(connection, batch_id, document)
    return len(places)


def _note_one(connection: Connection, batch_id: int, document: Unreadable) -> None:
    row = asdict(document) | {"last_seen_batch_id": batch_id, "state": ReviewState.OPEN.value}
    here = (_UNREADABLE.c.source == document.source) & (_UNREADABLE.c.location == document.location)
    if not connection.execute(update(_UNREADABLE).where(here).values(row)).rowcount:
        connection.execute(insert(_UNREADABLE), row | {"first_seen_batch_id": batch_id})


def _frame(connection: Connection, table: Table, schema: Schema, batch_id: int) -> pl.DataFrame:
    rows = connection.execute(_query(table, schema, batch_id)).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=dict(schema), orient="row")


def _query(table: Table, schema: Schema, batch_id: int) -> Select[Any]:
    """Select the columns of a frame; what a figure or number has not of its own comes from its article."""
    columns = [_column(table, name, kind) for name, kind in schema.items()]
    query = select(*columns).where(_ARTICLES.c.batch_id == batch_id).order_by(table.c.row_id)
    if table is _ARTICLES:
        return query
    return query.select_from(table.join(_ARTICLES, table.c.article_row_id == _ARTICLES.c.row_id))


def _column(table: Table, name: str, kind: pl.DataType) -> ColumnElement[Any]:
    column = table.c[name] if name in table.c else _ARTICLES.c[name]
    # Amounts and JSON leave the database as the text that stands in it.
    return cast(column, Text).label(name) if kind == pl.String() else column


def _chunks(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
