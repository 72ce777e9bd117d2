"""Fetching: what cannot be fetched is kept with its reason, and nothing listed is an error."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from models.errors import DocumentError, SourceError, TransientFetchError, TransientSourceError
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


def test_only_what_may_pass_is_tried_again_by_prefect() -> None:
    from prefect.states import Failed

    for error, again in ((TransientSourceError("busy"), True), (SourceError("gone"), False), (KeyError("x"), False)):
        assert fetch.retry_condition_fn(None, None, Failed(data=error)) is again
    assert (list_documents.retries, fetch.retries) == (2, 2)


def test_a_source_out_of_reach_costs_its_documents_on_the_last_try() -> None:
    class Gone(Shelf):
        def fetch(self, ref: DocumentRef) -> RawDocument:
            raise TransientFetchError("timed out", url=ref.location)

    shelf = Gone()
    refs = shelf.list_documents(None, None)
    assert len(fetch.fn(shelf, refs).lost) == 2
    with patch("tasks.fetch._is_last_try", return_value=False), pytest.raises(TransientSourceError, match="timed out"):
        fetch.fn(shelf, refs)
