"""The tasks that keep documents, stage what was read of them, and read the staged rows back."""

from collections.abc import Iterable, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy import Engine

from models.raw_archive import RawArchive
from models.staging import BatchFacts, StagedBatch, Unreadable, read_staged, stage_batch
from models.values import Article, RawDocument, Reading
from tasks.logs import line


@task(name="keep", description="Keep the bytes of the documents, for ever.", cache_policy=NO_CACHE)
def keep(archive: RawArchive, documents: Sequence[RawDocument]) -> int:
    """Keep a chunk of documents and give how many were new; raises DatabaseError and RawArchiveError."""
    new = archive.keep(documents)
    get_run_logger().info(line("kept", documents=len(documents), new=new))
    return new


@task(
    name="stage",
    description="Write articles, figures and numbers under a batch and read them back for the audit.",
    cache_policy=NO_CACHE,
)
def stage(
    engine: Engine,
    facts: BatchFacts,
    articles: Iterable[tuple[Article, Reading]],
    unreadable: Iterable[Unreadable] = (),
) -> StagedBatch:
    """Stage what was read and give the rows as the database has them; raises DatabaseError.

    `articles` may be a generator, so that no more than a chunk of them is in memory; their documents must be
    kept.
    """
    staged = read_staged(engine, stage_batch(engine, facts, articles, unreadable))
    counts = {"articles": staged.articles.height, "figures": staged.figures.height, "numbers": staged.numbers.height}
    get_run_logger().info(line("staged", batch=staged.batch_id, source=facts.source, **counts))
    return staged
