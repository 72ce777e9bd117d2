"""The audit of a staged batch with what was published before it."""

from sqlalchemy import Engine

from expectations.auditing import audit
from expectations.comparing import days_compared
from expectations.facts import BatchFacts
from expectations.settings import AuditSettings, read_audit_settings
from models.audit import AuditOutcome
from models.corrections import NO_CORRECTIONS, Corrections
from models.precedents import read_history
from models.staging import StagedBatch


def audit_staged(
    engine: Engine,
    staged: StagedBatch,
    facts: BatchFacts,
    settings: AuditSettings | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> AuditOutcome:
    """Judge a batch as `audit` does, and hold it against what the database has published before.

    Raises DatabaseError.
    """
    held_to = settings or read_audit_settings()
    first, last = days_compared(facts, held_to.thresholds)
    years = held_to.thresholds.history_years
    history = read_history(engine, staged.batch_id, source=facts.source or "", since=first, until=last, years=years)
    return audit(staged.articles, staged.figures, staged.numbers, facts, held_to, corrections, history)
