"""The task that applies the corrections of faults in the source itself."""

from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from models.correcting import correct as corrected
from models.corrections import Corrections
from models.errors import CorrectionError
from models.staging import Unreadable
from models.values import Article, Reading
from tasks.extract import Extracted


@task(name="correct", cache_policy=NO_CACHE)
def correct(readings: Sequence[tuple[Article, Reading]], corrections: Corrections) -> Extracted:
    """Correct a chunk of readings; an article that its correction no longer fits is kept back with the error."""
    done: list[tuple[Article, Reading]] = []
    lost: list[Unreadable] = []
    for article, reading in readings:
        try:
            done.append((article, corrected(article, reading, corrections)))
        except CorrectionError as error:
            lost.append(Unreadable(article.source, article.location, article.raw_sha256, error.what))
    return Extracted(tuple(done), tuple(lost))
