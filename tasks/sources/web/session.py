"""One source's conversation over HTTP: robots.txt first, then listings and documents, what is known asked briefly.

The asking runs in an event loop of its own thread, so that a task may wait for many answers at once.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from anyio.from_thread import BlockingPortal, start_blocking_portal

from models.errors import DocumentError, FetchError, RawArchiveError, TerminalFetchError
from models.raw_archive import Kept, RawArchive
from models.values import RawDocument
from models.vocabulary import DocumentFormat
from tasks.sources.web.answers import Answer
from tasks.sources.web.client import Client
from tasks.sources.web.policy import Policy
from tasks.sources.web.robots import Robots


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to be asked for, and what is known of it before it comes."""

    url: str
    format: DocumentFormat
    listed: tuple[tuple[str, str], ...] = ()
    published_on: date | None = None


class Session:
    """Asks for what the source `name` at `location` has; `archive` is where what came before is kept."""

    def __init__(self, name: str, location: str, policy: Policy, archive: RawArchive | None) -> None:
        self.name = name
        self.location = location
        self._policy = policy
        self._archive = archive
        self._open = ExitStack()
        self._portal: BlockingPortal | None = None
        self._client = Client(location, policy, self._permit)
        self._listings: list[RawDocument] = []
        self._robots: dict[str, asyncio.Task[Robots]] = {}

    def listing(self, url: str) -> RawDocument:
        """Give the answer of a listing; `keep_listings` keeps it. Raises FetchError."""
        outcome = self.documents([Wanted(url, DocumentFormat.LISTING)])[0]
        if isinstance(outcome, DocumentError):
            raise outcome
        self._listings.append(outcome)
        return outcome

    def keep_listings(self) -> None:
        """Keep the listings that came since the last time, at once: each writing waits for the disk."""
        if self._archive is not None:
            self._archive.keep(self._listings)
        self._listings.clear()

    def documents(
        self, wanted: Sequence[Wanted], check: Callable[[RawDocument], None] = lambda _: None
    ) -> list[RawDocument | DocumentError]:
        """Give what came of each wanted document in their order: the document, or the error.

        `check` raises DocumentError for a document that is not what it should be.
        """
        kept = self._archive.latest(self.name, [each.url for each in wanted]) if self._archive else {}

        async def ask() -> list[RawDocument | DocumentError]:
            return await asyncio.gather(*(self._document(each, kept.get(each.url), check) for each in wanted))

        return self._in_the_loop().call(ask)

    def close(self) -> None:
        """Close the connections and end the thread."""
        if self._portal is not None:
            self._portal.call(self._client.aclose)
            self._portal = None
        self._open.close()

    def _in_the_loop(self) -> BlockingPortal:
        if self._portal is None:
            self._portal = self._open.enter_context(start_blocking_portal(name=f"source {self.name}"))
        return self._portal

    async def _document(
        self, wanted: Wanted, kept: Kept | None, check: Callable[[RawDocument], None]
    ) -> RawDocument | DocumentError:
        try:
            await self._permit(wanted.url)
            document = await self._asked(wanted, kept)
            check(document)
        except DocumentError as error:
            return error
        return document

    async def _asked(self, wanted: Wanted, kept: Kept | None) -> RawDocument:
        if kept is not None and (conditions := _conditions(kept)):
            answer = await self._client.get(wanted.url, conditions)
            if answer.status != 304:
                return self._made(wanted, answer)
            if unchanged := self._unchanged(wanted, kept):
                return unchanged
        document = self._made(wanted, await self._client.get(wanted.url))
        if kept is not None and kept.sha256 == document.sha256 and self._archive is not None:
            # Its row is known, so nobody else would write the object that is missing.
            self._archive.objects.put(document.sha256, document.content)
        return document

    def _unchanged(self, wanted: Wanted, kept: Kept) -> RawDocument | None:
        """Give the document as it was kept, with what is listed of it now; None where the archive lost it."""
        try:
            document = self._archive.read(kept) if self._archive else None
        except RawArchiveError:
            return None
        if document is None:
            return None
        return replace(document, listed=wanted.listed, published_on=wanted.published_on)

    def _made(self, wanted: Wanted, answer: Answer) -> RawDocument:
        return RawDocument(
            self.name,
            wanted.url,
            answer.content,
            hashlib.sha256(answer.content).hexdigest(),
            answer.fetched_at,
            wanted.format,
            wanted.listed,
            wanted.published_on,
            answer.status,
            answer.headers,
        )

    async def _permit(self, url: str) -> None:
        """Raise a FetchError for an address that its host's robots.txt forbids."""
        if not self._policy.robots:
            return
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if self._robots.get(origin) is asyncio.current_task():
            return  # robots.txt itself, led elsewhere on its host
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(f"{origin}/robots.txt", parts.netloc))
        asked = self._robots[origin]
        try:
            robots = asked.result() if asked.done() else await asyncio.shield(asked)
        except FetchError:
            # Asked again with the next document: the host may answer then.
            self._robots.pop(origin, None)
            raise
        robots.require(url)

    async def _read_robots(self, url: str, host: str) -> Robots:
        wanted = Wanted(url, DocumentFormat.LISTING)
        kept = self._archive.latest(self.name, [url]).get(url) if self._archive else None
        try:
            document = await self._asked(wanted, kept)
        except TerminalFetchError as error:
            if error.status is None:
                raise
            return Robots()  # there is none
        self._listings.append(document)
        robots = Robots(document.content)
        self._client.slow_down(host, robots.delay)
        return robots


def _conditions(kept: Kept) -> dict[str, str]:
    """Give the headers of a conditional request; the server's own times are given back as they came."""
    said = {"if-none-match": kept.etag, "if-modified-since": kept.last_modified}
    return {name: value for name, value in said.items() if value}
