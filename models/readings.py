"""Published readings: what of a staged batch is new, what it supersedes, and which rows follow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlmodel import SQLModel

from models.amendments import link_amendments
from models.answers import unindexed
from models.naming import store_names
from models.reading_hashes import mark_readings
from models.shrinking import refuse_shrinking
from models.tables import (
    ArticleRow,
    FigureRow,
    NumberRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    table_of,
)
from models.tables.rows import ArticleFields, FigureFields, NumberFields
from models.types import UtcTime

_STAGED = table_of(StagedArticleRow)
_ARTICLES, _FIGURES, _NUMBERS = (table_of(model) for model in (ArticleRow, FigureRow, NumberRow))
_STAGED_FIGURES, _STAGED_NUMBERS = table_of(StagedFigureRow), table_of(StagedNumberRow)
# Without it SQLAlchemy keeps the count of an insert on some drivers alone.
_COUNTED = {"preserve_rowcount": True}
_STAGED_ROWS = ("staged_figure (article_row_id, condemned)", "staged_number (article_row_id, condemned)")
_OF_ARTICLE = ("info_code", "revision", "engine_version", "batch_id", "known_from", "known_to")
# Articles whose rows are published by one statement.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows of one table: newly published, as they stood already, and superseded (with `known_to` set)."""

    published: int = 0
    unchanged: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """The counts of the three published tables."""

    articles: RowCounts = RowCounts()
    figures: RowCounts = RowCounts()
    numbers: RowCounts = RowCounts()


def publish_readings(
    connection: Connection, batch_id: int, now: datetime, *, allow_shrink: bool = True
) -> ReadingCounts:
    """Publish the rows of a batch that are not condemned, where they differ from what stands published.

    `now` becomes `known_from` of what is new and `known_to` of what it supersedes. Raises ShrinkError where much
    less would stand than before and that is not allowed.
    """
    # Rows that were just staged are not in the statistics, and without them a join may take hours.
    _analyze(connection, "staged_article (batch_id, info_code, revision, condemned)", *_STAGED_ROWS)
    mark_readings(connection, batch_id, _is_new)
    _analyze(connection, "staged_article (changed)")
    if not allow_shrink:
        refuse_shrinking(connection, batch_id)
    superseded = _close(connection, batch_id, now)
    store_names(connection, batch_id)
    published = _publish_articles(connection, batch_id, now), *_publish_rows(connection, batch_id)
    tables = _STAGED, _STAGED_FIGURES, _STAGED_NUMBERS
    counts = (
        RowCounts(new, _unchanged(connection, table, batch_id), ended)
        for table, new, ended in zip(tables, published, superseded, strict=True)
    )
    link_amendments(connection, batch_id, now)
    return ReadingCounts(*counts)


def _analyze(connection: Connection, *tables: str) -> None:
    """Let Postgres look how the rows are spread, of the columns alone that its plans go by."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


def _clean(table: Table, batch_id: int) -> Select[Any]:
    """Start a query over the rows of a staged table that are to be published."""
    ours = (_STAGED.c.batch_id == batch_id) & ~_STAGED.c.condemned
    if table is _STAGED:
        return select().where(ours)
    joined = table.join(_STAGED, table.c.article_row_id == _STAGED.c.row_id)
    return select().select_from(joined).where(ours, ~table.c.condemned)


def _is_new(reading_sha256: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that a staged article's reading, of this hash, does not stand published.

    It stands where it is the current one, or belongs to a revision that a later one has superseded anyway. Of
    an article that two sources have, the fuller text stands, and of two as full the one that came first.
    """
    stands = exists().where(
        _same_revision(_ARTICLES, _STAGED),
        _ARTICLES.c.reading_sha256 == reading_sha256,
        or_(_ARTICLES.c.known_to.is_(None), _has_later(_ARTICLES)),
    )
    return and_(~stands, ~_fuller_elsewhere())


def _fuller_elsewhere() -> ColumnElement[bool]:
    """Say that another source's text of the article, which stands published, is fuller, or the same."""
    standing, here = func.length(_ARTICLES.c.text), func.length(_STAGED.c.text)
    same = and_(standing == here, _ARTICLES.c.engine_version == _STAGED.c.engine_version)
    return exists().where(
        _ARTICLES.c.info_code == _STAGED.c.info_code,
        _ARTICLES.c.known_to.is_(None),
        _ARTICLES.c.source != _STAGED.c.source,
        or_(standing > here, same),
    )


def _close(connection: Connection, batch_id: int, now: datetime) -> tuple[int, int, int]:
    """End what changed articles supersede and condemned ones withdraw; give the rows of each table."""
    replaced = and_(_STAGED.c.changed, _STAGED.c.revision >= _ARTICLES.c.revision)
    withdrawn = and_(_STAGED.c.condemned, _STAGED.c.revision == _ARTICLES.c.revision)
    ended = and_(
        _ARTICLES.c.known_to.is_(None),
        exists().where(
            _STAGED.c.batch_id == batch_id,
            _STAGED.c.info_code == _ARTICLES.c.info_code,
            or_(replaced, withdrawn),
        ),
    )
    ids = select(_ARTICLES.c.id).where(ended)
    end = {"known_to": now}
    figures, numbers = (
        connection.execute(
            update(table).where(table.c.known_to.is_(None), table.c.article_id.in_(ids)).values(end)
        ).rowcount
        for table in (_FIGURES, _NUMBERS)
    )
    articles = connection.execute(update(_ARTICLES).where(ended).values(end)).rowcount
    return articles, figures, numbers


def _publish_articles(connection: Connection, batch_id: int, now: datetime) -> int:
    later = _STAGED.alias("later")
    in_batch = exists().where(
        later.c.batch_id == batch_id,
        later.c.changed,
        later.c.info_code == _STAGED.c.info_code,
        later.c.revision > _STAGED.c.revision,
    )
    moment = literal(now, UtcTime())
    names = [*ArticleFields.model_fields, "revision", "reading_sha256", "batch_id"]
    values = select(
        *(_STAGED.c[name] for name in names),
        moment.label("known_from"),
        case((or_(_has_later(_STAGED), in_batch), moment), else_=null()).label("known_to"),
    ).where(_STAGED.c.batch_id == batch_id, _STAGED.c.changed)
    statement = insert(_ARTICLES).from_select([*names, "known_from", "known_to"], values)
    return connection.execute(statement, execution_options=_COUNTED).rowcount


def _publish_rows(connection: Connection, batch_id: int) -> tuple[int, int]:
    """Publish the figures and numbers of the articles that this batch has just published, and count them.

    Some thousand articles at once: what Postgres remembers of a statement's rows, to check them at its end, then
    stays in memory.
    """
    ends = select(func.min(_STAGED.c.row_id), func.max(_STAGED.c.row_id)).where(_STAGED.c.batch_id == batch_id)
    first, last = connection.execute(ends.where(_STAGED.c.changed)).one()
    figures = numbers = 0
    for begin in range(first or 0, (last or -1) + 1, _AT_ONCE):
        figures += _publish_some(connection, batch_id, begin, _STAGED_FIGURES, _FIGURES, FigureFields)
        numbers += _publish_some(connection, batch_id, begin, _STAGED_NUMBERS, _NUMBERS, NumberFields)
    return figures, numbers


def _publish_some(
    connection: Connection, batch_id: int, begin: int, staged: Table, published: Table, fields: type[SQLModel]
) -> int:
    """Publish the rows of the articles that were staged from the one row id on."""
    own = list(fields.model_fields)
    of_article = [*_OF_ARTICLE, *({"published"} & {*published.c.keys()})]
    values = (
        select(
            *(staged.c[name] for name in own),
            *(_ARTICLES.c[name] for name in of_article),
            _ARTICLES.c.id.label("article_id"),
        )
        .select_from(_STAGED)
        .join(_ARTICLES, and_(_ARTICLES.c.batch_id == batch_id, _same_revision(_ARTICLES, _STAGED)))
        .join(staged, staged.c.article_row_id == _STAGED.c.row_id)
        .where(
            _STAGED.c.row_id.between(begin, begin + _AT_ONCE - 1),
            unindexed(_STAGED.c.batch_id) == batch_id,
            _STAGED.c.changed,
            ~_STAGED.c.condemned,
            ~staged.c.condemned,
        )
        .order_by(_STAGED.c.row_id, staged.c.row_id)
    )
    statement = insert(published).from_select([*own, *of_article, "article_id"], values)
    return connection.execute(statement, execution_options=_COUNTED).rowcount


def _unchanged(connection: Connection, table: Table, batch_id: int) -> int:
    query = _clean(table, batch_id).where(~_STAGED.c.changed).add_columns(func.count())
    return int(connection.execute(query).scalar_one())


def _same_revision(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.c.info_code == other.c.info_code, one.c.revision == other.c.revision)


def _has_later(of: Table) -> ColumnElement[bool]:
    """Say that a later revision of the article has been published."""
    later = _ARTICLES.alias("published_later")
    return exists().where(later.c.info_code == of.c.info_code, later.c.revision > of.c.revision)
