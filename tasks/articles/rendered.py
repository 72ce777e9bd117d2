"""A post as a site renders it → its parts: what Markdown was in the post is HTML here."""

import html
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.articles.layout import Layout
from tasks.articles.markup import read_html

_RETURNS = re.compile(r"返回.*")
_BETWEEN = re.compile(r"[\s｜|]*")
_WRAPPERS = ("div", "section", "article")


@dataclass(frozen=True, slots=True)
class _Part:
    """One child of the body: its HTML, and what it is."""

    source: str
    digest: str = ""
    link: str | None = None
    returns: tuple[str, ...] = ()


def lay_out_rendered(body: str) -> Layout:
    """Part a rendered body as `tasks.articles.layout` parts a written one.

    `<blockquote><p>摘要。</p></blockquote><p>正文。</p><p><a href="http://n.example/1.html">http://n.example/1.html
    </a></p>` → digest `摘要。`, content `<p>正文。</p>`, link `http://n.example/1.html`.
    """
    root = _unwrapped(LexborHTMLParser(body).body)
    parts = [_part(node) for node in root.iter(include_text=True)] if root is not None else []
    digests = []
    while parts and (parts[0].digest or not parts[0].source.strip()):
        digests.append(parts.pop(0).digest)
    links = [part.link for part in parts if part.link]
    returns = tuple(target for part in parts for target in part.returns)
    content = "".join(part.source for part in parts if not (part.link or part.returns)).strip()
    faults = (f"{len(links)} lines of links: the last one is taken",) if len(links) > 1 else ()
    digest = "\n".join(filter(None, digests))
    return Layout(digest, flash_or_html(content), links[-1] if links else None, returns, faults)


def is_line_beside(node: LexborNode) -> bool:
    """Tell a digest or a line of links, which stand beside the paragraphs of a post."""
    part = _part(node)
    return bool(part.digest or part.link or part.returns)


def _unwrapped(node: LexborNode | None) -> LexborNode | None:
    """Give the element that holds the paragraphs, inside of wrappers that hold nothing else."""
    while node is not None:
        inner = [child for child in node.iter(include_text=True) if child.tag != "-text" or _words(child)]
        if len(inner) != 1 or inner[0].tag not in _WRAPPERS:
            return node
        node = inner[0]
    return None


def _part(node: LexborNode) -> _Part:
    source = node.html or ""
    if node.tag == "blockquote":
        return _Part(source, digest=source)
    anchors = [child for child in node.iter() if child.tag == "a"] if node.tag == "p" else []
    between = "".join(_words(child) for child in node.iter(include_text=True) if child.tag != "a")
    if not anchors or not _BETWEEN.fullmatch(between):
        return _Part(source)
    targets = tuple(anchor.attributes.get("href") or "" for anchor in anchors)
    if all(_RETURNS.fullmatch(_words(anchor)) for anchor in anchors):
        return _Part(source, returns=targets)
    if len(anchors) == 1 and _words(anchors[0]) == targets[0]:
        return _Part(source, link=targets[0])
    return _Part(source)


def flash_or_html(content: str) -> str:
    """Give the plain words of a body that is one plain paragraph, for so a flash is written; else the body."""
    body = LexborHTMLParser(content).body
    nodes = [node for node in body.iter(include_text=True) if node.tag != "-text" or _words(node)] if body else []
    is_plain = len(nodes) == 1 and (nodes[0].tag == "-text" or (nodes[0].tag == "p" and not list(nodes[0].iter())))
    return _as_plain(read_html(content).text) if is_plain else content


def _as_plain(text: str) -> str:
    """Give plain words as a plain post writes them, with its escapes, so that they are read as they stand."""
    return html.escape(text.replace("\\", "\\\\"), quote=False)


def _words(node: LexborNode) -> str:
    return (node.text(deep=True) or "").strip()
