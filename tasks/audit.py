"""The task that judges a staged batch before anything of it is published."""

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy import Engine

import expectations
from expectations import AuditSettings, BatchFacts
from models.audit import AuditOutcome, Failure
from models.corrections import NO_CORRECTIONS, Corrections
from models.staging import StagedBatch
from models.vocabulary import RowKind
from tasks.logs import line

# A batch that is malformed throughout would bury the rest of the log.
_MOST_LINES = 500


@task(
    name="audit",
    description="Hold every staged row against the expectations, and the batch as a whole.",
    cache_policy=NO_CACHE,
)
def audit(
    staged: StagedBatch,
    facts: BatchFacts,
    settings: AuditSettings | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    engine: Engine | None = None,
) -> AuditOutcome:
    """Judge what was staged and read back: which rows fail which expectation, and may any be published.

    `facts` counts the documents of the run, which the rows alone do not tell. Rows that fail are no error
    here: publishing acts on the outcome. With an `engine` the rows are also held against what was published
    before. Raises DatabaseError.
    """
    if engine is None:
        outcome = expectations.audit(staged.articles, staged.figures, staged.numbers, facts, settings, corrections)
    else:
        outcome = expectations.audit_staged(engine, staged, facts, settings, corrections)
    log = get_run_logger()
    batch = staged.batch_id
    log.info(line("audited", batch=batch, expectations=len(outcome.results), failures=len(outcome.failures)))
    for failure in outcome.failures[:_MOST_LINES]:
        row = _article_and_text(staged, failure)
        log.error(line("malformed", batch=batch, **row, rule=failure.expectation, observed=failure.observed))
    for refusal in outcome.batch_failures:
        log.error(line("refused", batch=batch, rule=refusal.expectation, observed=refusal.observed, why=refusal.why))
    for warning in outcome.warnings[:_MOST_LINES]:
        log.warning(line("warned", batch=batch, rule=warning.expectation, observed=warning.observed))
    for exception in outcome.exceptions:
        log.error(line("not_audited", batch=batch, why=exception))
    return outcome


def _article_and_text(staged: StagedBatch, failure: Failure) -> dict[str, object]:
    """Give the article of a failed row and the words that failed: those of the row, or the article's title."""
    frames = {RowKind.ARTICLE: staged.articles, RowKind.FIGURE: staged.figures, RowKind.NUMBER: staged.numbers}
    row = frames[failure.row_kind].row(by_predicate=pl.col("row_id") == failure.row_id, named=True)
    return {"article": row["info_code"], "text": row["title" if failure.row_kind is RowKind.ARTICLE else "text"]}
