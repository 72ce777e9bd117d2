"""What every kind of source gives: references to documents, and the documents themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.values import RawDocument


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """One document that a source lists, not yet fetched.

    `info_code` and `published_on` are what the listing alone tells (2022-04-18-202204182347189049.md →
    2022-04-18); None where it tells nothing.
    """

    source: str
    location: str
    info_code: str | None
    published_on: date | None


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
