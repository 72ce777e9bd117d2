"""One audit: every suite over what was read back, and what becomes of each row that fails."""

from collections.abc import Iterable, Iterator

import polars as pl

from expectations.batch_rules import AuditThresholds, BatchFacts, batch_row, schema_breaks
from expectations.corrected import with_corrections
from expectations.prepared import prepared_articles, prepared_figures, prepared_numbers
from expectations.suites import Verdict, evaluate
from models.audit import AuditOutcome, BatchFailure, Failure, SuiteResult
from models.corrections import NO_CORRECTIONS, Corrections
from models.vocabulary import RowKind

_ROW_KINDS = {"articles": RowKind.ARTICLE, "figures": RowKind.FIGURE, "numbers": RowKind.NUMBER}
_BATCH = "batch"
Verdicts = dict[str, tuple[Verdict, ...]]


def audit(
    articles: pl.DataFrame,
    figures: pl.DataFrame,
    numbers: pl.DataFrame,
    facts: BatchFacts,
    thresholds: AuditThresholds | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> AuditOutcome:
    """Judge a staged batch that was read back: which rows fail which rule, and may the batch be published.

    The frames have the columns of `models.frames`; `corrections` are those in force.
    Where a frame has not its columns, only the batch is judged, and it fails.
    Example: a figure 占比135% gives a failure `share_is_within_whole` with observed "占比 of 135 %". A rule
    that could not be evaluated fails no row: it stands in `exceptions`, and the batch must be refused.
    """
    figures = with_corrections(figures, corrections)
    row = batch_row(articles, figures, numbers, facts, thresholds or AuditThresholds())
    verdicts: Verdicts = {_BATCH: evaluate(_BATCH, pl.DataFrame([{"row_id": 0, **row}]))}
    if not schema_breaks(articles, figures, numbers):
        verdicts["articles"] = evaluate("articles", prepared_articles(articles))
        verdicts["figures"] = evaluate("figures", prepared_figures(figures, articles))
        verdicts["numbers"] = evaluate("numbers", prepared_numbers(numbers, articles))
    return AuditOutcome(
        failures=tuple(_failures(verdicts)),
        results=tuple(_results(verdicts)),
        batch_failures=tuple(_batch_failures(verdicts[_BATCH])),
        exceptions=tuple(_exceptions(verdicts)),
    )


def _failures(verdicts: Verdicts) -> Iterator[Failure]:
    for suite, row_kind in _ROW_KINDS.items():
        for verdict in verdicts.get(suite, ()):
            rule = verdict.rule
            for row_id, observed in verdict.failed:
                yield Failure(row_kind, row_id, rule.name, rule.severity, observed, rule.allowed, rule.why)


def _batch_failures(verdicts: Iterable[Verdict]) -> Iterator[BatchFailure]:
    for verdict in verdicts:
        rule = verdict.rule
        for _, observed in verdict.failed:
            yield BatchFailure(rule.name, observed, rule.allowed, rule.why)


def _results(verdicts: Verdicts) -> Iterator[SuiteResult]:
    for suite, judged in verdicts.items():
        for verdict in judged:
            failed = len(verdict.failed)
            success = not failed and verdict.exception is None
            yield SuiteResult(suite, verdict.rule.name, verdict.evaluated, failed, success, verdict.exception)


def _exceptions(verdicts: Verdicts) -> Iterator[str]:
    for suite, judged in verdicts.items():
        for verdict in judged:
            if verdict.exception is not None:
                yield f"{suite}: {verdict.rule.name} could not be evaluated: {verdict.exception}"
