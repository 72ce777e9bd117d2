"""Articles published again as a decision of the review leaves them: with a row more, or without one.

What stands published, or was quarantined with its whole article, is staged under a batch of its own and goes
the way of every batch, so that history (`known_from`, `known_to`) is kept as ever and the next run finds
nothing to change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from models.cataloguing import store_catalogue
from models.errors import ReviewError
from models.implying import add_intervals
from models.publishing import PublishReport, end_batch
from models.quarantining import QuarantineCounts
from models.readings import publish_readings
from models.records import Row, article_again, figure_again, number_again
from models.revisions import drop_staged
from models.tables import (
    ArticleRow,
    BatchRow,
    FigureRow,
    NumberRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    table_of,
)
from models.vocabulary import BatchState, RowKind

# What stands as the source of a batch that a reviewer made.
REVIEW = "review"

_BATCHES, _STAGED = table_of(BatchRow), table_of(StagedArticleRow)
_ARTICLES = table_of(ArticleRow)
_ROWS: Mapping[RowKind, tuple[Table, Table, Any]] = {
    RowKind.FIGURE: (table_of(FigureRow), table_of(StagedFigureRow), figure_again),
    RowKind.NUMBER: (table_of(NumberRow), table_of(StagedNumberRow), number_again),
}

# A row of an article: its kind, its first and its last character.
Place = tuple[RowKind, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes in one revision of an article.

    `added` and `removed` are rows by their place; `article` is the row of an article that was quarantined
    whole, None where it stands published; `withdrawn` takes the article away with all its rows.
    """

    info_code: str
    revision: int
    added: Mapping[Place, Row]
    removed: frozenset[Place] = frozenset()
    article: Row | None = None
    withdrawn: bool = False


def republish(connection: Connection, changes: Sequence[Change], engine_version: str, now: datetime) -> PublishReport:
    """Publish articles with their changes, under one new batch.

    Raises ReviewError where an article neither stands published nor was quarantined whole.
    """
    batch_id = _open_batch(connection, engine_version, now)
    store_catalogue(connection)
    for change in changes:
        _stage(connection, batch_id, change)
    readings = publish_readings(connection, batch_id, now, allow_shrink=True)
    drop_staged(connection, batch_id)
    counts = readings.figures, readings.numbers
    message = (
        f"reviewed: {counts[0].published} figures and {counts[1].published} numbers of "
        f"{readings.articles.published} articles published, {readings.articles.superseded} articles superseded"
    )
    report = PublishReport(batch_id, BatchState.PUBLISHED, message, readings, QuarantineCounts())
    end_batch(connection, report, now)
    return report


def _open_batch(connection: Connection, engine_version: str, now: datetime) -> int:
    row = {
        "source": REVIEW,
        "strict": False,
        "state": BatchState.AUDITED.value,
        "engine_version": engine_version,
        "started_at": now,
        "is_staged": True,
    }
    return int(connection.execute(insert(_BATCHES).returning(_BATCHES.c.id), row).scalar_one())


def _stage(connection: Connection, batch_id: int, change: Change) -> None:
    standing = _standing_article(connection, change)
    article = change.article or standing
    if article is None:
        raise ReviewError(
            f"revision {change.revision} of the article {change.info_code} does not stand published",
            "another source's text of it does, or nothing of its batch was published: run its source again",
        )
    keys = {"batch_id": batch_id, "revision": change.revision, "condemned": change.withdrawn}
    inserted = insert(_STAGED).returning(_STAGED.c.row_id)
    row_id = connection.execute(inserted, article_again(article) | keys).scalar_one()
    published = [] if standing is None else _published_rows(connection, standing["id"])
    rows = {place: row for place, row in published if place not in change.removed} | dict(change.added)
    for kind, (_, staged, again) in _ROWS.items():
        of_kind = sorted((place[1:], row) for place, row in rows.items() if place[0] is kind)
        read = [again(row) | {"article_row_id": row_id} for _, row in of_kind]
        if read:
            connection.execute(insert(staged), add_intervals(read) if kind is RowKind.FIGURE else read)


def _standing_article(connection: Connection, change: Change) -> Row | None:
    this = (_ARTICLES.c.info_code == change.info_code) & (_ARTICLES.c.revision == change.revision)
    query = select(_ARTICLES).where(this, _ARTICLES.c.known_to.is_(None))
    found = connection.execute(query).mappings().one_or_none()
    return None if found is None else dict(found)


def _published_rows(connection: Connection, article_id: int) -> Iterable[tuple[Place, Row]]:
    for kind, (published, _, _) in _ROWS.items():
        for row in connection.execute(select(published).where(published.c.article_id == article_id)).mappings():
            yield (kind, row["start"], row["end"]), dict(row)
