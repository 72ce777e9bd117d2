"""What the readers of all web formats end with: the parts of a body and what stands around it → an Article."""

from dataclasses import dataclass, replace

from models.values import Article, RawDocument
from models.vocabulary import DateOrigin, Shape
from tasks.articles.digest import only_in_digest
from tasks.articles.layout import Layout
from tasks.articles.markup import read_html
from tasks.articles.medium import take_medium
from tasks.articles.passage import Passage, prepend
from tasks.articles.plain import read_plain
from tasks.articles.publication import find_publication
from tasks.articles.tags import has_tags


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a body: its identity, and what page, feed or listing say of it."""

    info_code: str
    title: str | None
    written: str | None
    medium: str | None = None
    category: str | None = None
    tags: str | None = None
    faults: tuple[str, ...] = ()


def read_content(layout: Layout) -> Passage:
    """Read the content, and before it what the digest alone says; a digest without content is the text."""
    content = _read(layout.content)
    if not layout.digest:
        return content
    digest = _read(layout.digest)
    whole = prepend(only_in_digest(digest.text, content.text), content) if content.text else digest
    return replace(whole, faults=digest.faults + content.faults)


def shape_of(layout: Layout) -> Shape:
    """Give the shape that a post with these parts has."""
    if layout.digest:
        return Shape.DIGEST
    return Shape.HTML if has_tags(layout.content) else Shape.FLASH


def assemble(document: RawDocument, layout: Layout, around: Around) -> Article:
    """Give the article of a document that came over the web."""
    passage, medium = take_medium(read_content(layout))
    publication = find_publication(around.written, around.info_code, "", DateOrigin.STATED)
    no_text = () if passage.text else ("the body has no text",)
    return Article(
        info_code=around.info_code,
        source=document.source,
        location=document.location,
        raw_sha256=document.sha256,
        shape=shape_of(layout),
        title=around.title or None,
        text=passage.text,
        digest=_read(layout.digest).text or None,
        medium=medium or around.medium or None,
        published=publication.time,
        published_written=around.written or None,
        published_from=publication.origin,
        category=around.category or None,
        tags=around.tags or None,
        link=layout.link,
        return_links=layout.return_links,
        mentions=passage.mentions,
        faults=(*around.faults, *publication.faults, *layout.faults, *passage.faults, *no_text),
    )


def _read(source: str) -> Passage:
    return read_html(source) if has_tags(source) else read_plain(source)
