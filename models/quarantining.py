"""Rows that an audit rejected, kept whole: one row of the quarantine for each row and expectation.

A row that comes again only has its `last_seen_batch_id` moved on, and its columns brought up to date where
the engine reads it otherwise; what a reviewer wrote stays. An open row that its article, read again, no
longer has, or no longer fails with, is superseded; it opens again if it comes back and its article has no
later revision. What a reviewer decided before (`models.settling`) goes before all of this.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, exists, func, insert, literal, or_, select, update

from models.audit import Failure
from models.errors import DatabaseError
from models.records import Row, json_word, sentence_around
from models.settling import STAGED, RowKey, Settled
from models.tables import ArticleRevisionRow, QuarantineRow, StagedArticleRow, table_of
from models.vocabulary import ReviewState, RowKind, Severity

_CHUNK = 500
_REJECTED = ReviewState.REJECTED.value
_ARTICLES = table_of(StagedArticleRow)
_QUARANTINE, _REVISIONS = table_of(QuarantineRow), table_of(ArticleRevisionRow)

# What a staged row knows of its staging alone.
_STAGING = frozenset({"row_id", "article_row_id", "batch_id", "fingerprint", "condemned", "changed"})
_STAGING_OF_ARTICLE = _STAGING | {"reading_sha256"}
# What may change when the same row comes again.
_RENEWED = ("row", "sentence", "severity", "observed", "allowed", "why")

_OPEN: Row = {"state": ReviewState.OPEN.value, "who": None, "reason": None}

_Causes = Mapping[RowKey, Sequence[Failure]]


@dataclass(frozen=True, slots=True)
class QuarantineCounts:
    """Rows of the quarantine, one for each row and expectation: new, seen again, and cleared (superseded).

    `released` and `rejected` count the failures that a reviewer had decided on before.
    """

    new: int = 0
    seen_again: int = 0
    cleared: int = 0
    released: int = 0
    rejected: int = 0


def quarantine_failures(connection: Connection, batch_id: int, settled: Settled) -> QuarantineCounts:
    """Condemn the staged rows that failed, but for the released ones, and put them into the quarantine.

    A failed article, and one with a row whose failure is of severity ARTICLE, goes with all its rows. Raises
    DatabaseError for a failure of a row that the batch does not have.
    """
    causes = _causes(connection, settled.failures + settled.rejected)
    _condemn(connection, batch_id, causes)
    new = seen_again = 0
    entries = _entries(connection, batch_id, causes, settled)
    while chunk := {entry["row_key"]: entry for entry in islice(entries, _CHUNK)}:
        known = _known(connection, chunk)
        _insert(connection, [entry for key, entry in chunk.items() if key not in known])
        _renew(connection, batch_id, chunk, known)
        new += len(chunk) - len(known)
        seen_again += len(known)
    cleared = _clear(connection, batch_id)
    return QuarantineCounts(new, seen_again, cleared, len(settled.released), len(settled.rejected))


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
    table = STAGED[kind]
    found: dict[int, int] = {}
    for at in range(0, len(row_ids), _CHUNK):
        query = select(table.c.row_id, table.c.article_row_id)
        rows = connection.execute(query.where(table.c.row_id.in_(row_ids[at : at + _CHUNK])))
        found |= {row.row_id: row.article_row_id for row in rows}
    return found


def _condemn(connection: Connection, batch_id: int, causes: _Causes) -> None:
    ours = select(_ARTICLES.c.row_id).where(_ARTICLES.c.batch_id == batch_id)
    for kind, table in STAGED.items():
        rows = [{"of_row": row_id} for row_kind, row_id in causes if row_kind is kind]
        article = table.c.row_id if table is _ARTICLES else table.c.article_row_id
        mark = update(table).where(table.c.row_id == bindparam("of_row"), article.in_(ours))
        if rows and connection.execute(mark.values(condemned=True), rows).rowcount != len(rows):
            raise DatabaseError(
                f"the audit rejects a {kind.value} that batch {batch_id} does not have", "run the batch again"
            )


def _entries(connection: Connection, batch_id: int, causes: _Causes, settled: Settled) -> Iterator[Row]:
    """Give a row of the quarantine for each row that failed and each expectation that it failed."""
    occurrences: Counter[str] = Counter()
    for entry in _failed(connection, batch_id, causes, settled):
        occurrences[entry["row_key"]] += 1
        # Two rows alike are two rows.
        entry["row_key"] = _key(entry["row_key"], occurrences[entry["row_key"]])
        yield entry | {"first_seen_batch_id": batch_id, "last_seen_batch_id": batch_id}


def _failed(connection: Connection, batch_id: int, causes: _Causes, settled: Settled) -> Iterator[Row]:
    released: defaultdict[RowKey, list[Failure]] = defaultdict(list)
    for failure in settled.released:
        released[failure.row_kind, failure.row_id].append(failure)
    for kind, table in STAGED.items():
        for staged, article in _condemned(connection, batch_id, table):
            decided = settled.states.get((kind, staged["row_id"])) or {}
            whole = settled.states.get((RowKind.ARTICLE, article["row_id"])) or {}
            rejected = next((each for each in (decided, whole) if each.get("state") == _REJECTED), _OPEN)
            for failure in causes.get((kind, staged["row_id"])) or _inherited(causes, article):
                yield _entry(kind, staged, article, failure) | rejected
        ours = [row_id for row_kind, row_id in released if row_kind is kind]
        for at in range(0, len(ours), _CHUNK):
            for staged, article in _staged(connection, batch_id, table, table.c.row_id.in_(ours[at : at + _CHUNK])):
                key = kind, staged["row_id"]
                yield from (_entry(kind, staged, article, each) | settled.states[key] for each in released[key])


def _condemned(connection: Connection, batch_id: int, table: Table) -> Iterator[tuple[Row, Row]]:
    """Give each condemned row of a batch with its article; the rows of a condemned article are condemned."""
    return _staged(connection, batch_id, table, or_(table.c.condemned, _ARTICLES.c.condemned))


def _staged(
    connection: Connection, batch_id: int, table: Table, wanted: ColumnElement[bool]
) -> Iterator[tuple[Row, Row]]:
    """Give the wanted rows of a batch, each with its article."""
    ours = _ARTICLES.c.batch_id == batch_id
    if table is _ARTICLES:
        query = select(_ARTICLES).where(ours, wanted).order_by(_ARTICLES.c.row_id)
        yield from ((dict(row), dict(row)) for row in connection.execute(query).mappings().all())
        return
    query = select(table).join(_ARTICLES, table.c.article_row_id == _ARTICLES.c.row_id).where(ours, wanted)
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
        # A rejected row may come again without its article: what condemned it stays as it was decided on.
        kept = {"severity"} if chunk[key]["state"] == _REJECTED else frozenset()
        changes = {name: chunk[key][name] for name in _RENEWED if name not in kept and chunk[key][name] != old[name]}
        is_gone = old["state"] == ReviewState.SUPERSEDED.value
        if chunk[key]["state"] != old["state"] and (not is_gone or _is_latest(connection, old)):
            changes |= {name: chunk[key][name] for name in _OPEN}
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
