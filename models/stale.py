"""Which documents another engine has read last: those that a new one may read otherwise."""

from collections.abc import Iterator

from sqlalchemy import Engine, select

from models.database import reading
from models.tables import ArticleRow, BatchRow, QuarantineRow, UnreadableDocumentRow, table_of
from models.vocabulary import ReviewState, RowKind

_ARTICLES, _BATCHES = table_of(ArticleRow), table_of(BatchRow)
_QUARANTINE, _UNREADABLE = table_of(QuarantineRow), table_of(UnreadableDocumentRow)


def stale_locations(engine: Engine, source: str, engine_version: str) -> set[str]:
    """Give where the documents of a source lie whose reading is not of this engine.

    These are published articles, articles that wait in quarantine as a whole, and documents that could not be read
    though their bytes are kept. Raises DatabaseError.
    """
    return set(_stale(engine, source, engine_version))


def _stale(engine: Engine, source: str, engine_version: str) -> Iterator[str]:
    published = select(_ARTICLES.c.location).where(
        _ARTICLES.c.source == source, _ARTICLES.c.known_to.is_(None), _ARTICLES.c.engine_version != engine_version
    )
    in_quarantine = select(_QUARANTINE.c.row).where(
        _QUARANTINE.c.row_kind == RowKind.ARTICLE.value, _QUARANTINE.c.state == ReviewState.OPEN.value
    )
    unread = (
        select(_UNREADABLE.c.location)
        .join(_BATCHES, _BATCHES.c.id == _UNREADABLE.c.last_seen_batch_id)
        .where(
            _UNREADABLE.c.source == source,
            _UNREADABLE.c.state == ReviewState.OPEN.value,
            _UNREADABLE.c.sha256.is_not(None),
            _BATCHES.c.engine_version != engine_version,
        )
    )
    with reading(engine) as connection:
        yield from connection.scalars(published)
        yield from connection.scalars(unread)
        for row in connection.scalars(in_quarantine):
            if row["source"] == source and row["engine_version"] != engine_version:
                yield row["location"]
