"""What was published before a batch and is compared with it: figures of the same things, bodies, days of a source.

Each is one query with the staged rows of the batch on its one side and an index on its other, so that it takes as
long as the batch is, not as the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    cast,
    exists,
    func,
    select,
)

from models.database import reading
from models.frames import FIGURE_COLUMNS
from models.records import SHANGHAI
from models.tables import ArticleRow, FigureRow, StagedArticleRow, StagedFigureRow, table_of

_ARTICLES, _FIGURES = table_of(ArticleRow), table_of(FigureRow)
_STAGED, _STAGED_FIGURES = table_of(StagedArticleRow), table_of(StagedFigureRow)
_Columns = Mapping[str, pl.DataType]

PRECEDENT_COLUMNS: _Columns = {
    name: FIGURE_COLUMNS[name]
    for name in (
        "info_code", "text", "kind", "value", "bound", "unit", "basis", "metric", "subject", "period_start",
        "period_end", "status", "metric_id", "entity_id",
    )
} | {"published_on": pl.Date()}  # fmt: skip
BODY_COLUMNS: _Columns = {"text_sha256": pl.String(), "info_code": pl.String()}
DAY_COLUMNS: _Columns = {"day": pl.Date(), "articles": pl.Int64(), "figures": pl.Int64()}


def _nothing(columns: _Columns) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))


@dataclass(frozen=True, slots=True)
class History:
    """What was published before, in the columns of `PRECEDENT_COLUMNS`, `BODY_COLUMNS` and `DAY_COLUMNS`.

    `figures` are current exact facts of the subjects and metrics of the batch, `bodies` the hashes of its texts
    under other info codes, `days` the articles and figures of its source a day; articles of the batch are left out.
    """

    figures: pl.DataFrame = field(default_factory=lambda: _nothing(PRECEDENT_COLUMNS))
    bodies: pl.DataFrame = field(default_factory=lambda: _nothing(BODY_COLUMNS))
    days: pl.DataFrame = field(default_factory=lambda: _nothing(DAY_COLUMNS))


def read_history(engine: Engine, batch_id: int, *, source: str, since: date, until: date, years: int) -> History:
    """Read what a staged batch is compared with.

    `source` and the days from `since` to `until` (of publication, in Asia/Shanghai) choose `days`; `years` is how
    far back before the articles of the batch the periods of `figures` go; no days are read up to `date.min`.
    Raises DatabaseError.
    """
    with reading(engine) as connection:
        return History(
            _figures(connection, _same_things(batch_id, _years_before(connection, batch_id, years))),
            _frame(connection, _same_bodies(batch_id), BODY_COLUMNS),
            _days_frame(connection, _days(connection, batch_id, source, since, until))
            if until > date.min
            else _nothing(DAY_COLUMNS),
        )


def _years_before(connection: Connection, batch_id: int, years: int) -> date:
    first = connection.execute(select(func.min(_STAGED.c.published)).where(_STAGED.c.batch_id == batch_id)).scalar()
    return date.max if first is None else date(max(first.year - years, 1), 1, 1)


def _same_things(batch_id: int, since: date) -> Select[Any]:
    """Select the current facts of the entities and metrics that the batch has too, in other articles.

    The index `ix_figure_series` is over the same words.
    """
    staged = _STAGED_FIGURES.c
    own = (
        select(_entity(staged).label("entity"), _metric(staged).label("metric"))
        .join(_STAGED, _STAGED.c.row_id == staged.article_row_id)
        .where(_STAGED.c.batch_id == batch_id, staged.status == "actual", staged.bound == "exact")
        .distinct()
        .cte("own")
    )
    same = (_entity(_FIGURES.c) == own.c.entity) & (_metric(_FIGURES.c) == own.c.metric)
    restaged = exists().where(_STAGED.c.batch_id == batch_id, _STAGED.c.info_code == _FIGURES.c.info_code)
    columns = _read(_FIGURES.c, {name: kind for name, kind in PRECEDENT_COLUMNS.items() if name in _FIGURES.c})
    return (
        select(*columns, _ARTICLES.c.published)
        .join_from(own, _FIGURES, same)
        .join(_ARTICLES, _FIGURES.c.article_id == _ARTICLES.c.id)
        .where(_FIGURES.c.known_to.is_(None), _FIGURES.c.status == "actual", _FIGURES.c.bound == "exact")
        .where(_FIGURES.c.period_start >= since, ~restaged)
        .order_by(_FIGURES.c.id)
    )


def _entity(columns: Any) -> ColumnElement[Any]:
    return func.coalesce(columns.entity_id, columns.subject)


def _metric(columns: Any) -> ColumnElement[Any]:
    return func.coalesce(columns.metric_id, columns.metric)


def _same_bodies(batch_id: int) -> Select[Any]:
    """Select the current articles that have the text of one of the batch under another info code."""
    other = (_ARTICLES.c.text_sha256 == _STAGED.c.text_sha256) & (_ARTICLES.c.info_code != _STAGED.c.info_code)
    return (
        select(*_read(_ARTICLES.c, BODY_COLUMNS))
        .join_from(_STAGED, _ARTICLES, other)
        .where(_STAGED.c.batch_id == batch_id, _ARTICLES.c.known_to.is_(None))
    )


def _days(connection: Connection, batch_id: int, source: str, since: date, until: date) -> Select[Any]:
    """Count the current articles of the source and their figures by day of publication, without those of the batch."""
    day = _day_of(connection, _ARTICLES.c.published)
    restaged = exists().where(_STAGED.c.batch_id == batch_id, _STAGED.c.info_code == _ARTICLES.c.info_code)
    here = (_ARTICLES.c.source == source) & _ARTICLES.c.known_to.is_(None) & ~restaged
    after, before = _ARTICLES.c.published >= _midnight(since), _ARTICLES.c.published < _midnight(until, 1)
    figures = select(func.count()).where(_FIGURES.c.article_id == _ARTICLES.c.id).correlate(_ARTICLES).scalar_subquery()
    counted = select(day.label("day"), figures.label("figures")).where(here, after, before).subquery()
    return select(counted.c.day, func.count().label("articles"), func.sum(counted.c.figures).label("figures")).group_by(
        counted.c.day
    )


def _day_of(connection: Connection, moment: ColumnElement[datetime]) -> ColumnElement[Any]:
    """Give the day of a moment in Asia/Shanghai, eight hours before UTC all the year."""
    if connection.dialect.name == "sqlite":
        return func.date(moment, "+8 hours")
    return cast(func.date(func.timezone(SHANGHAI.key, moment)), Text)


def _midnight(day: date, days: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=days), day_time(), SHANGHAI)


def _read(columns: Any, wanted: _Columns) -> list[ColumnElement[Any]]:
    return [
        cast(columns[name], Text).label(name) if kind == pl.String() else columns[name].label(name)
        for name, kind in wanted.items()
    ]


def _figures(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    rows = [(*row[:-1], _day(row[-1])) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict(PRECEDENT_COLUMNS), orient="row")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(SHANGHAI).date()


def _days_frame(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    rows = [(date.fromisoformat(day), articles, int(figures)) for day, articles, figures in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict(DAY_COLUMNS), orient="row")


def _frame(connection: Connection, query: Select[Any], columns: _Columns) -> pl.DataFrame:
    rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict(columns), orient="row")
