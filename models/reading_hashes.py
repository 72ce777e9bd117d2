"""The hash over an article and all its clean rows, by which a reading is known again: written by one statement.

It is the SHA-256 of the fingerprints in their order, each behind the number of its table. SQLite gets an aggregate
of ours for it, Postgres has all that it takes.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from models.tables import StagedArticleRow, StagedFigureRow, StagedNumberRow, table_of

_STAGED, _FIGURES, _NUMBERS = (table_of(model) for model in (StagedArticleRow, StagedFigureRow, StagedNumberRow))
AGGREGATE = "reading_sha256_of"
IsNew = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class ReadingHash:
    """The aggregate as SQLite calls it: `step` for each fingerprint, `finalize` for the hash."""

    def __init__(self) -> None:
        self._fingerprints: list[str] = []

    def step(self, fingerprint: str) -> None:
        """Take one fingerprint with the number of its table before it."""
        self._fingerprints.append(fingerprint)

    def finalize(self) -> str:
        """Give the hash, whatever the order in which they came."""
        return hashlib.sha256("".join(sorted(self._fingerprints)).encode()).hexdigest()


def mark_readings(connection: Connection, batch_id: int, is_new: IsNew) -> None:
    """Write on each article of a batch that is not condemned the hash over itself and its rows that are not.

    Those that are new with that hash, as `is_new` says, are marked as changed.
    """
    tables = list(enumerate((_STAGED, _FIGURES, _NUMBERS)))
    ours = (_STAGED.c.batch_id == batch_id) & ~_STAGED.c.condemned
    if connection.dialect.name == "sqlite":
        # By the index of the rows of each article, without a sort of them all.
        parts = union_all(*(_part(place, table) for place, table in tables)).subquery()
        hashed = select(_aggregated(connection, parts.c.fingerprint)).select_from(parts)
        connection.execute(update(_STAGED).where(ours).values(reading_sha256=hashed.scalar_subquery()))
        connection.execute(update(_STAGED).where(ours, is_new(_STAGED.c.reading_sha256)).values(changed=True))
        return
    by_article = union_all(*(_of_batch(place, table, batch_id) for place, table in tables))
    rows = by_article.subquery()
    hashed = select(rows.c.article, _aggregated(connection, rows.c.fingerprint).label("hash")).group_by(rows.c.article)
    found = hashed.subquery()
    # At once, for Postgres writes a row anew whatever of it changes.
    values = {"reading_sha256": found.c.hash, "changed": is_new(found.c.hash)}
    connection.execute(update(_STAGED).where(_STAGED.c.row_id == found.c.article).values(values))


def _part(place: int, table: Table) -> Select[Any]:
    """Give the fingerprints of the article of the outer statement in one table."""
    rows = table.alias()
    article = rows.c.row_id if table is _STAGED else rows.c.article_row_id
    return _numbered(place, rows).where(article == _STAGED.c.row_id, ~rows.c.condemned).correlate(_STAGED)


def _of_batch(place: int, table: Table, batch_id: int) -> Select[Any]:
    ours = (_STAGED.c.batch_id == batch_id) & ~_STAGED.c.condemned
    query = _numbered(place, table).add_columns(_STAGED.c.row_id.label("article")).where(ours, ~table.c.condemned)
    return query if table is _STAGED else query.join(_STAGED, table.c.article_row_id == _STAGED.c.row_id)


def _numbered(place: int, rows: Any) -> Select[Any]:
    return select((literal(str(place), String()) + rows.c.fingerprint).label("fingerprint"))


def _aggregated(connection: Connection, fingerprint: ColumnElement[Any]) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        ours: ColumnElement[Any] = getattr(func, AGGREGATE)(fingerprint)
        return ours
    joined = func.string_agg(fingerprint, aggregate_order_by(literal("", String()), fingerprint.collate("C")))
    return func.encode(func.sha256(func.convert_to(joined, "UTF8")), "hex")
