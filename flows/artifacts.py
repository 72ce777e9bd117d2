"""The tables that a run leaves in Prefect: what it published and what it quarantined."""

import re
from collections.abc import Iterable, Mapping

import polars as pl
from prefect.artifacts import create_table_artifact

from flows.summary import Problem, Summary, passed_figures, problems
from models.audit import AuditOutcome
from models.staging import StagedBatch

# Prefect shows cells as markdown: these would become emphasis, links, code or the end of the cell …
_ANYWHERE = re.compile(r"([\\`*\[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
# … and these, at its beginning, a list, a heading or a quotation.
_AT_FIRST = re.compile(r"^(?:[-+#=]|\d+[.)](?=\s|$))")
_MOST_ROWS = 500


def escaped(words: object) -> str:
    """Give a cell that shows `words` as they are; None is empty, and line feeds become spaces.

    >>> escaped("-5%|<b>")
    '\\\\-5%\\\\|&lt;b&gt;'
    """
    if words is None:
        return ""
    flat = re.sub(r"\s+", " ", str(words)).strip()
    inert = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AT_FIRST.sub(_after_backslash, _ANYWHERE.sub(r"\\\1", inert))


def _after_backslash(found: re.Match[str]) -> str:
    mark = found.group()
    return mark[:-1] + "\\" + mark[-1]


def leave_tables(staged: StagedBatch, audit: AuditOutcome, summary: Summary) -> None:
    """Leave two tables: the figures that are published now, and the rows that failed and why."""
    figures = staged.figures.clear() if summary.is_refused else passed_figures(staged, audit)
    _leave("published", _figure_rows(figures), figures.height, "figures published, or published before")
    rows = (_problem_row(problem) for problem in problems(staged, audit.failures, _MOST_ROWS))
    what = "rows refused with their batch" if summary.is_refused else "rows quarantined"
    _leave("quarantined", rows, len(audit.failures), f"failures of {what}")


def _leave(key: str, rows: Iterable[Mapping[str, object]], total: int, what: str) -> None:
    shown = [{name: escaped(value) for name, value in row.items()} for row in rows]
    description = f"{total} {what}" + (f", the first {len(shown)} shown" if len(shown) < total else "")
    create_table_artifact(key=key, table=shown, description=description)


def _figure_rows(figures: pl.DataFrame) -> Iterable[Mapping[str, object]]:
    columns = ["info_code", "subject", "metric", "kind", "value", "low", "high", "unit", "basis"]
    columns += ["period_start", "period_end", "status", "text", "sentence"]
    return figures.head(_MOST_ROWS).select(columns).iter_rows(named=True)


def _problem_row(problem: Problem) -> Mapping[str, object]:
    return {
        "article": problem.info_code,
        "title": problem.title,
        "text": problem.sentence[problem.start : problem.end],
        "sentence": problem.sentence,
        "expectation": problem.expectation,
        "why": problem.why,
    }
