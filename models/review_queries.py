"""What a reviewer asks of the quarantine: which rows, one of them in full, and what was decided on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, exists, select

from models.database import reading
from models.errors import ReviewError
from models.records import Row
from models.review_scope import Entry, find_entries
from models.tables import ArticleRow, BatchRow, DecisionRow, FigureRow, QuarantineRow, table_of
from models.vocabulary import ReviewState, RowKind

_QUARANTINE, _DECISIONS = table_of(QuarantineRow), table_of(DecisionRow)
_ARTICLES, _BATCHES, _FIGURES = (table_of(model) for model in (ArticleRow, BatchRow, FigureRow))

_SEE = "`tongbi quarantine list --state all` shows them all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the quarantine: by state, expectation and article; what is None asks for nothing."""

    state: ReviewState | None = ReviewState.OPEN
    expectation: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """When a batch ran that brought a row, and from where."""

    batch_id: int
    source: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of the quarantine in full: all its columns, its article, when it was seen, what was decided on it.

    `article` has the columns of the article as it was published or quarantined last, None where neither was.
    """

    columns: Row
    article: Row | None
    first_seen: Seen
    last_seen: Seen
    history: tuple[Row, ...]


def find_ids(engine: Engine, wanted: Wanted) -> list[int]:
    """Give the ids of the rows that are wanted, the oldest first.

    Raises ReviewError where there is none, and DatabaseError.
    """
    query = select(_QUARANTINE.c.id).order_by(_QUARANTINE.c.id)
    if wanted.state is not None:
        query = query.where(_QUARANTINE.c.state == wanted.state.value)
    if wanted.expectation is not None:
        query = query.where(_QUARANTINE.c.expectation == wanted.expectation)
    if wanted.article is not None:
        query = query.where(_QUARANTINE.c.info_code == wanted.article)
    with reading(engine) as connection:
        found = list(connection.scalars(query))
    if not found:
        raise ReviewError(f"the quarantine has no {_words(wanted)}", _SEE)
    return found


def find_details(engine: Engine, ids: Sequence[int]) -> list[Detail]:
    """Give rows of the quarantine in full, in the order of the ids.

    Raises ReviewError for an id that is not there, and DatabaseError.
    """
    with reading(engine) as connection:
        find_entries(connection, ids)
        return [_detail(connection, each) for each in dict.fromkeys(ids)]


def find_decided(engine: Engine) -> list[Detail]:
    """Give every row that was released or rejected, by id, in full. Raises DatabaseError."""
    decided = (ReviewState.RELEASED.value, ReviewState.REJECTED.value)
    is_decided = exists().where(_DECISIONS.c.quarantine_id == _QUARANTINE.c.id)
    query = select(_QUARANTINE.c.id).where(_QUARANTINE.c.state.in_(decided), is_decided).order_by(_QUARANTINE.c.id)
    with reading(engine) as connection:
        return [_detail(connection, each) for each in connection.scalars(query).all()]


def article_of(connection: Connection, info_code: str, revision: int) -> Row | None:
    """Give the columns of a revision as it was published last, or quarantined; None where neither was."""
    same = (_ARTICLES.c.info_code == info_code) & (_ARTICLES.c.revision == revision)
    published = select(_ARTICLES).where(same).order_by(_ARTICLES.c.id.desc()).limit(1)
    found = connection.execute(published).mappings().one_or_none()
    if found is not None:
        return dict(found)
    kept = (_QUARANTINE.c.info_code == info_code) & (_QUARANTINE.c.revision == revision)
    query = select(_QUARANTINE.c.row).where(kept, _QUARANTINE.c.row_kind == RowKind.ARTICLE.value)
    row: Row | None = connection.scalars(query.order_by(_QUARANTINE.c.last_seen_batch_id.desc()).limit(1)).first()
    return row


def published_at(connection: Connection, entry: Entry) -> Row | None:
    """Give the figure that stands published now where a quarantined row lies, None where there is none."""
    if entry.start is None or entry.end is None:
        return None
    same = (_ARTICLES.c.info_code == entry.info_code) & (_ARTICLES.c.revision == entry.revision)
    current = _FIGURES.c.article_id.in_(select(_ARTICLES.c.id).where(same)) & _FIGURES.c.known_to.is_(None)
    there = (_FIGURES.c.start < entry.end) & (_FIGURES.c.end > entry.start)
    found = connection.execute(select(_FIGURES).where(current, there).limit(1)).mappings().one_or_none()
    return None if found is None else dict(found)


def _words(wanted: Wanted) -> str:
    state = f"{wanted.state.value} " if wanted.state else ""
    expectation = f" that failed {wanted.expectation}" if wanted.expectation else ""
    return f"{state}row{expectation}" + (f" of the article {wanted.article}" if wanted.article else "")


def _detail(connection: Connection, id_: int) -> Detail:
    columns = _one(connection, select(_QUARANTINE).where(_QUARANTINE.c.id == id_))
    decided = select(_DECISIONS).where(_DECISIONS.c.quarantine_id == id_).order_by(_DECISIONS.c.id)
    return Detail(
        columns,
        article_of(connection, columns["info_code"], columns["revision"]),
        _seen(connection, columns["first_seen_batch_id"]),
        _seen(connection, columns["last_seen_batch_id"]),
        tuple(dict(row) for row in connection.execute(decided).mappings()),
    )


def _seen(connection: Connection, batch_id: int) -> Seen:
    batch = _one(connection, select(_BATCHES).where(_BATCHES.c.id == batch_id))
    return Seen(batch_id, batch["source"], batch["started_at"])


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> Row:
    return dict(connection.execute(query).mappings().one())
