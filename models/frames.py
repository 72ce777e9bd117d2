"""The columns of the staged rows as they are read back: what the auditors see, declared once.

`row_id` is stable within its table while the rows are staged; a `Failure` points at it. Amounts (`value`,
`low`, `high`) are decimal text in plain notation ("65558000000", "-0.05"), to be read with `Decimal`.
`published` is an aware UTC time; the local date of an article is `published` in Asia/Shanghai. The JSON
columns hold JSON text: `return_links`, `faults` and `rules` a list of strings, `mentions` a list of objects
with the fields of `models.values.Mention`.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

Schema = Mapping[str, pl.DataType]

_UTC = pl.Datetime("us", "UTC")

ARTICLE_COLUMNS: Schema = MappingProxyType(
    {
        "row_id": pl.Int64(),
        "batch_id": pl.Int64(),
        "info_code": pl.String(),
        "revision": pl.Int64(),
        "source": pl.String(),
        "location": pl.String(),
        "raw_sha256": pl.String(),
        "shape": pl.String(),
        "title": pl.String(),
        "text": pl.String(),
        "text_sha256": pl.String(),
        "digest": pl.String(),
        "medium": pl.String(),
        "published": _UTC,
        "published_written": pl.String(),
        "published_from": pl.String(),
        "category": pl.String(),
        "tags": pl.String(),
        "link": pl.String(),
        "return_links": pl.String(),
        "mentions": pl.String(),
        "faults": pl.String(),
        "engine_version": pl.String(),
    }
)

# The keys that a staged figure or number shares: `article_row_id` is the `row_id` of its staged article.
_ROW_KEYS: dict[str, pl.DataType] = {
    "row_id": pl.Int64(),
    "batch_id": pl.Int64(),
    "article_row_id": pl.Int64(),
    "info_code": pl.String(),
    "revision": pl.Int64(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "text": pl.String(),
}

FIGURE_COLUMNS: Schema = MappingProxyType(
    _ROW_KEYS
    | {
        "kind": pl.String(),
        "value": pl.String(),
        "low": pl.String(),
        "high": pl.String(),
        "bound": pl.String(),
        "unit": pl.String(),
        "basis": pl.String(),
        "metric": pl.String(),
        "subject": pl.String(),
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "status": pl.String(),
        "metric_id": pl.String(),
        "entity_id": pl.String(),
        "sentence": pl.String(),
        "sentence_start": pl.Int64(),
        "rules": pl.String(),
        "engine_version": pl.String(),
    }
)

NUMBER_COLUMNS: Schema = MappingProxyType(
    _ROW_KEYS | {"role": pl.String(), "reason": pl.String(), "engine_version": pl.String()}
)
