"""The task that reads figures from articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE

from models.errors import DocumentError
from models.staging import Unreadable
from models.values import Article, Reading
from tasks.engine import read_text

_UNDATED = Reading(figures=(), numbers=())


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


def read_figures(article: Article) -> Reading:
    """Read one article against its local publication day.

    An article without a day has no figures and no ledger: nothing in it could be resolved, and the audit
    rejects it whole. Raises `DocumentError` where the engine fails: that may cost one article, not its batch.
    """
    if article.published is None:
        return _UNDATED
    try:
        return read_text(article.text, article.published.date())
    except Exception as error:
        fact = f"the engine failed on {article.location}: {type(error).__name__}: {error}"
        raise DocumentError(fact, "report it with the post; the other articles are not touched") from error
