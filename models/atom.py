"""Atom feeds (RFC 4287): their entries, read one after the other, without documents types and entities."""

import html
import io
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

_ATOM = "{http://www.w3.org/2005/Atom}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class AtomError(ValueError):
    """XML that is no whole feed, or has what no feed needs: a document type, entities."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `url` is its page, resolved, `time` when it was published as written, `content` HTML or ""."""

    url: str
    title: str
    time: str
    categories: tuple[str, ...]
    content: str


def read_entries(text: str, url: str) -> Iterator[Entry]:
    """Give the entries of a feed that was fetched from `url`, in its order.

    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>涨1%</title>…` → `Entry(title="涨1%", …)`. Raises
    AtomError, after the last whole entry where a feed breaks off.
    """
    events = iterparse(io.BytesIO(_undeclared(text)), events=("start", "end"), forbid_dtd=True)
    base = url
    try:
        for event, element in events:
            if event == "start" and element.tag == f"{_ATOM}feed":
                base = urljoin(url, element.get(_BASE, ""))
            elif event == "end" and element.tag == f"{_ATOM}entry":
                yield _entry(element, base)
                element.clear()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise AtomError(f"{type(error).__name__}: {error}") from error


def _undeclared(text: str) -> bytes:
    """Give the XML without its declaration, which names the encoding that it was in before it was decoded."""
    text = text.lstrip("\ufeff \r\n\t")
    head, end, rest = text.partition("?>")
    return (rest if end and head.startswith("<?xml") else text).encode("utf-8", "replace")


def _entry(element: Element, base: str) -> Entry:
    base = urljoin(base, element.get(_BASE, ""))
    links = (link for link in element.findall(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate")
    link = next(links, None)
    written = element.findtext(f"{_ATOM}published") or element.findtext(f"{_ATOM}updated") or ""
    terms = (category.get("term", "") for category in element.findall(f"{_ATOM}category"))
    return Entry(
        urljoin(base, link.get("href", "")) if link is not None else "",
        _plain(element.find(f"{_ATOM}title")),
        written.strip(),
        tuple(term for term in terms if term),
        _html(element.find(f"{_ATOM}content")),
    )


def _plain(element: Element | None) -> str:
    """Give a text construct as text: one of type html has its entities written twice."""
    words = "".join(element.itertext()).strip() if element is not None else ""
    return html.unescape(words) if element is not None and element.get("type") == "html" else words


def _html(element: Element | None) -> str:
    """Give a content construct as HTML."""
    if element is None:
        return ""
    kind = element.get("type", "text")
    if kind == "xhtml":
        for inner in element.iter():
            inner.tag = str(inner.tag).removeprefix(_XHTML)
        return "".join(tostring(inner, encoding="unicode", method="html") for inner in element)
    words = "".join(element.itertext()).strip()
    return words if kind == "html" else html.escape(words, quote=False)
