"""The guard against a publication that would leave much less than stands: a broken source, or a broken engine.

Rows of articles that a batch does not have are never touched, so a short listing takes nothing away. What can take
rows away is an article read again with fewer figures, or rejected by the audit. One article that says less than
before is a correction; many that lose most of their figures at once are a fault, and the batch is refused.
"""

from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from models.errors import ShrinkError
from models.tables import ArticleRow, FigureRow, StagedArticleRow, StagedFigureRow, table_of

_STAGED, _ARTICLES = table_of(StagedArticleRow), table_of(ArticleRow)
_FIGURES, _STAGED_FIGURES = table_of(FigureRow), table_of(StagedFigureRow)

# Under these nothing is refused: the corrections and withdrawals of an ordinary day stay far below both.
LEAST_ARTICLES, LEAST_FIGURES = 5, 20
# What has to be left of the figures that stand.
LEAST_SHARE = 0.5


def refuse_shrinking(connection: Connection, batch_id: int) -> None:
    """Raise ShrinkError where the articles that a batch ends would be left with less than half of their figures.

    Counted are the articles of the batch that stand published and that it changes or withdraws, with the figures
    that stand of them now and that would stand after. Fewer than 5 articles with less, or fewer than 20 figures
    lost, are never refused: 10 articles of 10 figures each may lose 50, and not 51.
    """
    articles, poorer, before, after = _counted(connection, batch_id)
    if poorer >= LEAST_ARTICLES and before - after >= LEAST_FIGURES and after < LEAST_SHARE * before:
        raise ShrinkError(
            f"of {before} figures that stand published of {articles} articles it would leave {after}",
            "look at the source and at `tongbi diff`; where less is right, run again with --allow-shrink",
        )


def _counted(connection: Connection, batch_id: int) -> tuple[int, int, int, int]:
    """Count the articles that the batch ends, those of them that lose figures, and the figures before and after."""
    ended = and_(
        _STAGED.c.batch_id == batch_id,
        _STAGED.c.info_code == _ARTICLES.c.info_code,
        _ARTICLES.c.known_to.is_(None),
        (_STAGED.c.changed & (_STAGED.c.revision >= _ARTICLES.c.revision))
        | (_STAGED.c.condemned & (_STAGED.c.revision == _ARTICLES.c.revision)),
    )
    articles = select(_ARTICLES.c.id).join(_STAGED, ended)
    current = _FIGURES.c.known_to.is_(None), _FIGURES.c.article_id.in_(articles)
    count = func.count().label("count")
    standing = select(_FIGURES.c.info_code, count).where(*current).group_by(_FIGURES.c.info_code).subquery()
    left = _left(batch_id).group_by(_STAGED.c.info_code).subquery()
    after = func.coalesce(left.c.count, 0)
    query = select(
        func.count(),
        func.coalesce(func.sum(case((after < standing.c.count, 1), else_=0)), 0),
        func.coalesce(func.sum(standing.c.count), 0),
        func.coalesce(func.sum(after), 0),
    ).select_from(standing.outerjoin(left, left.c.info_code == standing.c.info_code))
    of_articles, poorer, before, remaining = connection.execute(query).one()
    return int(of_articles), int(poorer), int(before), int(remaining)


def _left(batch_id: int) -> Select[Any]:
    """Count the clean figures of the latest revision that the batch publishes of each article."""
    later = _STAGED.alias("later")
    is_last = ~(
        select(later.c.row_id)
        .where(
            later.c.batch_id == batch_id,
            later.c.changed,
            later.c.info_code == _STAGED.c.info_code,
            later.c.revision > _STAGED.c.revision,
        )
        .exists()
    )
    joined = _STAGED.join(_STAGED_FIGURES, _STAGED_FIGURES.c.article_row_id == _STAGED.c.row_id)
    clean = ~_STAGED.c.condemned & ~_STAGED_FIGURES.c.condemned
    return (
        select(_STAGED.c.info_code, func.count().label("count"))
        .select_from(joined)
        .where(_STAGED.c.batch_id == batch_id, _STAGED.c.changed, clean, is_last)
    )
