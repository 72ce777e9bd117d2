"""The task that judges a staged batch before anything of it is published."""

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

import expectations
from expectations import AuditThresholds, BatchFacts
from models.audit import AuditOutcome
from models.corrections import NO_CORRECTIONS, Corrections
from models.staging import StagedBatch


@task(
    name="audit",
    description="Hold every staged row against the expectations, and the batch as a whole.",
    cache_policy=NO_CACHE,
)
def audit(
    staged: StagedBatch,
    facts: BatchFacts,
    thresholds: AuditThresholds | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> AuditOutcome:
    """Judge what was staged and read back: which rows fail which expectation, and may any be published.

    `facts` counts the documents of the run, which the rows alone do not tell. Rows that fail are no error
    here: publishing acts on the outcome.
    """
    outcome = expectations.audit(staged.articles, staged.figures, staged.numbers, facts, thresholds, corrections)
    log = get_run_logger()
    log.info("%d expectations, %d rows fail", len(outcome.results), len(outcome.failures))
    for failure in outcome.batch_failures:
        log.error("%s: %s, allowed is %s", failure.expectation, failure.observed, failure.allowed)
    for exception in outcome.exceptions:
        log.error(exception)
    return outcome
