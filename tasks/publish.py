"""The task that publishes a batch as its audit allows."""

from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from sqlalchemy import Engine

from models.audit import AuditOutcome
from models.publishing import PublishReport, publish_batch
from tasks.logs import line


@task(
    name="publish",
    description="Publish what the audit lets through and quarantine the rest, in one transaction.",
    cache_policy=NO_CACHE,
)
def publish(engine: Engine, batch_id: int, audit: AuditOutcome, allow_shrink: bool = False) -> PublishReport:
    """Publish a staged batch and give what became of it; raises DatabaseError."""
    report = publish_batch(engine, batch_id, audit, now=datetime.now(UTC), allow_shrink=allow_shrink)
    get_run_logger().info(line(report.state.value, batch=batch_id, what=report.message))
    return report
