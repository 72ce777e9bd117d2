"""How documents become text: one reader a format."""

from collections.abc import Callable, Mapping

from models.errors import DocumentError
from models.values import Article, RawDocument
from models.vocabulary import DocumentFormat
from tasks.articles.feed_entry import read_feed_entry
from tasks.articles.jekyll_post import read_post
from tasks.articles.news_text import read_news_text
from tasks.articles.site_page import read_site_page

__all__ = ["READERS", "read_article"]

READERS: Mapping[DocumentFormat, Callable[[RawDocument], Article]] = {
    DocumentFormat.JEKYLL_POST: read_post,
    DocumentFormat.FEED_ENTRY: read_feed_entry,
    DocumentFormat.SITE_PAGE: read_site_page,
    DocumentFormat.NEWS_TEXT: read_news_text,
}


def read_article(document: RawDocument) -> Article:
    """Give the article of a document: plain text, mentions, publication time, and what stands around it.

    A post `2021-12-08-202112082207158283.md` → an Article with info code `202112082207158283`, shape `flash`,
    text `WTI原油期货日内下跌1.00%，…`. What was wrong but could be read is said in `faults`. Raises
    DocumentError for a document that cannot be read at all, naming it, the reason and the next step.
    """
    reader = READERS.get(document.format)
    if reader is None:
        raise DocumentError(f"{document.location}: a {document.format} is no article", "run its source instead")
    return reader(document)
