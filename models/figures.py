"""The published figures that somebody asks for: which ones, in which order, as of when.

The newest come first. Where few figures can be meant, their ids are looked up first. Else what there is is gone through
from the newest on until there are enough: the figures by an index that has their metric, period and status at hand, so
that those that are not meant cost no look at their row; or the articles, where something of theirs is asked for.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    any_,
    func,
    literal,
    or_,
    select,
)

from models.answers import (
    COUNT,
    DAY,
    MOMENT,
    SHANGHAI,
    TEXT,
    Schema,
    answer_in_pieces,
    as_read,
    by_code_point,
    number_of,
    unindexed,
)
from models.database import reading
from models.naming import METRIC, SUBJECT, Names, names_of
from models.tables import ArticleRow, FigureRow, table_of
from models.values import Period
from models.vocabulary import FigureOrder, Status

_ARTICLES, _FIGURES = table_of(ArticleRow), table_of(FigureRow)
# So many figures are sooner fetched and sorted than come upon in all the articles.
_FEW = 3_000
_FEW_ARTICLES = 300

FIGURE_RESULT: Schema = {
    "id": COUNT,
    "published": MOMENT,
    "info_code": TEXT,
    "revision": COUNT,
    "title": TEXT,
    "subject": TEXT,
    "metric": TEXT,
    "kind": TEXT,
    "value": TEXT,
    "low": TEXT,
    "high": TEXT,
    "bound": TEXT,
    "unit": TEXT,
    "basis": TEXT,
    "period_start": DAY,
    "period_end": DAY,
    "status": TEXT,
    "metric_id": TEXT,
    "entity_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    "text": TEXT,
    "sentence": TEXT,
    "source": TEXT,
    "location": TEXT,
    "link": TEXT,
    "engine_version": TEXT,
    "known_from": MOMENT,
    "known_to": MOMENT,
}


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures are asked for; what is None asks for nothing.

    `entity` and `metric` are words in the subject or the metric, or an id, a name or another name of the catalogue;
    `entity` may be the code of a security too. `since` and `until` are days of publication in Asia/Shanghai, both
    included. `as_of` asks for what was known at that moment. `period` is the very period that a figure speaks of, or
    with `within` the days between which that period lies. `source` is the name of a source and `text` words of the
    sentence. `ascending` turns the order round, with those that have nothing to sort by at the beginning.
    """

    entity: str | None = None
    metric: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    limit: int | None = None
    period: Period | None = None
    within: bool = False
    status: Status | None = None
    source: str | None = None
    text: str | None = None
    order: FigureOrder = FigureOrder.PUBLISHED
    ascending: bool = False


def find_figures(engine: Engine, wanted: FigureFilter) -> pl.DataFrame:
    """Give the figures that are wanted, those of the newest article first; columns are `FIGURE_RESULT`.

    `find_figures(engine, FigureFilter(entity="上海联交所", limit=20))`. Raises DatabaseError.
    """
    return pl.concat(stream_figures(engine, wanted))


def stream_figures(engine: Engine, wanted: FigureFilter) -> Iterator[pl.DataFrame]:
    """Give the same in frames of some thousand rows, at least one, so that any number of them needs little memory."""
    with reading(engine) as connection:
        yield from answer_in_pieces(connection, figure_query(connection, wanted), FIGURE_RESULT)


def figure_query(connection: Connection, wanted: FigureFilter) -> Select[Any]:
    """Give the statement that finds the figures; it may ask the database how many can be meant."""
    asked = names_of(connection, SUBJECT, wanted.entity), names_of(connection, METRIC, wanted.metric)
    names = [each for each in asked if each is not None]
    ids = _few(connection, wanted, names)
    by_figures = ids is None and _is_told_by_figures(wanted)
    conditions = [
        *_conditions(wanted, by_figures),
        *(each.condition() for each in names),
        *_of_articles(connection, wanted),
    ]
    if ids is not None:
        conditions.append(_among(connection, _FIGURES, ids))
    columns = [as_read(_column(name), name, kind) for name, kind in FIGURE_RESULT.items()]
    # Without the id at hand SQLite has to begin with the articles.
    article_id = _ARTICLES.c.id if by_figures or ids is not None else unindexed(_ARTICLES.c.id)
    query = select(*columns).join_from(_ARTICLES, _FIGURES, _FIGURES.c.article_id == article_id)
    if by_figures:
        conditions += [unindexed(each.key).in_(each.keys) for each in names if each.role == METRIC and each.keys]
    return query.where(*conditions).order_by(*_order(wanted, by_figures)).limit(wanted.limit)


def _is_told_by_figures(wanted: FigureFilter) -> bool:
    """Say that figures alone tell what is wanted, and that the newest ones are to come first."""
    of_figures = wanted.entity or wanted.metric or wanted.period or wanted.status
    of_articles = wanted.source or wanted.text
    return bool(of_figures) and not of_articles and wanted.order is FigureOrder.PUBLISHED and not wanted.ascending


def _column(name: str) -> Column[Any]:
    return _FIGURES.c[name] if name in _FIGURES.c else _ARTICLES.c[name]


def _few(connection: Connection, wanted: FigureFilter, names: Sequence[Names]) -> Sequence[int] | None:
    """Give the ids of all figures that can be meant, None where they are many or no index tells."""
    conditions: list[ColumnElement[bool]] = [each.key.in_(each.keys) for each in names if each.keys is not None]
    if not conditions:
        return None
    if wanted.period is not None:
        columns: tuple[Any, ...] = (_FIGURES.c.period_start, _FIGURES.c.period_end)
        if wanted.entity is not None:  # the index of the metrics has the period too, and finds more
            columns = tuple(unindexed(column) for column in columns)
        conditions += _in_period(wanted.period, *columns, within=wanted.within)
    return _at_most(connection, select(_FIGURES.c.id).where(*conditions), _FEW)


def _of_articles(connection: Connection, wanted: FigureFilter) -> Iterator[ColumnElement[bool]]:
    """Say in which articles the words can be that are looked for: a tenth of the texts that the sentences are."""
    if wanted.text is not None:
        found = _ARTICLES.c.text.contains(wanted.text, autoescape=True)
        ids = _at_most(connection, select(_ARTICLES.c.id).where(found, *_published(_ARTICLES, wanted)), _FEW_ARTICLES)
        yield found if ids is None else _among(connection, _ARTICLES, ids)


def _at_most(connection: Connection, query: Select[Any], most: int) -> Sequence[int] | None:
    """Give the ids that a query finds, None where they are more."""
    ids = connection.scalars(query.limit(most + 1)).all()
    return ids if len(ids) <= most else None


def _among(connection: Connection, table: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    """Say that a row is one of these, with one parameter for them all."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(ids))).table_valued("value")
        return table.c.id.in_(select(each.c.value))
    return table.c.id == any_(literal(list(ids), ARRAY(BigInteger)))


def _conditions(wanted: FigureFilter, by_figures: bool) -> Iterator[ColumnElement[bool]]:
    yield from _known(_ARTICLES, wanted.as_of)
    yield from _known(_FIGURES, wanted.as_of)
    yield from _published(_FIGURES if by_figures else _ARTICLES, wanted)
    if wanted.source is not None:
        yield _ARTICLES.c.source == wanted.source
    if wanted.status is not None:
        yield _FIGURES.c.status == wanted.status.value
    if wanted.text is not None:
        yield _FIGURES.c.sentence.contains(wanted.text, autoescape=True)
    if wanted.period is not None:
        columns: tuple[Any, ...] = (_FIGURES.c.period_start, _FIGURES.c.period_end)
        yield from _in_period(
            wanted.period, *(columns if by_figures else map(unindexed, columns)), within=wanted.within
        )


def _published(table: Table, wanted: FigureFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield table.c.published >= _midnight(wanted.since)
    if wanted.until is not None:
        yield table.c.published < _midnight(wanted.until + timedelta(days=1))


def _known(table: Table, moment: datetime | None) -> list[ColumnElement[bool]]:
    """Say that a row was known at a moment, or is now. A figure is known no longer than its article."""
    if moment is None:
        return [table.c.known_to.is_(None)]
    return [table.c.known_from <= moment, or_(table.c.known_to.is_(None), table.c.known_to > moment)]


def _in_period(period: Period, start: Any, end: Any, *, within: bool = False) -> list[ColumnElement[bool]]:
    if within:
        return [start >= period.start, end <= period.end]
    return [start == period.start, end == period.end]


def _order(wanted: FigureFilter, by_figures: bool) -> list[ColumnElement[Any]]:
    """Give what to sort by; figures of one article, and equal ones, follow in the order of the text."""
    table, id_ = (_FIGURES.c, _FIGURES.c.article_id) if by_figures else (_ARTICLES.c, _ARTICLES.c.id)
    by = table.published if wanted.order is FigureOrder.PUBLISHED else _sorted_by(wanted.order)
    then: tuple[ColumnElement[Any], ...] = (table.info_code, id_)
    if wanted.ascending:
        return [by.asc().nulls_first(), *then, _FIGURES.c.start]
    return [by.desc().nulls_last(), *(each.desc() for each in then), _FIGURES.c.start]


def _sorted_by(order: FigureOrder) -> ColumnElement[Any]:
    figure = _FIGURES.c
    columns: dict[FigureOrder, ColumnElement[Any]] = {
        FigureOrder.KNOWN: figure.known_from,
        FigureOrder.PERIOD: figure.period_end,
        FigureOrder.AMOUNT: number_of(func.coalesce(figure.value, figure.low)),
        FigureOrder.SUBJECT: by_code_point(figure.subject),
        FigureOrder.METRIC: by_code_point(figure.metric),
    }
    return columns[order]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, day_time(), ZoneInfo(SHANGHAI))
