"""Staged frames from sentences in which [[…]] marks the figures."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS, Schema
from models.types import plain_decimal

PUBLISHED = datetime(2022, 4, 18, 15, 9, 20, tzinfo=UTC)
_MARK = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Staged:
    """The three frames of a batch."""

    articles: pl.DataFrame
    figures: pl.DataFrame
    numbers: pl.DataFrame


def frame(rows: Iterable[Mapping[str, Any]], schema: Schema) -> pl.DataFrame:
    """Give a frame of declared columns; what a row leaves out is null."""
    return pl.DataFrame([dict.fromkeys(schema) | dict(row) for row in rows], schema=dict(schema))


def plain_frame(rows: Iterable[Mapping[str, Any]], schema: Schema) -> pl.DataFrame:
    """Give a frame of rows that are made as for the database: decimals become text, and lists JSON."""
    return frame([{name: _cell(row.get(name)) for name in schema} for row in rows], schema)


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def append_rows(rows: list[dict[str, Any]], found: Iterable[dict[str, Any]], keys: Mapping[str, Any]) -> None:
    """Add the rows of one article, each with the keys of the article and a `row_id` of its own."""
    rows.extend({**row, **keys, "row_id": number} for number, row in enumerate(found, len(rows) + 1))


def as_prepared(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Give rows as a rule gets them, each with a `row_id`: a column of nothing is one of words, or of truths."""
    found = pl.DataFrame([dict(row) for row in rows], infer_schema_length=None).with_row_index("row_id")
    truths = {"metric_written": pl.Boolean, "subject_written": pl.Boolean}
    empty = found.select(pl.col(pl.Null)).columns
    return found.with_columns(pl.col(name).cast(truths.get(name, pl.String)) for name in empty)


def article(row_id: int, text: str, **other: Any) -> dict[str, Any]:
    """Give a good staged article."""
    return {
        "row_id": row_id,
        "info_code": f"20220418{row_id:010d}",
        "text": text,
        "title": "一季度数据",
        "shape": "flash",
        "published": PUBLISHED,
        "published_from": "front_matter",
        "mentions": "[]",
    } | other


def figure(**cells: Any) -> dict[str, Any]:
    """Give the cells of a figure: an exact actual level unless said otherwise."""
    return {"kind": "level", "bound": "exact", "status": "actual", "value": None} | cells


def staged(*marked: tuple[str, list[dict[str, Any]]]) -> Staged:
    """Give a batch of one-sentence articles; the cells of each figure belong to the marks in their order."""
    articles, figures, numbers = [], [], []
    for row_id, (sentence, cells) in enumerate(marked, 1):
        text = _MARK.sub(r"\1", sentence)
        articles.append(article(row_id, text))
        matches = list(_MARK.finditer(sentence))
        assert len(matches) == len(cells), f"{len(cells)} figures for {sentence}"
        for place, (match, own) in enumerate(zip(matches, cells, strict=True)):
            start = match.start() - 4 * place
            spot = {
                "row_id": len(figures) + 1,
                "article_row_id": row_id,
                "start": start,
                "end": start + len(match[1]),
                "text": match[1],
            }
            figures.append(spot | {"sentence": text, "sentence_start": 0} | own)
            numbers.append(spot | {"role": "figure"})
    return Staged(frame(articles, ARTICLE_COLUMNS), frame(figures, FIGURE_COLUMNS), frame(numbers, NUMBER_COLUMNS))


def day(text: str) -> date:
    """Give the day of an ISO text."""
    return date.fromisoformat(text)
