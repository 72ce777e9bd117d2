"""The pages of a site: its category pages, page after page, and the posts that they link."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from models.errors import FetchError, SourceError
from models.values import RawDocument
from models.vocabulary import DocumentFormat
from tasks.sources.declarations import Declaration
from tasks.sources.documents import DocumentRef
from tasks.sources.surroundings import Surroundings
from tasks.sources.web.contracts import contradiction, html_of
from tasks.sources.web.policy import split_options
from tasks.sources.web.session import Session, Wanted
from tasks.sources.web.source import WebSource

OPTIONS = frozenset(("pages", "most_pages"))
_POST = re.compile(r"/(?:[^/]+/)*(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/(?P<code>[^/]+?)(?:\.html?|/)")
_CATEGORY = re.compile(r"(?:/category/[^/]+\.html|/[^/.]+/)")
_NEXT = re.compile(r"(?:.*/)?page[-/]?(?P<number>\d+)(?:/|\.html)")
_CODE = re.compile(r"(?:NW)?(?P<code>\d{14,})(?:-\d+)?")
_MOST_PAGES = 200


class SitePages(WebSource):
    """A site whose `pages` are its category pages; without any, those that its home page links."""

    def __init__(self, session: Session, pages: tuple[str, ...] = (), most_pages: int = _MOST_PAGES) -> None:
        super().__init__(session)
        self._home = session.location
        if urlsplit(self._home).path.endswith((".xml", ".atom")):
            self._home = urljoin(self._home, "/")  # a feed stands for the site that it is of
        self._pages = pages
        self._most_pages = most_pages

    def wanted(self, ref: DocumentRef) -> Wanted:
        """Give the page of a post."""
        return Wanted(ref.location, DocumentFormat.SITE_PAGE, ref.listed, ref.published_on)

    def check(self, document: RawDocument) -> None:
        """Raise ContractError for what is no whole page."""
        html_of(document)

    def _listed(self, since: date | None, until: date | None) -> list[DocumentRef]:
        return self.listed(since)

    def listed(self, since: date | None, known: frozenset[str] = frozenset()) -> list[DocumentRef]:
        """Give the posts that the category pages link, down to those before `since`; one for each info code.

        What is in `known` is an info code that has been listed elsewhere.
        """
        refs: dict[str, DocumentRef] = {}
        for page in self._category_pages(refs):
            for found in self._down(page, since):
                key = found.info_code or found.location
                if key not in known and found.location:
                    refs.setdefault(key, found)
        return list(refs.values())

    def _category_pages(self, refs: dict[str, DocumentRef]) -> list[str]:
        home = self._home
        if self._pages:
            return [urljoin(home, page) for page in self._pages]
        try:
            links = self._links(home)
        except FetchError as error:
            refs[home] = self.failed(home, error)
            return []
        paths = {link: urlsplit(link).path for link in links}
        categories = [link for link, path in paths.items() if _CATEGORY.fullmatch(path) and not _NEXT.fullmatch(path)]
        # The home page is read already, and names posts itself.
        return [home, *(page for page in categories if page != home)]

    def _down(self, page: str, since: date | None) -> Iterator[DocumentRef]:
        """Give the posts of a category page and of the pages that go on with it, as long as they may be new."""
        seen: set[str] = set()
        ahead: str | None = page
        while ahead and ahead not in seen and len(seen) < self._most_pages:
            seen.add(ahead)
            try:
                links = self._links(ahead)
            except FetchError as error:
                yield self.failed(ahead, error)
                return
            posts = [ref for link in links if (ref := self.reference(link))]
            if not posts and page == ahead and self._must_have_posts(page):
                yield self.breach(ahead, "posts", "links to posts", "a page without any")
            yield from posts
            days = [ref.published_on for ref in posts if ref.published_on]
            is_past = since is not None and bool(days) and max(days) < since
            ahead = None if is_past else _next_page(links, ahead)

    def _must_have_posts(self, page: str) -> bool:
        return bool(self._pages) or urlsplit(page).path.startswith("/category/")

    def _links(self, url: str) -> list[str]:
        """Give the addresses on this host that a page links, in its order. Raises FetchError."""
        tree = LexborHTMLParser(html_of(self._session.listing(url)))
        targets = (node.attributes.get("href") for node in tree.css("a[href], link[rel=next]"))
        links = (_joined(url, target) for target in targets if target)
        own = urlsplit(self._home).netloc
        return list(dict.fromkeys(link for link in links if urlsplit(link).netloc == own))

    def reference(self, link: str) -> DocumentRef | None:
        """Give the post of an address, None for an address of another shape."""
        found = _POST.fullmatch(urlsplit(link).path)
        if found is None:
            return None
        code = _CODE.fullmatch(found["code"])
        info_code = code["code"] if code else found["code"]
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return self.breach(link, "day", "the day of a post", "an address with none")
        if wrong := contradiction(info_code, day, today_in_shanghai()):
            return self.breach(link, "day", "the day of a post", wrong)
        return DocumentRef(self.name, link, info_code, day)


def open_site_pages(declaration: Declaration, surroundings: Surroundings) -> SitePages:
    """Give the site of a declaration, whose own options are `pages` and `most_pages`. Raises SourceError."""
    policy, own = split_options(declaration.name, declaration.options, OPTIONS)
    session = Session(declaration.name, web_location(declaration), policy, surroundings.archive)
    return SitePages(session, *page_options(declaration.name, own))


def page_options(name: str, own: dict[str, Any]) -> tuple[tuple[str, ...], int]:
    """Give the options `pages` and `most_pages`. Raises SourceError for values that are none."""
    pages, most = own.get("pages", []), own.get("most_pages", _MOST_PAGES)
    if not isinstance(pages, list) or not all(isinstance(page, str) and page for page in pages):
        raise SourceError(f"the option pages of {name!r} is not a list of addresses", "make it one")
    if type(most) is not int or most < 1:
        raise SourceError(f"the option most_pages of {name!r} is not a number above 0", "make it one")
    return tuple(pages), most


def web_location(declaration: Declaration) -> str:
    """Give the address of a declaration. Raises SourceError where it is none of HTTP."""
    parts = urlsplit(declaration.location)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise SourceError(
            f"the location of {declaration.name!r} is no web address: {declaration.location!r}",
            "give it as https://host/… without a user",
        )
    return declaration.location if parts.path else declaration.location + "/"


def today_in_shanghai() -> date:
    """Give the day that it is where the news is written."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def _joined(url: str, target: str) -> str:
    try:
        return urldefrag(urljoin(url, target.strip()))[0]
    except ValueError:
        return ""


def _next_page(links: list[str], page: str) -> str | None:
    """Give the page that follows: `/emnews/page3/` after `/emnews/page2/`, the second after the first."""
    here = _NEXT.fullmatch(urlsplit(page).path)
    number = int(here["number"]) if here else 1
    for link in links:
        found = _NEXT.fullmatch(urlsplit(link).path)
        if found and int(found["number"]) == number + 1 and _stem(link) == _stem(page):
            return link
    return None


def _stem(link: str) -> str:
    path = urlsplit(link).path
    return re.sub(r"(?:page[-/]?\d+(?:/|\.html))$", "", path)
