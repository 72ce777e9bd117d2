"""Which text of an article is which revision, and the end of staging, where the whole batch is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, exists, func, insert, select, update

from models.tables import (
    ArticleRevisionRow,
    BatchRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    UnreadableDocumentRow,
    table_of,
)
from models.vocabulary import BatchState, ReviewState

_ARTICLES, _FIGURES, _NUMBERS = (table_of(model) for model in (StagedArticleRow, StagedFigureRow, StagedNumberRow))
_BATCHES, _REVISIONS, _UNREADABLE = (table_of(model) for model in (BatchRow, ArticleRevisionRow, UnreadableDocumentRow))

# Stands in the location of what is wrong with a listing itself, after the listing's address.
LISTING_FAULT = "#listed:"

# By info code: the hash of each known text and its revision.
_Texts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Settlement:
    """What becomes of the staged articles: their revisions, those that are new, rows that repeat another."""

    revisions: list[dict[str, int]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, int]] = field(default_factory=list)


def settle_batch(connection: Connection, batch_id: int, unreadable: int) -> None:
    """End the staging of a batch: give revisions, drop duplicates, clear, count."""
    _clear_unreadable(connection, batch_id)
    settlement = _settle(_staged(connection, batch_id), _known_texts(connection, batch_id))
    _apply(connection, settlement)
    _drop_refused(connection, batch_id)
    _count(connection, batch_id, len(settlement.duplicates), unreadable)


def drop_staged(connection: Connection, batch_id: int) -> None:
    """Remove all staged rows of a batch; those of its articles first, for all at once costs less than one by one."""
    ours = select(_ARTICLES.c.row_id).where(_ARTICLES.c.batch_id == batch_id)
    for table in (_FIGURES, _NUMBERS):
        connection.execute(delete(table).where(table.c.article_row_id.in_(ours)))
    connection.execute(delete(_ARTICLES).where(_ARTICLES.c.batch_id == batch_id))


def _clear_unreadable(connection: Connection, batch_id: int) -> None:
    """Supersede what could not be read from a place where this batch has read an article."""
    read_now = exists().where(
        _ARTICLES.c.batch_id == batch_id,
        _ARTICLES.c.source == _UNREADABLE.c.source,
        _ARTICLES.c.location == _UNREADABLE.c.location,
    )
    is_open = _UNREADABLE.c.state == ReviewState.OPEN.value
    superseded = update(_UNREADABLE).where(is_open).values(state=ReviewState.SUPERSEDED.value)
    connection.execute(superseded.where(read_now))
    # A listing is read in every run: what was wrong with it and is not now is mended.
    source = select(_BATCHES.c.source).where(_BATCHES.c.id == batch_id).scalar_subquery()
    mended = (_UNREADABLE.c.source == source) & (_UNREADABLE.c.last_seen_batch_id != batch_id)
    connection.execute(superseded.where(mended, _UNREADABLE.c.location.contains(LISTING_FAULT, autoescape=True)))


def _staged(connection: Connection, batch_id: int) -> list[Any]:
    """Give the staged articles in the order in which their texts become revisions.

    Sorted here, because each database has an order of its own for words.
    """
    columns = _ARTICLES.c
    query = select(columns.row_id, columns.info_code, columns.text_sha256, columns.published, columns.location)
    return sorted(connection.execute(query.where(columns.batch_id == batch_id)).all(), key=_place)


def _place(row: Any) -> tuple[Any, ...]:
    dated = row.published is not None
    return row.info_code, dated, row.published if dated else 0, row.location, row.row_id


def _known_texts(connection: Connection, batch_id: int) -> _Texts:
    codes = select(_ARTICLES.c.info_code).where(_ARTICLES.c.batch_id == batch_id)
    known: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(select(_REVISIONS).where(_REVISIONS.c.info_code.in_(codes))):
        known[row.info_code][row.text_sha256] = row.revision
    return known


def _settle(rows: Iterable[Row[Any]], known: _Texts) -> _Settlement:
    settlement = _Settlement()
    for info_code, same in groupby(rows, key=lambda row: row.info_code):
        _settle_article(settlement, info_code, same, dict(known.get(info_code, {})))
    return settlement


def _settle_article(settlement: _Settlement, info_code: str, rows: Iterable[Row[Any]], texts: dict[str, int]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.text_sha256 in seen:
            settlement.duplicates.append({"of_row": row.row_id})
            continue
        seen.add(row.text_sha256)
        if row.text_sha256 not in texts:
            texts[row.text_sha256] = max(texts.values(), default=0) + 1
            revision = {"revision": texts[row.text_sha256], "text_sha256": row.text_sha256}
            settlement.new.append({"info_code": info_code} | revision)
        settlement.revisions.append({"of_row": row.row_id, "revision": texts[row.text_sha256]})


def _apply(connection: Connection, settlement: _Settlement) -> None:
    this_row = _ARTICLES.c.row_id == bindparam("of_row")
    statements = (
        (insert(_REVISIONS), settlement.new),
        (update(_ARTICLES).where(this_row), settlement.revisions),
        (delete(_ARTICLES).where(this_row), settlement.duplicates),
    )
    for statement, rows in statements:
        if rows:
            connection.execute(statement, rows)


def _drop_refused(connection: Connection, batch_id: int) -> None:
    """Remove what refused batches left staged for the articles of this one, which stages them anew."""
    refused = select(_BATCHES.c.id).where(_BATCHES.c.state == BatchState.REFUSED.value)
    others = _ARTICLES.alias()
    codes = select(others.c.info_code).where(others.c.batch_id == batch_id)
    old = _ARTICLES.c.batch_id.in_(refused) & _ARTICLES.c.info_code.in_(codes)
    connection.execute(delete(_ARTICLES).where(old))


def _count(connection: Connection, batch_id: int, duplicates: int, unreadable: int) -> None:
    ours = select(_ARTICLES.c.row_id).where(_ARTICLES.c.batch_id == batch_id)
    articles = _number_of(connection, _ARTICLES, _ARTICLES.c.row_id.in_(ours))
    counts = {
        "is_staged": True,
        "documents": articles + duplicates + unreadable,
        "articles": articles,
        "duplicates": duplicates,
        "unreadable": unreadable,
        "figures": _number_of(connection, _FIGURES, _FIGURES.c.article_row_id.in_(ours)),
        "numbers": _number_of(connection, _NUMBERS, _NUMBERS.c.article_row_id.in_(ours)),
    }
    connection.execute(update(_BATCHES).where(_BATCHES.c.id == batch_id).values(counts))


def _number_of(connection: Connection, table: Table, condition: Any) -> int:
    return connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
