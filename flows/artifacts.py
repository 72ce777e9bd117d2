"""What a run leaves in Prefect: the summary, the tables of its rows, the picture of the last runs, a link."""

from collections.abc import Iterable, Mapping

import polars as pl
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from sqlalchemy import Engine

from flows.chart import runs_picture
from flows.markdown import escaped
from flows.report import report
from flows.summary import Problem, Summary, message, passed_figures, problems
from models.audit import AuditOutcome
from models.run_counts import counts_by_day
from models.staging import StagedBatch
from models.text import sentence_span
from models.vocabulary import Role

_MOST_ROWS = 500
_FIGURE_COLUMNS = ["info_code", "subject", "metric", "text", "value", "low", "high", "unit", "kind", "basis"]
_FIGURE_COLUMNS += ["period_start", "period_end", "status", "sentence"]
_NOT_READ = (Role.UNREAD.value, Role.MALFORMED.value)


def leave_artifacts(engine: Engine, staged: StagedBatch, audit: AuditOutcome, summary: Summary, docs: str) -> None:
    """Leave all that a reader of Prefect's pages sees of a run; `docs` is the address of the data docs."""
    create_markdown_artifact(key="summary", markdown=report(summary, message(summary)), description=_how(summary))
    _leave_tables(staged, audit, summary)
    picture = runs_picture(counts_by_day(engine, summary.source), summary.source)
    # Not an image artifact: Prefect's older pages would print its whole address below the picture.
    words = "figures and quarantined rows by the day of the run"
    create_markdown_artifact(key="runs", markdown=f"![{words}]({picture})", description=words)
    if docs:
        what = "how every expectation went on every batch"
        create_link_artifact(key="data-docs", link=docs, link_text="data docs", description=what)


def _how(summary: Summary) -> str:
    return f"{summary.source}, batch {summary.report.batch_id}"


def _leave_tables(staged: StagedBatch, audit: AuditOutcome, summary: Summary) -> None:
    figures = staged.figures.clear() if summary.is_refused else passed_figures(staged, audit)
    _leave("published", _figure_rows(figures), figures.height, "figures published, or published before")
    rows = (_problem_row(problem) for problem in problems(staged, audit.failures, _MOST_ROWS))
    what = "rows refused with their batch" if summary.is_refused else "rows quarantined"
    _leave("quarantined", rows, len(audit.failures), f"failures of {what}")
    unread = staged.numbers.filter(pl.col("role").is_in(_NOT_READ))
    _leave("unread", _number_rows(unread, staged.articles), unread.height, "numbers that could not be read")


def _leave(key: str, rows: Iterable[Mapping[str, object]], total: int, what: str) -> None:
    shown = [{name: escaped(value) for name, value in row.items()} for row in rows]
    description = f"{total} {what}" + (f", the first {len(shown)} shown" if len(shown) < total else "")
    create_table_artifact(key=key, table=shown, description=description)


def _figure_rows(figures: pl.DataFrame) -> Iterable[Mapping[str, object]]:
    return figures.head(_MOST_ROWS).select(_FIGURE_COLUMNS).iter_rows(named=True)


def _problem_row(problem: Problem) -> Mapping[str, object]:
    return {
        "article": problem.info_code,
        "title": problem.title,
        "text": problem.sentence[problem.start : problem.end],
        "sentence": problem.sentence,
        "expectation": problem.expectation,
        "why": problem.why,
        "observed": problem.observed,
        "allowed": problem.allowed,
    }


def _number_rows(numbers: pl.DataFrame, articles: pl.DataFrame) -> Iterable[Mapping[str, object]]:
    texts = articles.select(article_row_id="row_id", article_text="text")
    for row in numbers.head(_MOST_ROWS).join(texts, on="article_row_id", how="left").iter_rows(named=True):
        yield {
            "article": row["info_code"],
            "text": row["text"],
            "role": row["role"],
            "reason": row["reason"],
            "sentence": _sentence(row["article_text"] or "", row["start"], row["end"]),
        }


def _sentence(text: str, start: int, end: int) -> str:
    first, last = sentence_span(text, start, end) if 0 <= start < end <= len(text) else (0, 0)
    return text[first:last]
