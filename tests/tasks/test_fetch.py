"""Fetching: what cannot be fetched is kept with its reason, and nothing listed is an error."""

from datetime import UTC, date, datetime

import pytest

from models.errors import DocumentError, SourceError
from models.staging import Unreadable
from models.values import RawDocument
from tasks.fetch import fetch, list_documents
from tasks.sources import DocumentRef


class Shelf:
    """A source of two documents, of which the second cannot be fetched."""

    name = "shelf"

    def list_documents(self, since: date | None, until: date | None) -> list[DocumentRef]:
        places = () if since else ("one", "two")
        return [DocumentRef(self.name, place, None, None) for place in places]

    def fetch(self, ref: DocumentRef) -> RawDocument:
        if ref.location == "two":
            raise DocumentError("cannot read two: Permission denied", "make it readable")
        return RawDocument(self.name, ref.location, b"1", "0" * 64, datetime(2022, 4, 18, tzinfo=UTC))


def test_one_that_cannot_be_fetched_does_not_stop_the_others() -> None:
    shelf = Shelf()
    fetched = fetch.fn(shelf, shelf.list_documents(None, None))
    assert [document.location for document in fetched.documents] == ["one"]
    assert fetched.lost == (Unreadable("shelf", "two", None, "cannot read two: Permission denied"),)


def test_nothing_listed_is_an_error_and_says_for_which_days() -> None:
    assert len(list_documents.fn(Shelf(), None, None)) == 2
    with pytest.raises(SourceError, match="shelf has no documents between 2030-01-01 and today"):
        list_documents.fn(Shelf(), date(2030, 1, 1), None)
