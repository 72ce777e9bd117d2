"""Rows out: what the audit lets through is published, the rest is quarantined, in one transaction.

An article is read as a whole. Where its content, its clean figures and numbers and the engine version are
those that stand published, no row changes; else the old article row with all its rows gets its `known_to`,
and the new ones stand beside it. The highest revision of an article is the current one; a lower one that
comes later is kept, and superseded from the start. An article that was published and fails today is
withdrawn: its rows get their `known_to`.

A refused batch (a failure of the batch, a suite that could not be evaluated, or any failure where it is
strict) publishes and quarantines nothing. Its rows stay staged, to be looked at, until the same articles are
staged again.

The same run twice changes no row of the catalogue, the articles, figures and numbers; of the quarantine it
only moves `last_seen_batch_id` on. Batches and expectation results are the history of the runs, so each run
adds to them.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from models.audit import AuditOutcome, BatchFailure, Failure
from models.cataloguing import store_catalogue
from models.database import writing
from models.errors import DatabaseError, ShrinkError
from models.quarantining import QuarantineCounts, quarantine_failures
from models.readings import ReadingCounts, publish_readings
from models.revisions import drop_staged
from models.settling import Settled, settle
from models.tables import BatchRow, ExpectationResultRow, table_of
from models.vocabulary import BatchState, Severity
from models.warned import keep_warnings

_BATCHES, _RESULTS = table_of(BatchRow), table_of(ExpectationResultRow)
_WAITING = (BatchState.STAGED, BatchState.AUDITED)


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What became of a batch: PUBLISHED with its counts, or REFUSED with the reason in `message`.

    `settled` parts the failures of the audit by what was decided in review before.
    """

    batch_id: int
    state: BatchState
    message: str
    readings: ReadingCounts
    quarantine: QuarantineCounts
    settled: Settled = field(default_factory=Settled)

    @property
    def changes_nothing(self) -> bool:
        """Give True where no published row and no row of the quarantine is new, superseded or cleared."""
        parts = (self.readings.articles, self.readings.figures, self.readings.numbers)
        changed = sum(part.published + part.superseded for part in parts)
        return not (changed or self.quarantine.new or self.quarantine.cleared)


def publish_batch(
    engine: Engine, batch_id: int, audit: AuditOutcome, *, now: datetime, allow_shrink: bool = False
) -> PublishReport:
    """Publish a staged batch as its audit allows, and give what became of it.

    `now` is the aware time from which the new rows are known. A batch that would leave much less than stands
    (`models.shrinking`) is refused unless that is allowed. Raises DatabaseError where there is no such batch, it
    is not wholly staged or was ended before, or the database fails; then nothing is published.
    """
    _record_audit(engine, batch_id, audit)
    with writing(engine) as connection:
        batch = _waiting_batch(connection, batch_id)
        settled = settle(connection, batch_id, audit.failures)
        refusal = _refusal(settled.applied_to(audit), strict=batch.strict)
        moment = after_the_last(connection, now)
        report = (
            _refused(batch_id, refusal, settled)
            if refusal
            else _publish_unless_shrinking(connection, batch_id, settled, moment, allow_shrink)
        )
        end_batch(connection, report, moment)
    return report


def _record_audit(engine: Engine, batch_id: int, audit: AuditOutcome) -> None:
    """Keep the results of the audit by themselves: they are true whatever becomes of the publication."""
    with writing(engine) as connection:
        _waiting_batch(connection, batch_id)
        connection.execute(delete(_RESULTS).where(_RESULTS.c.batch_id == batch_id))
        if audit.results:
            rows = [asdict(result) | {"batch_id": batch_id} for result in audit.results]
            connection.execute(insert(_RESULTS), rows)
        keep_warnings(connection, batch_id, audit.warnings)
        audited = update(_BATCHES).where(_BATCHES.c.id == batch_id).values(state=BatchState.AUDITED.value)
        connection.execute(audited)


def _waiting_batch(connection: Connection, batch_id: int) -> Row[Any]:
    batch = connection.execute(select(_BATCHES).where(_BATCHES.c.id == batch_id)).one_or_none()
    if batch is None:
        raise DatabaseError(f"there is no batch {batch_id}", "run `tongbi run` to stage one")
    if batch.state not in _WAITING:
        raise DatabaseError(f"batch {batch_id} is {batch.state} already", "run `tongbi run` again")
    if not batch.is_staged:
        raise DatabaseError(f"batch {batch_id} was interrupted while it was staged", "run `tongbi run` again")
    return batch


def _refusal(audit: AuditOutcome, *, strict: bool) -> str:
    """Say why the batch cannot be published, or give ""."""
    if audit.exceptions:
        return f"the audit could not be made: {audit.exceptions[0]}"
    grave: list[BatchFailure | Failure] = [*audit.batch_failures]
    grave += [failure for failure in audit.failures if failure.severity is Severity.BATCH]
    if grave:
        first = grave[0]
        return f"{first.expectation}: {first.observed}, allowed is {first.allowed}. {first.why}"
    if strict and audit.failures:
        return f"{len(audit.failures)} failures in a strict batch, first {audit.failures[0].expectation}"
    return ""


def after_the_last(connection: Connection, now: datetime) -> datetime:
    """Give `now`, or the end of the last batch where a clock was set back: history goes forward."""
    last = connection.execute(select(func.max(_BATCHES.c.finished_at))).scalar_one()
    return now if last is None else max(now, last)


def _refused(batch_id: int, why: str, settled: Settled) -> PublishReport:
    return PublishReport(batch_id, BatchState.REFUSED, why, ReadingCounts(), QuarantineCounts(), settled)


def _publish_unless_shrinking(
    connection: Connection, batch_id: int, settled: Settled, now: datetime, allow_shrink: bool
) -> PublishReport:
    try:
        with connection.begin_nested():
            return _publish(connection, batch_id, settled, now, allow_shrink)
    except ShrinkError as error:
        return _refused(batch_id, f"{error.what}; {error.next_step}", settled)


def _publish(
    connection: Connection, batch_id: int, settled: Settled, now: datetime, allow_shrink: bool
) -> PublishReport:
    store_catalogue(connection)
    kept_back = quarantine_failures(connection, batch_id, settled)
    readings = publish_readings(connection, batch_id, now, allow_shrink=allow_shrink)
    drop_staged(connection, batch_id)
    report = PublishReport(batch_id, BatchState.PUBLISHED, "", readings, kept_back, settled)
    message = "no row changed" if report.changes_nothing else _words(report)
    return replace(report, message=message + _known(kept_back))


def _words(report: PublishReport) -> str:
    figures, articles = report.readings.figures, report.readings.articles
    return (
        f"{figures.published} figures of {articles.published} articles published, "
        f"{figures.unchanged} unchanged, {figures.superseded} superseded, "
        f"{report.quarantine.new} rows quarantined, {report.quarantine.seen_again} seen again"
    )


def _known(counts: QuarantineCounts) -> str:
    """Say how many failures were known: a reviewer has decided on them."""
    known = (("released", counts.released), ("rejected", counts.rejected))
    words = " and ".join(f"{count} {name}" for name, count in known if count)
    return f", failures known from review: {words}" if words else ""


def end_batch(connection: Connection, report: PublishReport, now: datetime) -> None:
    """Write on a batch what became of it, and when."""
    counts = {
        f"{table}_{name}": count for table, rows in asdict(report.readings).items() for name, count in rows.items()
    }
    kept_back = {
        "rows_quarantined": report.quarantine.new,
        "rows_seen_again": report.quarantine.seen_again,
        "rows_cleared": report.quarantine.cleared,
    }
    ended = {"state": report.state.value, "finished_at": now, "message": report.message}
    values = counts | kept_back | ended
    connection.execute(update(_BATCHES).where(_BATCHES.c.id == report.batch_id).values(values))
