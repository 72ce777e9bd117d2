"""What becomes of the verdicts: failures of rows and of the batch, warnings, and faults of the suite itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.rules import Finding
from expectations.settings import AuditSettings, Consequence
from expectations.suites import Verdict
from models.audit import AuditOutcome, BatchFailure, Failure, SuiteResult, Warned
from models.vocabulary import RowKind, Severity

Verdicts = dict[str, tuple[Verdict, ...]]
_ROW_KINDS = {
    "articles": RowKind.ARTICLE,
    "figures": RowKind.FIGURE,
    "numbers": RowKind.NUMBER,
    "series": RowKind.FIGURE,
}
_SHOWN = ("info_code", "start", "end", "text", "sentence")


@dataclass(frozen=True, slots=True)
class Frames:
    """The staged rows that are judged."""

    articles: pl.DataFrame
    figures: pl.DataFrame
    numbers: pl.DataFrame

    def of(self, kind: RowKind) -> pl.DataFrame:
        """Give the frame of a kind of rows."""
        return {RowKind.ARTICLE: self.articles, RowKind.FIGURE: self.figures, RowKind.NUMBER: self.numbers}[kind]


def outcome_of(verdicts: Verdicts, frames: Frames, settings: AuditSettings) -> AuditOutcome:
    """Put together what the rules found, each with what the settings say that it leads to."""
    return AuditOutcome(
        failures=tuple(_failures(verdicts, settings)),
        results=tuple(_results(verdicts)),
        batch_failures=tuple(_batch_failures(verdicts, settings)),
        exceptions=tuple(_exceptions(verdicts)),
        warnings=tuple(_warnings(verdicts, frames, settings)),
    )


def rejected_figures(verdicts: Verdicts, frames: Frames, settings: AuditSettings) -> int:
    """Count the figures that go to quarantine, by themselves or with their article."""
    failures = list(_failures(verdicts, settings))
    rows = [f.row_id for f in failures if f.row_kind is RowKind.FIGURE]
    articles = {f.row_id for f in failures if f.row_kind is RowKind.ARTICLE}
    for kind in (RowKind.FIGURE, RowKind.NUMBER):
        grave = [f.row_id for f in failures if f.row_kind is kind and f.severity is Severity.ARTICLE]
        if grave:
            articles |= set(frames.of(kind).filter(pl.col("row_id").is_in(grave))["article_row_id"])
    if not rows and not articles:
        return 0
    gone = pl.col("row_id").is_in(rows) | pl.col("article_row_id").is_in(sorted(articles))
    return frames.figures.filter(gone).height


def _found(verdicts: Verdicts) -> Iterator[tuple[RowKind | None, Verdict, int, Finding]]:
    for suite, judged in verdicts.items():
        for verdict in judged:
            for row_id, finding in verdict.failed:
                yield _ROW_KINDS.get(suite), verdict, row_id, finding


def _failures(verdicts: Verdicts, settings: AuditSettings) -> Iterator[Failure]:
    for row_kind, verdict, row_id, finding in _found(verdicts):
        rule, consequence = verdict.rule, settings.consequence(verdict.rule.name)
        if row_kind is not None and consequence is not Consequence.WARN:
            yield Failure(
                row_kind, row_id, rule.name, Severity(consequence.value), finding.words, rule.allowed, rule.why
            )


def _batch_failures(verdicts: Verdicts, settings: AuditSettings) -> Iterator[BatchFailure]:
    for row_kind, verdict, _, finding in _found(verdicts):
        rule = verdict.rule
        if row_kind is None and settings.consequence(rule.name) is not Consequence.WARN:
            yield BatchFailure(rule.name, finding.words, rule.allowed, rule.why)


def _warnings(verdicts: Verdicts, frames: Frames, settings: AuditSettings) -> Iterator[Warned]:
    warned = [each for each in _found(verdicts) if settings.consequence(each[1].rule.name) is Consequence.WARN]
    rows = {kind: _rows(frames.of(kind), [each[2] for each in warned if each[0] is kind]) for kind in RowKind}
    for row_kind, verdict, row_id, finding in warned:
        rule = verdict.rule
        told = (rule.name, finding.words, rule.allowed, rule.why)
        if row_kind is None:
            yield Warned(*told)
        else:
            yield Warned(*told, row_kind, row_id, **rows[row_kind][row_id], other_info_code=finding.other)


def _rows(frame: pl.DataFrame, row_ids: list[int]) -> Mapping[int, dict[str, Any]]:
    """Give what a warning shows of each of these rows; of an article its title stands for its text."""
    shown = [name for name in _SHOWN if name in frame.columns and (name != "text" or "start" in frame.columns)]
    found = frame.filter(pl.col("row_id").is_in(row_ids)).select("row_id", *shown)
    return {row.pop("row_id"): row for row in found.to_dicts()}


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
