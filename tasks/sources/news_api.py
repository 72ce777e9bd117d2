"""The news API that such archives are made from: three kinds of lists, and a text for each info code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from json import JSONDecoder
from typing import Any
from urllib.parse import urljoin, urlsplit

from models.errors import ContractError, FetchError, SourceError
from models.values import RawDocument
from models.vocabulary import DocumentFormat
from tasks.sources.declarations import Declaration
from tasks.sources.documents import DocumentRef
from tasks.sources.site_pages import today_in_shanghai, web_location
from tasks.sources.surroundings import Surroundings
from tasks.sources.web.contracts import contradiction, json_of, text_of
from tasks.sources.web.policy import split_options
from tasks.sources.web.session import Session, Wanted
from tasks.sources.web.source import WebSource

OPTIONS = frozenset(("types", "markets", "count"))
TEXT_PATH = "NewsData/GetNewsText.do?id="
TEXT_KEYS = ("text", "content")
_CODE = re.compile(r"\d{14,}")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of list is written: where its entries stand, and the keys for what an entry says.

    `says` maps our names to its keys; the first three are required.
    """

    path: str
    entries: str
    says: tuple[tuple[str, str], ...]


FORMS = {
    45: Form(
        "web/webapi?type=45&count={count}&newsid=1",
        "nodeList",
        (
            ("info_code", "infocode"),
            ("title", "title"),
            ("time", "showtime"),
            ("medium", "from"),
            ("digest", "simdigest"),
        ),
    ),
    102: Form(
        "web/webapi?type=102&count={count}&newsid=1",
        "records",
        (
            ("info_code", "infoCode"),
            ("title", "title"),
            ("time", "showtime"),
            ("digest", "digest"),
            ("link", "url_w"),
        ),
    ),
}
MARKET = Form(
    "information/newmarket/web/webapi?marketType={market}&count={count}",
    "record",
    (("info_code", "infoCode"), ("title", "title"), ("time", "datetime"), ("medium", "medianame")),
)
MARKETS = (37, 38, 39)
_REQUIRED = ("info_code", "title", "time")


class NewsApi(WebSource):
    """The API at one address; `lists` are the addresses of its lists with the form of each."""

    def __init__(self, session: Session, lists: tuple[tuple[str, Form], ...]) -> None:
        super().__init__(session)
        self._lists = lists

    def wanted(self, ref: DocumentRef) -> Wanted:
        """Give the text of an info code."""
        return Wanted(ref.location, DocumentFormat.NEWS_TEXT, ref.listed, ref.published_on)

    def check(self, document: RawDocument) -> None:
        """Raise ContractError for what is no JSON with a text."""
        content = json_of(document)
        texts = [content[key] for key in TEXT_KEYS if content.get(key)]
        if len(texts) != 1 or not isinstance(texts[0], str) or not texts[0].strip():
            got = f"the keys {', '.join(sorted(content)) or 'none'}"
            raise ContractError(self.name, document.location, "one text under `text` or `content`", got)

    def _listed(self, since: date | None, until: date | None) -> list[DocumentRef]:
        refs: dict[str, DocumentRef] = {}
        for url, form in self._lists:
            for ref in self._of_list(url, form):
                before = refs.get(ref.info_code or ref.location)
                refs[ref.info_code or ref.location] = _joined(before, ref) if before else ref
        return list(refs.values())

    def _of_list(self, url: str, form: Form) -> Iterator[DocumentRef]:
        try:
            document = self._session.listing(url)
            entries, broken = _entries(document, form)
        except FetchError as error:
            yield self.failed(url, error)
            return
        if broken is not None:
            yield self.failed(url, broken)
        elif not entries:
            yield self.breach(url, form.entries, "documents", "an empty list")
        seen: set[str] = set()
        for number, entry in enumerate(entries):
            ref = self._reference(url, form, f"{form.entries}[{number}]", entry)
            if ref.info_code in seen:
                ref = self.breach(url, ref.info_code, "each info code once", f"{ref.info_code} again")
            seen.add(ref.info_code or "")
            yield ref

    def _reference(self, url: str, form: Form, place: str, entry: Any) -> DocumentRef:
        said = {name: entry.get(key) for name, key in form.says} if isinstance(entry, dict) else {}
        wrong = [key for name, key in form.says if not _is_said(said.get(name), name in _REQUIRED)]
        if wrong:
            return self.breach(url, place, f"texts under {', '.join(wrong)}", repr(entry)[:100])
        code = str(said["info_code"]).removeprefix("NW")
        day = _day(str(said["time"]))
        if not _CODE.fullmatch(code) or day is None:
            return self.breach(url, place, "an info code and a time", f"{code!r} and {said['time']!r}")
        if problem := contradiction(code, day, today_in_shanghai()):
            return self.breach(url, place, "the time of the info code", problem)
        listed = tuple((name, str(words)) for name, words in (said | {"info_code": code}).items() if words)
        location = urljoin(self._session.location, TEXT_PATH + code)
        return DocumentRef(self.name, location, code, day, listed)


def open_news_api(declaration: Declaration, surroundings: Surroundings) -> NewsApi:
    """Give the API of a declaration, whose own options are `types`, `markets` and `count`.

    Raises SourceError.
    """
    policy, own = split_options(declaration.name, declaration.options, OPTIONS)
    location = web_location(declaration)
    location = location if urlsplit(location).path.endswith("/") else location + "/"
    lists = tuple((urljoin(location, path), form) for path, form in _lists(declaration.name, own))
    return NewsApi(Session(declaration.name, location, policy, surroundings.archive), lists)


def _lists(name: str, own: dict[str, Any]) -> Iterator[tuple[str, Form]]:
    types, markets, count = own.get("types", list(FORMS)), own.get("markets", list(MARKETS)), own.get("count", 100)
    are_numbers = all(isinstance(each, list) and all(type(n) is int for n in each) for each in (types, markets))
    if not are_numbers or type(count) is not int or count < 1 or not (types or markets):
        next_step = "types and markets are lists of numbers, not both empty, count is a number above 0"
        raise SourceError(f"the options of {name!r} cannot be used", next_step)
    if unknown := [str(kind) for kind in types if kind not in FORMS]:
        raise SourceError(f"{name!r} has unknown types: {', '.join(unknown)}", f"known: {', '.join(map(str, FORMS))}")
    yield from ((FORMS[kind].path.format(count=count), FORMS[kind]) for kind in types)
    yield from ((MARKET.path.format(market=market, count=count), MARKET) for market in markets)


def _entries(document: RawDocument, form: Form) -> tuple[list[Any], ContractError | None]:
    """Give the entries of a list, and what is wrong with it where it breaks off after some of them.

    Raises ContractError where nothing of it can be used.
    """
    try:
        entries = json_of(document).get(form.entries)
    except ContractError as error:
        whole = _whole_entries(text_of(document), form.entries)
        if not whole:
            raise
        return whole, error
    if not isinstance(entries, list):
        got = f"{type(entries).__name__}"
        raise ContractError(document.source, document.location, f"a list under {form.entries}", got)
    return entries, None


def _whole_entries(text: str, key: str) -> list[Any]:
    """Give the entries that came whole before the text broke off."""
    found = re.search(rf'"{key}"\s*:\s*\[', text)
    entries: list[Any] = []
    place = found.end() if found else len(text)
    while begin := re.compile(r"[\s,]*(?=\{)").match(text, place):
        try:
            entry, place = JSONDecoder().raw_decode(text, begin.end())
        except ValueError:
            break
        entries.append(entry)
    return entries


def _is_said(words: object, required: bool) -> bool:
    if words is None:
        return not required
    return isinstance(words, str) and bool(words.strip() or not required)


def _day(written: str) -> date | None:
    found = _DAY.fullmatch(written.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _joined(before: DocumentRef, ref: DocumentRef) -> DocumentRef:
    """Give the first entry of an article in several lists, with what only a later one says."""
    said = dict(ref.listed) | dict(before.listed)
    return DocumentRef(
        before.source, before.location, before.info_code, before.published_on, tuple(said.items()), before.breach
    )
