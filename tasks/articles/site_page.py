"""One page of a site → one Article: the body is found by structure, whatever theme renders it."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.errors import DocumentError
from models.values import Article, RawDocument
from tasks.articles.assembling import Around, assemble
from tasks.articles.decoding import decode_web
from tasks.articles.feed_entry import category_of
from tasks.articles.identity import find_info_code
from tasks.articles.rendered import is_line_beside, lay_out_rendered

# How themes say that here is the body, from the most telling to the least.
_BODIES = ("[itemprop~=articleBody]", ".e-content", ".post-content", ".entry-content", ".article-content", ".post-body")
_TITLES = ("[itemprop~=headline]", ".p-name", ".post-title", ".entry-title", "article h1", "main h1", "h1", "h2")
_AROUND = "script, style, noscript, template, nav, aside, form, footer, iframe"
_HOLDERS = "body, main, article, section, div, td"
_PARAGRAPHS = frozenset(("p", "blockquote", "table", "ul", "ol", "pre"))
_HEADINGS = frozenset(("h1", "h2", "header", "time"))
_TIME = re.compile(r"\(GMT\+8, Asia/Shanghai, CST\)\s*(\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}(?::\d{2})?)")
_TAGS = re.compile(r"(?:标签|标记|Tags?)\s*[:：]\s*(.*)", re.IGNORECASE | re.DOTALL)
_CATEGORY = re.compile(r"(?:分类|栏目|Categor(?:y|ies))\s*[:：].*", re.IGNORECASE | re.DOTALL)
_LONGEST_LINE = 200


def read_site_page(document: RawDocument) -> Article:
    """Give the article of a post's page. Raises DocumentError where there is neither body nor title."""
    text, faults = decode_web(document.content, document.header("content-type"), document.location)
    page = LexborHTMLParser(text)
    title = _title(page)
    written = _written(page)
    tags = _tags(page)
    page.strip_tags(_AROUND.split(", "))
    body = _body(page)
    if body is None or not title:
        missing = "no title" if body is not None else "no body of an article"
        raise DocumentError(f"{document.location}: {missing} on the page", "look at the page in a browser")
    layout = lay_out_rendered(_inner(body, title))
    info_code, code_faults = find_info_code(urlsplit(document.location).path, layout.link)
    category = category_of(document.location)
    return assemble(document, layout, Around(info_code, title, written, None, category, tags, (*faults, *code_faults)))


def _title(page: LexborHTMLParser) -> str:
    for selector in _TITLES:
        words = [_words(node) for node in page.css(selector) if not _is_of_the_site(node)]
        if words and words[0]:
            return words[0]
    return ""


def _is_of_the_site(node: LexborNode) -> bool:
    """Tell whether a heading is the site's name: it is a link home, or stands in a header outside of the article."""
    anchor = node.css_first("a[href]")
    return anchor is not None and (anchor.attributes.get("href") or "").rstrip("/").count("/") <= 2


def _written(page: LexborHTMLParser) -> str | None:
    """Give the time of publication as the page writes it."""
    if page.body is not None and (found := _TIME.search(page.body.text(deep=True))):
        return found[1]
    time = page.css_first("time[datetime]")
    if time is not None:
        return time.attributes.get("datetime") or None
    meta = page.css_first("meta[property='article:published_time']")
    return meta.attributes.get("content") or None if meta is not None else None


def _tags(page: LexborHTMLParser) -> str | None:
    """Give the tags of the line that says 标签, else those that are marked as tags."""
    for node in page.css("p, div, span, li, footer"):
        words = _words(node)
        if len(words) <= _LONGEST_LINE and (found := _TAGS.fullmatch(words)):
            named = [_words(anchor) for anchor in node.css("a")]
            return ", ".join(named or re.split(r"[,，、\s]+", found[1].strip()))
    marked = [_words(node) for node in page.css("a[rel~=tag], .tags a, .post-tags a")]
    return ", ".join(dict.fromkeys(marked)) or None


def _body(page: LexborHTMLParser) -> LexborNode | None:
    """Give the element that the theme marks as the body, else the one with most words in paragraphs of its own."""
    for selector in _BODIES:
        if (marked := page.css_first(selector)) is not None:
            return marked
    holders = page.css(_HOLDERS)
    best = max(holders, key=_own_words, default=None)
    return _with_its_lines(best) if best is not None and _own_words(best) else None


def _with_its_lines(node: LexborNode) -> LexborNode:
    """Give the parent where the digest or the lines of links of the post stand beside a wrapper of its paragraphs."""
    parent = node.parent
    beside = parent.iter() if parent is not None else iter(())
    return parent if parent is not None and any(is_line_beside(child) for child in beside) else node


def _own_words(node: LexborNode) -> int:
    return sum(
        len(_words(child))
        for child in node.iter(include_text=True)
        if (child.tag in _PARAGRAPHS or child.tag == "-text") and not (_is_about(child) or _is_layout(child))
    )


def _is_layout(node: LexborNode) -> bool:
    """Tell a table that holds the whole page from one of figures."""
    return node.tag == "table" and node.css_first("p, div, h1, h2, blockquote") is not None


def _inner(body: LexborNode, title: str) -> str:
    """Give the HTML of the body without the lines that are about it."""
    kept = (
        child.html or ""
        for child in body.iter(include_text=True)
        if not (child.tag in _HEADINGS or _is_about(child) or _words(child) == title)
    )
    return "".join(kept)


def _is_about(node: LexborNode) -> bool:
    """Tell a line with the time, the tags or the category from the paragraphs of the body."""
    words = _words(node)
    if not words or len(words) > _LONGEST_LINE:
        return False
    return bool(
        _TIME.fullmatch(words) or _TAGS.fullmatch(words) or _CATEGORY.fullmatch(words) or _holds_only_time(node)
    )


def _holds_only_time(node: LexborNode) -> bool:
    if node.tag == "-text":
        return False
    time = node.css_first("time")
    return time is not None and len(_words(node)) <= len(_words(time)) + 20


def _words(node: LexborNode) -> str:
    return " ".join((node.text(deep=True) or "").split())
