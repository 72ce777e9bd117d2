"""One entry of an Atom feed → one Article; the document is the whole feed, its fragment says which entry."""

from functools import lru_cache
from urllib.parse import urlsplit

from models.atom import AtomError, Entry, read_entries
from models.errors import DocumentError
from models.values import Article, RawDocument
from tasks.articles.assembling import Around, assemble
from tasks.articles.decoding import decode_web
from tasks.articles.identity import find_info_code
from tasks.articles.rendered import lay_out_rendered


def read_feed_entry(document: RawDocument) -> Article:
    """Give the article of the entry whose page stands behind the # of the location. Raises DocumentError."""
    feed, _, url = document.location.partition("#")
    entries, faults = _entries(document.content, document.header("content-type"), feed)
    if url not in entries:
        raise DocumentError(f"{document.location}: the feed has no such entry", "run the source again")
    entry = entries[url]
    category = category_of(url)
    layout = lay_out_rendered(entry.content)
    info_code, code_faults = find_info_code(urlsplit(url).path, layout.link)
    tags = ", ".join(term for term in entry.categories if term != category)
    around = Around(info_code, entry.title, entry.time, None, category, tags, (*faults, *code_faults))
    return assemble(document, layout, around)


def category_of(url: str) -> str:
    """Give the category in a post's address: `/emnews/2022/04/18/1.html` → `emnews`, "" where there is none."""
    parts = urlsplit(url).path.strip("/").split("/")
    return " ".join(parts[:-4])


@lru_cache(maxsize=2)
def _entries(content: bytes, content_type: str | None, url: str) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """Give the entries of a feed by their pages, as far as they came whole; entries of one feed come in a row."""
    text, faults = decode_web(content, content_type, url)
    entries: dict[str, Entry] = {}
    try:
        for entry in read_entries(text, url):
            entries.setdefault(entry.url, entry)
    except AtomError:
        faults += ("the feed breaks off",)
    return entries, faults
