"""Decisions of the review as test cases: the files of `tongbi quarantine export-golden` against engine and suites."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine

import expectations
from expectations import BatchFacts
from models.audit import AuditOutcome
from models.settling import as_json, says_the_same
from models.staging import StagedBatch
from models.values import Article, Mention
from models.vocabulary import RowKind, Severity
from tasks.reading import read_figures
from tests.models.making import an_article, stage

FOLDER = Path(__file__).parent / "golden" / "decisions"
Case = dict[str, Any]


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """Give the cases of all files of a folder."""
    paths = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def judge(engine: Engine, cases: Sequence[Case]) -> list[str]:
    """Read and audit the articles of the cases, and say which decisions no longer hold."""
    articles = {article.info_code: article for article in map(article_of, cases)}
    staged = stage(engine, [(article, read_figures(article)) for article in articles.values()])
    outcome = expectations.audit(staged.articles, staged.figures, staged.numbers, BatchFacts(len(articles)))
    assert not outcome.exceptions
    faults = (fault_of(case, staged, outcome, cases) for case in cases)
    return [fault for fault in faults if fault]


def article_of(case: Case) -> Article:
    """Give the article of a case as a reader of documents would."""
    told = case["article"]
    published = told["published"] and datetime.fromisoformat(told["published"])
    mentions = tuple(Mention(**mention) for mention in told["mentions"])
    given = {name: told[name] for name in ("shape", "title", "published_from")}
    code, faults = told["info_code"], tuple(told["faults"])
    return an_article(told["text"], code, published=published, mentions=mentions, faults=faults, **given)


def fault_of(case: Case, staged: StagedBatch, outcome: AuditOutcome, cases: Sequence[Case]) -> str | None:
    """Say what contradicts the decision, None where it holds."""
    name = f"{case['article']['info_code']} {case['kind']} {case['row'].get('text') or ''}: {case['verdict']}"
    kind, code = RowKind(case["kind"]), case["article"]["info_code"]
    if kind is RowKind.ARTICLE:
        failed = article_failures(staged, outcome, code)
        if case["verdict"] == "rejected":
            return None if failed else f"{name}, but it passes"
        known = {each["expectation"] for each in cases if each["article"]["info_code"] == code}
        return f"{name}, but it fails {failed - known}" if failed - known else None
    rows = same_rows(case, kind, staged)
    if case["verdict"] == "released":
        return None if rows else f"{name}, but it is not read as it was"
    condemned = {failure.row_id for failure in outcome.failures if failure.row_kind is kind}
    is_out = bool(article_failures(staged, outcome, code)) or rows <= condemned
    return None if is_out else f"{name}, but it would be published"


def same_rows(case: Case, kind: RowKind, staged: StagedBatch) -> set[int]:
    """Give the staged rows that say what the row of the case says, where it says it."""
    frame = staged.figures if kind is RowKind.FIGURE else staged.numbers
    rows = frame.filter(pl.col("info_code") == case["article"]["info_code"]).iter_rows(named=True)
    return {row["row_id"] for row in rows if says_the_same(kind, as_json(row), case["row"])}


def article_failures(staged: StagedBatch, outcome: AuditOutcome, info_code: str) -> set[str]:
    """Give the expectations that condemn an article."""
    row_id = staged.articles.filter(pl.col("info_code") == info_code)["row_id"][0]
    return {
        failure.expectation
        for failure in outcome.failures
        if failure.row_kind is RowKind.ARTICLE and failure.row_id == row_id and failure.severity is Severity.ARTICLE
    }
