"""The raw archive: every document byte for byte in the object store, and how it came in the database.

The object is written before the row that names it, so a row always leads to a whole object; an object that a
crash left without its row is written again the next time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select, update
from sqlalchemy import Row as ResultRow
from sqlalchemy.sql.elements import ColumnElement

from models.database import reading, writing
from models.objects import Objects
from models.records import Row
from models.tables import RawDocumentRow, RawResponseRow, table_of
from models.values import RawDocument
from models.vocabulary import DocumentFormat

_CHUNK = 500
_DOCUMENTS, _RESPONSES = table_of(RawDocumentRow), table_of(RawResponseRow)
# What tells that an answer is the one that is kept already.
_FACTS = ("sha256", "format", "etag", "last_modified", "listed", "published_on")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was last kept of a location, without its bytes."""

    source: str
    location: str
    sha256: str
    object_key: str
    format: DocumentFormat
    status: int | None
    headers: tuple[tuple[str, str], ...]
    etag: str | None
    last_modified: str | None
    listed: tuple[tuple[str, str], ...]
    published_on: date | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class RawArchive:
    """The documents that were ever fetched, by their bytes and by where they lay."""

    engine: Engine
    objects: Objects

    def keep(self, documents: Iterable[RawDocument]) -> int:
        """Keep documents for ever and give how many had bytes that were not known yet.

        An article can be staged only when its document is kept. Raises DatabaseError and RawArchiveError.
        """
        new = 0
        remaining = iter(documents)
        while chunk := list(islice(remaining, _CHUNK)):
            new += self._keep(chunk)
        return new

    def latest(self, source: str, locations: Sequence[str]) -> dict[str, Kept]:
        """Give what was last kept of each location that is known. Raises DatabaseError."""
        with reading(self.engine) as connection:
            return {location: _kept(row) for location, row in _latest(connection, source, locations).items()}

    def recent(self, source: str, since: date | None = None, until: date | None = None) -> list[Kept]:
        """Give what was last kept of every document of a source, by location. Raises DatabaseError.

        Of a window only what was published in it, and what nobody dated.
        """
        query = _joined().where(_RESPONSES.c.source == source, *_within(since, until))
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(_RESPONSES.c.fetched_at, _RESPONSES.c.id))
            last = {row.location: row for row in rows}
        return [_kept(last[location]) for location in sorted(last)]

    def read(self, kept: Kept) -> RawDocument:
        """Give a kept document with its bytes. Raises RawArchiveError where they are missing or damaged."""
        return RawDocument(
            kept.source,
            kept.location,
            self.objects.get(kept.object_key, kept.sha256),
            kept.sha256,
            kept.fetched_at,
            kept.format,
            kept.listed,
            kept.published_on,
            kept.status,
            kept.headers,
        )

    def find(self, sha256: str, source: str | None = None) -> RawDocument | None:
        """Give a document by its bytes as it first came, from this source if it ever did; None where it was not kept.

        Raises DatabaseError and RawArchiveError.
        """
        query = _joined().where(_RESPONSES.c.sha256 == sha256)
        first = query.order_by((_RESPONSES.c.source == (source or "")).desc(), _RESPONSES.c.id).limit(1)
        with reading(self.engine) as connection:
            row = connection.execute(first).one_or_none()
        return None if row is None else self.read(_kept(row))

    def _keep(self, documents: Sequence[RawDocument]) -> int:
        with reading(self.engine) as connection:
            known = _known(connection, documents)
        unknown = {each.sha256: each.content for each in documents if each.sha256 not in known}
        keys = {sha256: self.objects.put(sha256, content) for sha256, content in unknown.items()}
        with writing(self.engine) as connection:
            new = _index(connection, documents, keys)
            for source in {document.source for document in documents}:
                _note(connection, source, [each for each in documents if each.source == source])
        return new


def _joined() -> Any:
    query = select(_RESPONSES, _DOCUMENTS.c.object_key)
    return query.join(_DOCUMENTS, _DOCUMENTS.c.sha256 == _RESPONSES.c.sha256)


def _within(since: date | None, until: date | None) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of a document of the days."""
    yield _RESPONSES.c.format != DocumentFormat.LISTING.value
    day = _RESPONSES.c.published_on
    if since is not None:
        yield or_(day.is_(None), day >= since)
    if until is not None:
        yield or_(day.is_(None), day <= until)


def _known(connection: Connection, documents: Iterable[RawDocument]) -> set[str]:
    column = _DOCUMENTS.c.sha256
    hashes = {document.sha256 for document in documents}
    return set(connection.scalars(select(column).where(column.in_(hashes))))


def _latest(connection: Connection, source: str, locations: Sequence[str]) -> dict[str, ResultRow[Any]]:
    found: dict[str, ResultRow[Any]] = {}
    for chunk in _chunks(locations):
        query = _joined().where(_RESPONSES.c.source == source, _RESPONSES.c.location.in_(chunk))
        rows = connection.execute(query.order_by(_RESPONSES.c.fetched_at, _RESPONSES.c.id))
        found |= {row.location: row for row in rows}
    return found


def _chunks(locations: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(locations), _CHUNK):
        yield locations[begin : begin + _CHUNK]


def _index(connection: Connection, documents: Iterable[RawDocument], keys: Mapping[str, str]) -> int:
    """Write the rows of the bytes that no other run has indexed meanwhile."""
    known = _known(connection, documents)
    first = {document.sha256: document for document in reversed(list(documents))}
    rows = [
        {
            "sha256": sha256,
            "size": len(document.content),
            "object_key": keys[sha256],
            "fetched_at": document.fetched_at,
        }
        for sha256, document in first.items()
        if sha256 not in known
    ]
    if rows:
        connection.execute(insert(_DOCUMENTS), rows)
    return len(rows)


def _note(connection: Connection, source: str, documents: Sequence[RawDocument]) -> None:
    """Write how documents came, where that differs from what is known of their locations."""
    locations = [document.location for document in documents]
    latest = {place: dict(row._mapping) for place, row in _latest(connection, source, locations).items()}
    new: dict[tuple[str, str], Row] = {}
    for document in documents:
        row = _response_row(document)
        before = latest.get(document.location)
        if before is not None and all(before[name] == row[name] for name in _FACTS):
            continue
        if before is None or not _came_back(connection, row):
            new[document.location, document.sha256] = row
        latest[document.location] = row
    if new:
        connection.execute(insert(_RESPONSES), list(new.values()))


def _came_back(connection: Connection, row: Row) -> bool:
    """Bring the row up to date of bytes that lay at this place before, and tell whether they did."""
    columns = _RESPONSES.c
    here = (columns.source == row["source"]) & (columns.location == row["location"])
    same = here & (columns.sha256 == row["sha256"])
    return bool(connection.execute(update(_RESPONSES).where(same).values(row)).rowcount)


def _response_row(document: RawDocument) -> Row:
    return {
        "source": document.source,
        "location": document.location,
        "sha256": document.sha256,
        "format": document.format.value,
        "status": document.status,
        "headers": [list(pair) for pair in document.headers],
        "etag": document.header("etag"),
        "last_modified": document.header("last-modified"),
        "listed": [list(pair) for pair in document.listed],
        "published_on": document.published_on,
        "fetched_at": document.fetched_at,
    }


def _kept(row: ResultRow[Any]) -> Kept:
    return Kept(
        row.source,
        row.location,
        row.sha256,
        row.object_key,
        DocumentFormat(row.format),
        row.status,
        tuple((name, value) for name, value in row.headers),
        row.etag,
        row.last_modified,
        tuple((name, value) for name, value in row.listed),
        row.published_on,
        row.fetched_at,
    )
