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
from flows.markdown import cell
from flows.report import report
from flows.summary import Problem, Summary, message, passed_figures, problems
from models.audit import AuditOutcome
from models.run_counts import counts_by_day
from models.staging import StagedBatch
from models.text import sentence_span
from models.vocabulary import Role

_MOST_ROWS = 500
# What is looked for first stands first: a page shows some five columns, and the rest beside them.
_FIGURE_COLUMNS = ["subject", "metric", "text", "value", "unit", "low", "high", "kind", "basis"]
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
    what = "failures, and the batch is refused" if summary.is_refused else "failures, whose rows are quarantined"
    _leave("quarantined", rows, len(audit.failures), what)
    unread = staged.numbers.filter(pl.col("role").is_in(_NOT_READ))
    _leave("unread", _number_rows(unread, staged.articles), unread.height, "numbers that could not be read")


def _leave(key: str, rows: Iterable[Mapping[str, object]], total: int, what: str) -> None:
    shown = list(rows)
    leave_table(key, shown, f"{total:,} {what}" + (f"; the first {len(shown)} of them" if len(shown) < total else ""))


def leave_table(key: str, rows: Iterable[Mapping[str, object]], description: str) -> None:
    """Leave rows as a table whose cells show what they hold."""
    shown = [{name: cell(value) for name, value in row.items()} for row in rows]
    create_table_artifact(key=key, table=shown, description=description)


def _figure_rows(figures: pl.DataFrame) -> Iterable[Mapping[str, object]]:
    return figures.head(_MOST_ROWS).select(*_FIGURE_COLUMNS, article="info_code").iter_rows(named=True)


def _problem_row(problem: Problem) -> Mapping[str, object]:
    return {
        "text": problem.sentence[problem.start : problem.end],
        "expectation": problem.expectation,
        "observed": problem.observed,
        "sentence": problem.sentence,
        "article": problem.info_code,
        "title": problem.title,
        "why": problem.why,
        "allowed": problem.allowed,
    }


def _number_rows(numbers: pl.DataFrame, articles: pl.DataFrame) -> Iterable[Mapping[str, object]]:
    texts = articles.select(article_row_id="row_id", article_text="text")
    for row in numbers.head(_MOST_ROWS).join(texts, on="article_row_id", how="left").iter_rows(named=True):
        yield {
            "text": row["text"],
            "role": row["role"],
            "reason": row["reason"],
            "sentence": _sentence(row["article_text"] or "", row["start"], row["end"]),
            "article": row["info_code"],
        }


def _sentence(text: str, start: int, end: int) -> str:
    first, last = sentence_span(text, start, end) if 0 <= start < end <= len(text) else (0, 0)
    return text[first:last]
