"""The feed of a site: its newest entries with their full content, and the pages for what it no longer shows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from urllib.parse import urlsplit

from models.atom import AtomError, Entry, read_entries
from models.errors import ContractError, DocumentError, FetchError
from models.values import RawDocument
from models.vocabulary import DocumentFormat
from tasks.sources.declarations import Declaration
from tasks.sources.documents import DocumentRef
from tasks.sources.site_pages import OPTIONS, SitePages, page_options, today_in_shanghai, web_location
from tasks.sources.surroundings import Surroundings
from tasks.sources.web.contracts import contradiction, text_of
from tasks.sources.web.policy import split_options
from tasks.sources.web.session import Session, Wanted
from tasks.sources.web.source import WebSource

_SHANGHAI = timezone(timedelta(hours=8))


class AtomFeed(WebSource):
    """A feed whose entries are documents, and the pages of its site."""

    def __init__(self, session: Session, pages: SitePages) -> None:
        super().__init__(session)
        self._pages = pages
        self._feed: RawDocument | None = None

    def wanted(self, ref: DocumentRef) -> Wanted:
        """Give the page of a post that the feed does not show whole."""
        return self._pages.wanted(ref)

    def check(self, document: RawDocument) -> None:
        """Raise ContractError for what is no whole page."""
        self._pages.check(document)

    def fetch_many(self, refs: Sequence[DocumentRef]) -> list[RawDocument | DocumentError]:
        """Give what came of each reference: an entry is there already, a page is asked for."""
        outcomes = iter(super().fetch_many([ref for ref in refs if not self._is_entry(ref)]))
        return [self._entry(ref) if self._is_entry(ref) else next(outcomes) for ref in refs]

    def _listed(self, since: date | None, until: date | None) -> list[DocumentRef]:
        entries = self._entries()
        days = [ref.published_on for ref in entries if ref.published_on]
        if since is not None and days and min(days) < since:
            return entries  # the feed reaches beyond the first day
        known = frozenset(ref.info_code for ref in entries if ref.info_code)
        return entries + self._pages.listed(since, known)

    def _entries(self) -> list[DocumentRef]:
        url = self._session.location
        refs: dict[str, DocumentRef] = {}
        try:
            self._feed = self._session.listing(url)
            for number, entry in enumerate(read_entries(text_of(self._feed), url), start=1):
                ref = self._reference(entry, number)
                if ref.info_code in refs:
                    ref = self.breach(url, ref.info_code, "each entry once", f"{ref.info_code} again")
                refs[ref.info_code or ref.location] = ref
        except FetchError as error:
            return [self.failed(url, error)]
        except AtomError as error:
            # What came before is whole and is used.
            refs["end"] = self.breach(url, "end", "a whole Atom feed without entities", str(error))
        if not refs:
            refs["none"] = self.breach(url, "entries", "entries", "a feed without any")
        return list(refs.values())

    def _reference(self, entry: Entry, number: int) -> DocumentRef:
        feed = self._session.location
        is_here = urlsplit(entry.url).netloc == urlsplit(feed).netloc
        posted = self._pages.reference(entry.url) if is_here else None
        if posted is None or posted.breach:
            return posted or self.breach(feed, number, "an entry that links a post of this host", repr(entry.url))
        day = _day(entry.time)
        if day is None:
            return self.breach(feed, number, "an entry with its time", repr(entry.time))
        if wrong := contradiction(posted.info_code, day, today_in_shanghai()):
            return self.breach(feed, number, "the day of an entry", wrong)
        location = f"{feed}#{entry.url}" if entry.content else entry.url
        return DocumentRef(self.name, location, posted.info_code, day)

    def _is_entry(self, ref: DocumentRef) -> bool:
        return ref.breach is None and ref.location.startswith(f"{self._session.location}#")

    def _entry(self, ref: DocumentRef) -> RawDocument | DocumentError:
        if self._feed is None:
            return ContractError(self.name, ref.location, "an entry of the feed that was listed", "no feed")
        feed = self._feed
        return RawDocument(
            self.name,
            ref.location,
            feed.content,
            feed.sha256,
            feed.fetched_at,
            DocumentFormat.FEED_ENTRY,
            ref.listed,
            ref.published_on,
            feed.status,
            feed.headers,
        )


def open_atom_feed(declaration: Declaration, surroundings: Surroundings) -> AtomFeed:
    """Give the feed of a declaration; its own options are those of its pages. Raises SourceError."""
    policy, own = split_options(declaration.name, declaration.options, OPTIONS)
    pages, most = page_options(declaration.name, own)
    session = Session(declaration.name, web_location(declaration), policy, surroundings.archive)
    return AtomFeed(session, SitePages(session, pages, most))


def _day(written: str) -> date | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(_SHANGHAI).date() if moment.tzinfo else moment.date()
