"""The task that reads figures from articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE

from models.errors import DocumentError
from models.staging import Unreadable
from models.values import Article, Reading
from tasks.reading import read_figures


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of a chunk of articles: each with its reading, and each one on which the engine failed."""

    readings: tuple[tuple[Article, Reading], ...]
    lost: tuple[Unreadable, ...]


@task(name="extract", cache_policy=NO_CACHE)
def extract(articles: Sequence[Article]) -> Extracted:
    """Read the figures of a chunk of articles; one on which the engine fails is kept with its error."""
    readings: list[tuple[Article, Reading]] = []
    lost: list[Unreadable] = []
    for article in articles:
        try:
            readings.append((article, read_figures(article)))
        except DocumentError as error:
            lost.append(Unreadable(article.source, article.location, article.raw_sha256, error.what))
    return Extracted(tuple(readings), tuple(lost))
