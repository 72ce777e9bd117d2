"""One Jekyll post → one Article."""

import re
from pathlib import PurePosixPath

from models.errors import DocumentError
from models.values import Article, RawDocument
from tasks.articles.assembling import read_content, shape_of
from tasks.articles.decoding import decode
from tasks.articles.front_matter import FrontMatter, split_front_matter
from tasks.articles.identity import find_info_code
from tasks.articles.layout import Layout, lay_out
from tasks.articles.medium import take_medium
from tasks.articles.passage import Passage
from tasks.articles.plain import read_plain
from tasks.articles.publication import find_publication
from tasks.articles.tags import has_tags

_NUL = b"\0"
_PARAGRAPH_TAG = re.compile(r"<(?P<end>/?)p\b[^>]*>", re.IGNORECASE)
_ENDS = tuple("。！？!?；;…”』」’）)】")


def read_post(document: RawDocument) -> Article:
    """Give the article of a post: text without mark-up, mentions, what stands around it, and remarks.

    Raises DocumentError for bytes that are no text and for a file that is no post.
    """
    text, byte_faults = decode(document.content, document.location)
    front, body = split_front_matter(text)
    _require_post(document, front, body)
    layout = lay_out(body)
    passage, medium = take_medium(read_content(layout))
    info_code, code_faults = find_info_code(document.location, layout.link)
    written = front.get("date")
    publication = find_publication(written, info_code, PurePosixPath(document.location).name)
    body_faults = (*layout.faults, *passage.faults, *_body_faults(body, layout, passage))
    return Article(
        info_code=info_code,
        source=document.source,
        location=document.location,
        raw_sha256=document.sha256,
        shape=shape_of(layout),
        title=front.get("title"),
        text=passage.text,
        digest=read_plain(layout.digest).text or None,
        medium=medium,
        published=publication.time,
        published_written=written,
        published_from=publication.origin,
        category=front.get("categories"),
        tags=front.get("tags"),
        link=layout.link,
        return_links=layout.return_links,
        mentions=passage.mentions,
        faults=(*byte_faults, *front.faults, *code_faults, *publication.faults, *body_faults),
    )


def _require_post(document: RawDocument, front: FrontMatter, body: str) -> None:
    binary = _NUL in document.content and not front.present
    if binary or not (body.strip("- \n") or front.values):
        fact = "is binary" if binary else "has neither front matter nor body"
        raise DocumentError(f"{document.location}: not a post, it {fact}", "remove it from the archive")


def _body_faults(body: str, layout: Layout, passage: Passage) -> tuple[str, ...]:
    if not passage.text:
        return ("the body has no text",)
    return ("the text breaks off: the file may be cut off",) if _breaks_off(body, layout) else ()


def _breaks_off(body: str, layout: Layout) -> bool:
    """Tell a body that ends amid a line or a paragraph, without the links that close a whole post."""
    written = layout.content or layout.digest
    if layout.has_footer or body.endswith("\n"):
        return False
    if has_tags(written):
        tags = _PARAGRAPH_TAG.findall(written)
        return not written.endswith(">") or tags[-1:] == [""]
    return not written.endswith(_ENDS)
