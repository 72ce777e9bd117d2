"""One article read by the engine; plain, so that a worker that only reads does not import Prefect."""

from models.errors import DocumentError
from models.values import Article, Reading
from tasks.engine import read_text

_UNDATED = Reading(figures=(), numbers=())


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
