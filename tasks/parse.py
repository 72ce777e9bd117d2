"""The task that turns documents into articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE

from models.errors import DocumentError
from models.staging import Unreadable
from models.values import Article, RawDocument
from tasks.articles import read_article


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of a chunk of documents: the articles, and each document that could not be read."""

    articles: tuple[Article, ...]
    lost: tuple[Unreadable, ...]


@task(name="parse", cache_policy=NO_CACHE)
def parse(documents: Sequence[RawDocument]) -> Parsed:
    """Read a chunk of documents; one that cannot be read is kept with its error and the others go on."""
    articles: list[Article] = []
    lost: list[Unreadable] = []
    for document in documents:
        try:
            articles.append(read_article(document))
        except DocumentError as error:
            lost.append(Unreadable(document.source, document.location, document.sha256, error.what))
    return Parsed(tuple(articles), tuple(lost))
