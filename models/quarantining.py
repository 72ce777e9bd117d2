"""Rows that an audit rejected, kept whole: one row of the quarantine for each row and expectation.

A row that comes again only has its `last_seen_batch_id` moved on, and its columns brought up to date where
the engine reads it otherwise; what a reviewer wrote stays. An open row that its article, read again, no
longer has, or no longer fails with, is superseded; it opens again if it comes back and its article has no
later revision.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, exists, func, insert, literal, or_, select, update

from models.audit import Failure
from models.errors import DatabaseError
from models.records import Row, json_word, sentence_around
from models.tables import (
    ArticleRevisionRow,
    QuarantineRow,
    StagedArticleRow,
    StagedFigureRow,
    StagedNumberRow,
    table_of,
)
from models.vocabulary import ReviewState, RowKind, Severity

_CHUNK = 500
_ARTICLES = table_of(StagedArticleRow)
_STAGED: Mapping[RowKind, Table] = {
    RowKind.ARTICLE: _ARTICLES,
    RowKind.FIGURE: table_of(StagedFigureRow),
    RowKind.NUMBER: table_of(StagedNumberRow),
}
_QUARANTINE, _REVISIONS = table_of(QuarantineRow), table_of(ArticleRevisionRow)

# What a staged row knows of its staging alone.
_STAGING = frozenset({"row_id", "article_row_id", "batch_id", "fingerprint", "condemned", "changed"})
_STAGING_OF_ARTICLE = _STAGING | {"reading_sha256"}
# What may change when the same row comes again.
_RENEWED = ("row", "sentence", "severity", "observed", "allowed", "why")

_Causes = Mapping[tuple[RowKind, int], Sequence[Failure]]


@dataclass(frozen=True, slots=True)
class QuarantineCounts:
    """Rows of the quarantine, one for each row and expectation: new, seen again, and cleared (superseded)."""

    new: int = 0
    seen_again: int = 0
    cleared: int = 0


def quarantine_failures(connection: Connection, batch_id: int, failures: Sequence[Failure]) -> QuarantineCounts:
    """Condemn the staged rows that failed and put them into the quarantine.

    A failed article, and one with a row whose failure is of severity ARTICLE, goes with all its rows. Raises
    DatabaseError for a failure of a row that the batch does not have.
    """
    causes = _causes(connection, failures)
    _condemn(connection, batch_id, causes)
    new = seen_again = 0
    entries = _entries(connection, batch_id, causes)
    while chunk := {entry["row_key"]: entry for entry in islice(entries, _CHUNK)}:
        known = _known(connection, chunk)
        _insert(connection, [entry for key, entry in chunk.items() if key not in known])
        _renew(connection, batch_id, chunk, known)
        new += len(chunk) - len(known)
        seen_again += len(known)
    return QuarantineCounts(new, seen_again, _clear(connection, batch_id))


def _causes(connection: Connection, failures: Sequence[Failure]) -> _Causes:
    """Give the failures by row; an article takes on what condemns it from the rows below."""
    causes: defaultdict[tuple[RowKind, int], list[Failure]] = defaultdict(list)
    for failure in sorted(set(failures), key=lambda each: (each.row_kind, each.row_id, each.expectation)):
        causes[failure.row_kind, failure.row_id].append(failure)
    for kind in (RowKind.FIGURE, RowKind.NUMBER):
        grave = [f for f in failures if f.row_kind is kind and f.severity is Severity.ARTICLE]
        articles = _articles_of(connection, kind, [failure.row_id for failure in grave])
        for failure in grave:
            article = causes[RowKind.ARTICLE, articles.get(failure.row_id, -1)]
            if all(failure.expectation != known.expectation for known in article):
                article.append(replace(failure, row_kind=RowKind.ARTICLE))
    return causes


def _articles_of(connection: Connection, kind: RowKind, row_ids: Sequence[int]) -> dict[int, int]:
    table = _STAGED[kind]
    found: dict[int, int] = {}
    for at in range(0, len(row_ids), _CHUNK):
        query = select(table.c.row_id, table.c.article_row_id)
        rows = connection.execute(query.where(table.c.row_id.in_(row_ids[at : at + _CHUNK])))
        found |= {row.row_id: row.article_row_id for row in rows}
    return found


def _condemn(connection: Connection, batch_id: int, causes: _Causes) -> None:
    ours = select(_ARTICLES.c.row_id).where(_ARTICLES.c.batch_id == batch_id)
    for kind, table in _STAGED.items():
        rows = [{"of_row": row_id} for row_kind, row_id in causes if row_kind is kind]
        article = table.c.row_id if table is _ARTICLES else table.c.article_row_id
        mark = update(table).where(table.c.row_id == bindparam("of_row"), article.in_(ours))
        if rows and connection.execute(mark.values(condemned=True), rows).rowcount != len(rows):
            raise DatabaseError(
                f"the audit rejects a {kind.value} that batch {batch_id} does not have", "run the batch again"
            )


def _entries(connection: Connection, batch_id: int, causes: _Causes) -> Iterator[Row]:
    """Give a row of the quarantine for each condemned row and each expectation that it failed."""
    occurrences: Counter[str] = Counter()
    for kind, table in _STAGED.items():
        for staged, article in _condemned(connection, batch_id, table):
            for failure in causes.get((kind, staged["row_id"])) or _inherited(causes, article):
                entry = _entry(kind, staged, article, failure)
                occurrences[entry["row_key"]] += 1
                # Two rows alike are two rows.
                entry["row_key"] = _key(entry["row_key"], occurrences[entry["row_key"]])
                yield entry | {"first_seen_batch_id": batch_id, "last_seen_batch_id": batch_id}


def _condemned(connection: Connection, batch_id: int, table: Table) -> Iterator[tuple[Row, Row]]:
    """Give each condemned row of a batch with its article; the rows of a condemned article are condemned."""
    ours = _ARTICLES.c.batch_id == batch_id
    if table is _ARTICLES:
        query = select(_ARTICLES).where(ours, _ARTICLES.c.condemned).order_by(_ARTICLES.c.row_id)
        yield from ((dict(row), dict(row)) for row in connection.execute(query).mappings().all())
        return
    joined = select(table).join(_ARTICLES, table.c.article_row_id == _ARTICLES.c.row_id)
    query = joined.where(ours, or_(table.c.condemned, _ARTICLES.c.condemned))
    rows = connection.execute(query.order_by(table.c.article_row_id, table.c.row_id)).mappings().all()
    for article_row_id, staged in groupby(rows, key=itemgetter("article_row_id")):
        found = connection.execute(select(_ARTICLES).where(_ARTICLES.c.row_id == article_row_id))
        article = dict(found.mappings().one())
        yield from ((dict(row), article) for row in staged)


def _inherited(causes: _Causes, article: Row) -> Sequence[Failure]:
    """Give the failure of a row whose article alone has failed: the article's first."""
    first = causes[RowKind.ARTICLE, article["row_id"]][0]
    return (replace(first, severity=Severity.ARTICLE, why=f"Its article failed: {first.why}"),)


def _entry(kind: RowKind, staged: Row, article: Row, failure: Failure) -> Row:
    is_article = kind is RowKind.ARTICLE
    start, end = (None, None) if is_article else (staged["start"], staged["end"])
    text = staged["title"] if is_article else staged["text"]
    sentence = None if is_article else sentence_around(article["text"], staged["start"], staged["end"])
    identity = article["info_code"], article["revision"]
    # The title is no part of an article's identity: another title makes no other article.
    key = _key(kind, *identity, start, end, None if is_article else text, failure.expectation)
    return {
        "row_key": key,
        "row_kind": kind.value,
        "info_code": identity[0],
        "revision": identity[1],
        "start": start,
        "end": end,
        "text": text,
        "row": _whole(staged, article, is_article),
        "sentence": sentence,
        "expectation": failure.expectation,
        "severity": failure.severity.value,
        "observed": failure.observed,
        "allowed": failure.allowed,
        "why": failure.why,
        "state": ReviewState.OPEN.value,
    }


def _whole(staged: Row, article: Row, is_article: bool) -> Row:
    """Give every column of the row that was read, as JSON has it."""
    if is_article:
        content = {name: value for name, value in staged.items() if name not in _STAGING_OF_ARTICLE}
    else:
        keys = {name: article[name] for name in ("info_code", "revision", "engine_version")}
        content = keys | {name: value for name, value in staged.items() if name not in _STAGING}
    plain: Row = json.loads(json.dumps(content, default=json_word))
    return plain


def _key(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _known(connection: Connection, chunk: Mapping[str, Row]) -> dict[str, Row]:
    query = select(_QUARANTINE).where(_QUARANTINE.c.row_key.in_(chunk))
    return {row["row_key"]: dict(row) for row in connection.execute(query).mappings()}


def _insert(connection: Connection, entries: Sequence[Row]) -> None:
    if entries:
        connection.execute(insert(_QUARANTINE), entries)


def _renew(connection: Connection, batch_id: int, chunk: Mapping[str, Row], known: Mapping[str, Row]) -> None:
    """Move `last_seen_batch_id` on, and rewrite what changed only where it changed."""
    this_key = _QUARANTINE.c.row_key == bindparam("of_key")
    seen = update(_QUARANTINE).where(this_key).values(last_seen_batch_id=batch_id)
    if known:
        connection.execute(seen, [{"of_key": key} for key in known])
    for key, old in known.items():
        changes = {name: chunk[key][name] for name in _RENEWED if chunk[key][name] != old[name]}
        if old["state"] == ReviewState.SUPERSEDED.value and _is_latest(connection, old):
            changes["state"] = ReviewState.OPEN.value
        if changes:
            connection.execute(update(_QUARANTINE).where(_QUARANTINE.c.row_key == key).values(changes))


def _is_latest(connection: Connection, row: Row) -> bool:
    query = select(func.max(_REVISIONS.c.revision)).where(_REVISIONS.c.info_code == row["info_code"])
    return bool(connection.execute(query).scalar_one() == row["revision"])


def _clear(connection: Connection, batch_id: int) -> int:
    """Supersede the open rows of the batch's articles that this batch did not bring again."""
    read_again = exists(
        select(literal(1)).where(
            _ARTICLES.c.batch_id == batch_id,
            _ARTICLES.c.info_code == _QUARANTINE.c.info_code,
            _ARTICLES.c.revision >= _QUARANTINE.c.revision,
        )
    )
    gone = (_QUARANTINE.c.state == ReviewState.OPEN.value) & (_QUARANTINE.c.last_seen_batch_id != batch_id)
    superseded = update(_QUARANTINE).where(gone, read_again).values(state=ReviewState.SUPERSEDED.value)
    return connection.execute(superseded).rowcount
