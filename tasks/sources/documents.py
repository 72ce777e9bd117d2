"""What every kind of source gives: references to documents, and the documents themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from models.errors import DocumentError, SourceError
from models.values import RawDocument


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """One document that a source lists, not yet fetched.

    `info_code` and `published_on` are what the listing alone tells (2022-04-18-202204182347189049.md →
    2022-04-18); None where it tells nothing. `listed` is what else it says, as names and words. A `breach` is
    an entry of a listing that cannot be used: fetching it raises that error.
    """

    source: str
    location: str
    info_code: str | None
    published_on: date | None
    listed: tuple[tuple[str, str], ...] = ()
    breach: DocumentError | None = None


class Source(Protocol):
    """A place where documents come from."""

    @property
    def name(self) -> str:
        """The name under which its documents are kept."""

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """List the documents published from `since` to `until`, both days included, always in the same order.

        A document whose date the listing cannot tell is listed whatever the days. Raises SourceError.
        """

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give the bytes of one document. Raises DocumentError where this one cannot be read."""


@runtime_checkable
class FetchesMany(Protocol):
    """A source that is asked for many documents at once."""

    def fetch_many(self, refs: Sequence[DocumentRef]) -> list[RawDocument | DocumentError]:
        """Give what came of each reference, in their order: the document, or why there is none."""


@runtime_checkable
class Closes(Protocol):
    """A source that has something open: connections, or a folder of its own."""

    def close(self) -> None:
        """Close what is open."""


def chosen(refs: Iterable[DocumentRef], since: date | None, until: date | None) -> list[DocumentRef]:
    """Give the references from `since` to `until`, and those without a day. Raises SourceError for bad days."""
    if since and until and since > until:
        raise SourceError(f"since {since} is after until {until}", "exchange the two days")
    return [ref for ref in refs if is_within(ref.published_on, since, until)]


def is_within(day: date | None, since: date | None, until: date | None) -> bool:
    """Tell whether a day lies from `since` to `until`; a day that nobody knows lies everywhere."""
    return day is None or ((since is None or since <= day) and (until is None or day <= until))


def fetch_each(source: Source, refs: Sequence[DocumentRef]) -> list[RawDocument | DocumentError]:
    """Give what came of each reference, in their order, where a source has no better way than one by one."""
    outcomes: list[RawDocument | DocumentError] = []
    for ref in refs:
        try:
            outcomes.append(source.fetch(ref))
        except DocumentError as error:
            outcomes.append(error)
    return outcomes
