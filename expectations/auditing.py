"""One audit: every suite over what was read back, and what becomes of each row that fails."""

from collections.abc import Iterator

import polars as pl

from expectations.batch_rules import batch_row, schema_breaks
from expectations.comparing import prepared_days, prepared_series
from expectations.corrected import with_corrections
from expectations.facts import BatchFacts
from expectations.outcome import Frames, Verdicts, outcome_of, rejected_figures
from expectations.prepared import prepared_articles, prepared_figures, prepared_numbers
from expectations.settings import AuditSettings, Consequence, read_audit_settings
from expectations.suites import Verdict, evaluate
from models.audit import AuditOutcome
from models.corrections import NO_CORRECTIONS, Corrections
from models.precedents import History


def audit(
    articles: pl.DataFrame,
    figures: pl.DataFrame,
    numbers: pl.DataFrame,
    facts: BatchFacts,
    settings: AuditSettings | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    history: History | None = None,
) -> AuditOutcome:
    """Judge a staged batch that was read back: which rows fail which rule, and may the batch be published.

    The frames have the columns of `models.frames`. Where one has not, only the batch is judged, and it fails.
    `settings` are those of `thresholds.toml` unless others are given, `corrections` those in force. `history` is
    what was published before; without it the batch is compared with itself alone. Example: a
    figure 占比135% gives a failure `share_is_within_whole` with observed "占比 of 135 %". A rule that could not
    be evaluated fails no row: it stands in `exceptions`, and the batch must be refused.
    """
    chosen = settings or read_audit_settings()
    frames = Frames(articles, with_corrections(figures, corrections), numbers)
    verdicts: Verdicts = {}
    if not schema_breaks(articles, figures, numbers):
        for suite, frame in _frames(frames, facts, chosen, history or History()):
            verdicts[suite] = _judged(suite, frame, chosen)
    condemned = rejected_figures(verdicts, frames, chosen)
    row = batch_row(articles, figures, numbers, facts, chosen.thresholds, condemned)
    verdicts["batch"] = _judged("batch", pl.DataFrame([{"row_id": 0, **row}]), chosen)
    return outcome_of(verdicts, frames, chosen)


def _frames(
    frames: Frames, facts: BatchFacts, settings: AuditSettings, history: History
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give each suite but that of the batch with the rows that it looks at."""
    articles, figures, numbers = frames.articles, frames.figures, frames.numbers
    thresholds = settings.thresholds
    yield "articles", prepared_articles(articles, figures, numbers, facts, history.bodies, thresholds)
    yield "figures", prepared_figures(figures, articles, thresholds)
    yield "numbers", prepared_numbers(numbers, articles)
    yield "series", prepared_series(figures, articles, history, thresholds)
    yield "days", prepared_days(articles, figures, facts, history, thresholds)


def _judged(suite: str, frame: pl.DataFrame, settings: AuditSettings) -> tuple[Verdict, ...]:
    off = frozenset(name for name, consequence in settings.consequences.items() if consequence is Consequence.OFF)
    return evaluate(suite, frame, off)
