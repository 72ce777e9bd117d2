"""The text of one info code from the news API → one Article; title and time are what the listing says."""

import json

from models.errors import DocumentError
from models.values import Article, RawDocument
from tasks.articles.assembling import Around, assemble
from tasks.articles.decoding import decode_web
from tasks.articles.identity import link_code
from tasks.articles.layout import Layout
from tasks.articles.rendered import flash_or_html

_KEYS = ("text", "content")


def read_news_text(document: RawDocument) -> Article:
    """Give the article of `{"text": "<p>…</p>"}` and what was listed of it. Raises DocumentError."""
    text, faults = decode_web(document.content, document.header("content-type"), document.location)
    listed = dict(document.listed)
    info_code = listed.get("info_code", "")
    if not info_code:
        raise DocumentError(f"{document.location}: nothing is listed of this text", "run the source again")
    body = _body(text, document.location)
    link = listed.get("link")
    linked = link_code(link)
    if linked and linked != info_code:
        faults += (f"the link has another info code: {linked}",)
    layout = Layout(listed.get("digest", "").strip(), flash_or_html(body), link, (), ())
    around = Around(info_code, listed.get("title"), listed.get("time"), listed.get("medium"), faults=faults)
    return assemble(document, layout, around)


def _body(text: str, location: str) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{location}: no JSON: {error}", "fetch it again") from error
    bodies = [content[key] for key in _KEYS if content.get(key)] if isinstance(content, dict) else []
    if len(bodies) != 1 or not isinstance(bodies[0], str):
        raise DocumentError(f"{location}: no text under `text` or `content`", "fetch it again")
    return bodies[0].strip()
