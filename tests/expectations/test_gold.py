"""Gold figures of real articles pass the audit: it must not cry wolf."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from expectations import BatchFacts, audit
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from models.text import sentence_span
from tests.expectations.making import article, day, frame

GOLD = Path(__file__).resolve().parents[3] / "shared" / "figures"
AMOUNTS = ["kind", "value", "low", "high", "bound", "unit", "basis"]
FIELDS = ["start", "end", "text", *AMOUNTS, "metric", "subject", "status"]

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason=f"no gold figures in {GOLD}: the audit is not tried on them")


def gold_articles() -> list[dict[str, Any]]:
    lines = [line for name in ("bulletin", "dev") for line in (GOLD / f"{name}.jsonl").open(encoding="utf-8")]
    return [json.loads(line) for line in lines]


def staged_article(row_id: int, gold: dict[str, Any]) -> dict[str, Any]:
    published = datetime.combine(date.fromisoformat(gold["published"]), time(4), UTC)
    return article(row_id, gold["text"], info_code=gold["id"], published=published)


def staged_figures(row_id: int, gold: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for found in gold["figures"]:
        first, last = sentence_span(gold["text"], found["start"], found["end"])
        period = found["period"] or {}
        rows.append(
            {field: found[field] for field in FIELDS}
            | {"article_row_id": row_id, "sentence": gold["text"][first:last], "sentence_start": first}
            | {f"period_{end}": day(period[end]) if period else None for end in ("start", "end")}
        )
    return rows


def test_at_most_one_gold_figure_in_two_hundred_is_rejected() -> None:
    golds = list(enumerate(gold_articles(), 1))
    rows = [row for row_id, gold in golds for row in staged_figures(row_id, gold)]
    figures = frame([{"row_id": number, **row} for number, row in enumerate(rows)], FIGURE_COLUMNS)
    articles = frame([staged_article(row_id, gold) for row_id, gold in golds], ARTICLE_COLUMNS)
    outcome = audit(articles, figures, frame([], NUMBER_COLUMNS), BatchFacts(len(golds)))
    assert outcome.exceptions == ()
    assert figures.height > 700
    rejected = {(f.row_id, f.expectation, f.observed) for f in outcome.failures}
    assert len({row_id for row_id, _, _ in rejected}) <= figures.height / 200, rejected
