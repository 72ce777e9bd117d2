"""The tasks that list a source's documents and fetch their bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prefect import task
from prefect.cache_policies import NO_CACHE

from models.errors import DocumentError, SourceError
from models.staging import Unreadable
from models.values import RawDocument
from tasks.sources import DocumentRef, Source


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a chunk of references: the documents, and each one that could not be fetched."""

    documents: tuple[RawDocument, ...]
    lost: tuple[Unreadable, ...]


@task(name="list", cache_policy=NO_CACHE)
def list_documents(source: Source, since: date | None, until: date | None) -> list[DocumentRef]:
    """List what the source has from `since` to `until`, both included.

    Raises `SourceError` where it has nothing: an empty listing is a wrong place or a source gone silent.
    """
    documents = source.list_documents(since, until)
    if not documents:
        days = f"between {since or 'the beginning'} and {until or 'today'}"
        raise SourceError(f"the source {source.name} has no documents {days}", "choose other days or another source")
    return documents


@task(name="fetch", cache_policy=NO_CACHE)
def fetch(source: Source, refs: Sequence[DocumentRef]) -> Fetched:
    """Fetch a chunk of documents; one that cannot be fetched is kept with its error and the others go on."""
    documents: list[RawDocument] = []
    lost: list[Unreadable] = []
    for ref in refs:
        try:
            documents.append(source.fetch(ref))
        except DocumentError as error:
            lost.append(Unreadable(ref.source, ref.location, None, error.what))
    return Fetched(tuple(documents), tuple(lost))
