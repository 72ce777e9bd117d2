"""The gold figures of real articles, as staged rows."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from models.text import sentence_span
from tests.expectations.making import article, day

GOLD = Path(__file__).resolve().parents[3] / "shared" / "figures"
_AMOUNTS = ["kind", "value", "low", "high", "bound", "unit", "basis"]
_FIELDS = ["start", "end", "text", *_AMOUNTS, "metric", "subject", "status"]


def gold_articles() -> list[dict[str, Any]]:
    lines = [line for name in ("bulletin", "dev") for line in (GOLD / f"{name}.jsonl").open(encoding="utf-8")]
    return [json.loads(line) for line in lines]


def gold_pair(row_id: int, gold: dict[str, Any]) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """Give a gold article and its figures as staged rows; a figure has no `row_id` yet."""
    published = datetime.combine(date.fromisoformat(gold["published"]), time(4), UTC)
    head = article(row_id, gold["text"], info_code=gold["id"], published=published)
    return head, tuple(_figure(row_id, gold["text"], found) for found in gold["figures"])


def _figure(row_id: int, text: str, found: dict[str, Any]) -> dict[str, Any]:
    first, last = sentence_span(text, found["start"], found["end"])
    period = found["period"] or {}
    return (
        {field: found[field] for field in _FIELDS}
        | {"article_row_id": row_id, "sentence": text[first:last], "sentence_start": first}
        | {f"period_{end}": day(period[end]) if period else None for end in ("start", "end")}
        | {"metric_id": None, "entity_id": None}
    )
