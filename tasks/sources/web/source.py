"""What the kinds of sources over HTTP share: many documents at once, each checked, each body once."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from models.errors import (
    ContractError,
    DocumentError,
    FetchError,
    SourceError,
    TransientError,
    TransientSourceError,
)
from models.revisions import LISTING_FAULT
from models.values import RawDocument
from tasks.sources.documents import DocumentRef, chosen
from tasks.sources.web.session import Session, Wanted


class WebSource(ABC):
    """A source over HTTP; its kind says how documents are listed, and what one has to be."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._code_of_body: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The name under which its documents are kept."""
        return self._session.name

    @abstractmethod
    def wanted(self, ref: DocumentRef) -> Wanted:
        """Give what has to be asked for to have a document."""

    @abstractmethod
    def check(self, document: RawDocument) -> None:
        """Raise ContractError for an answer that is not the document that it should be."""

    @abstractmethod
    def _listed(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """Give what the listings name, also outside the days."""

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        """List the documents from `since` to `until`, both included, by day, info code and address.

        An entry that cannot be used stands at the end, with its breach. Raises SourceError where nothing could
        be listed, TransientSourceError where that may pass.
        """
        try:
            refs = chosen(self._listed(since, until), since, until)
        finally:
            self._session.keep_listings()
        if refs and all(ref.breach for ref in refs):
            raise source_failure(self.name, [ref.breach for ref in refs if ref.breach])
        return sorted(refs, key=_order)

    def fetch(self, ref: DocumentRef) -> RawDocument:
        """Give one document. Raises DocumentError."""
        outcome = self.fetch_many([ref])[0]
        if isinstance(outcome, DocumentError):
            raise outcome
        return outcome

    def fetch_many(self, refs: Sequence[DocumentRef]) -> list[RawDocument | DocumentError]:
        """Give what came of each reference, in their order: the document, or why there is none."""
        asked = [ref for ref in refs if ref.breach is None]
        outcomes = iter(self._session.documents([self.wanted(ref) for ref in asked], self.check))
        return [ref.breach or self._once(ref, next(outcomes)) for ref in refs]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def breach(self, url: str, item: object, expected: str, got: str) -> DocumentRef:
        """Give the reference that stands for what is wrong with entry `item` of a listing."""
        error = ContractError(self.name, url, expected, got)
        return DocumentRef(self.name, f"{url}{LISTING_FAULT}{item}", None, None, breach=error)

    def failed(self, url: str, error: FetchError) -> DocumentRef:
        """Give the reference that stands for a listing that did not come."""
        return DocumentRef(self.name, f"{url}{LISTING_FAULT}", None, None, breach=error)

    def _once(self, ref: DocumentRef, outcome: RawDocument | DocumentError) -> RawDocument | DocumentError:
        """Give the outcome, or an error where another document had the same bytes."""
        if isinstance(outcome, DocumentError) or ref.info_code is None:
            return outcome
        other = self._code_of_body.setdefault(outcome.sha256, ref.info_code)
        if other == ref.info_code:
            return outcome
        got = f"the body of {other}"
        return ContractError(self.name, ref.location, f"the body of {ref.info_code}", got)


def source_failure(name: str, errors: Sequence[DocumentError]) -> SourceError:
    """Give the error of a source of which nothing could be listed."""
    kind = TransientSourceError if all(isinstance(each, TransientError) for each in errors) else SourceError
    return kind(f"the source {name} could not be listed: {errors[0].what}", errors[0].next_step)


def _order(ref: DocumentRef) -> tuple[bool, date, str, str]:
    return ref.breach is not None, ref.published_on or date.min, ref.info_code or "", ref.location
