"""How documents become text: one reader a format."""

from models.values import Article, RawDocument
from tasks.articles.jekyll_post import read_post

__all__ = ["read_article"]


def read_article(document: RawDocument) -> Article:
    """Give the article of a document: plain text, mentions, publication time, and what stands around it.

    A post `2021-12-08-202112082207158283.md` → an Article with info code `202112082207158283`, shape `flash`,
    text `WTI原油期货日内下跌1.00%，…`. What was wrong but could be read is said in `faults`. Raises
    DocumentError for a document that cannot be read at all, naming it, the reason and the next step.
    """
    return read_post(document)
