"""The rows that are compared with what was published before: figures of one thing, and the days of a source."""

from collections.abc import Collection
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl

from expectations.facts import BatchFacts
from expectations.prepared import published_on
from expectations.settings import AuditThresholds
from models.catalogue import find_metric, metric_names
from models.precedents import PRECEDENT_COLUMNS, History

# What changes within a day: two articles of one day may both be right.
_MOVING = ("price", "index", "exchange_rate", "interest")
_MOST_DAYS = 366


def prepared_series(
    figures: pl.DataFrame, articles: pl.DataFrame, history: History, thresholds: AuditThresholds
) -> pl.DataFrame:
    """Give the exact facts of the batch with those published before of the same subject and metric.

    `series` names the subject and the metric; those that only one article tells of are left out. A published
    row has a `row_id` below zero. `span` is the length of the period, `is_momentary` what moves within a day.
    """
    own = _with_day(figures, articles).select("row_id", *PRECEDENT_COLUMNS, pl.lit(False).alias("is_published"))
    before = history.figures.select(
        (-1 - pl.int_range(pl.len(), dtype=pl.Int64)).alias("row_id"),
        *PRECEDENT_COLUMNS,
        pl.lit(True).alias("is_published"),
    )
    both = pl.concat([before, own]).filter(*_comparable(metric_names()))
    measure = pl.col("metric").replace_strict(_measures(both["metric"]), return_dtype=pl.String)
    who = pl.coalesce("entity_id", "subject")
    named = both.with_columns(pl.concat_str(who, pl.lit(" "), measure).alias("series"))
    told = named.filter(pl.col("info_code").n_unique().over("series") > 1)
    return told.sort("series", maintain_order=True).with_columns(
        ((pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1).alias("span"),
        pl.col("metric").replace_strict(_moving(told["metric"]), return_dtype=pl.Boolean).alias("is_moving"),
        pl.col("period_start", "period_end").dt.strftime("%Y-%m-%d"),
        pl.lit(thresholds.jump_factor).alias("jump_factor"),
        pl.lit(thresholds.jump_counts_from_levels).alias("jump_counts_from"),
    )


def _comparable(names: Collection[str]) -> list[pl.Expr]:
    """Give what a figure must be for another to contradict it: an exact fact of a named subject and a known metric,
    of a period that was over when it was told, so that nothing is added to it later.
    """
    is_level = (pl.col("kind") == "level") & (pl.col("unit") == "%")
    return [
        pl.col("bound") == "exact",
        pl.col("status") == "actual",
        pl.col("value").is_not_null(),
        pl.col("subject").str.len_chars() > 1,
        pl.col("metric").is_in(list(names)),
        pl.col("period_end") < pl.col("published_on"),
        ~is_level,
    ]


def _with_day(figures: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    days = articles.select(pl.col("row_id").alias("article_row_id"), published_on().str.to_date())
    return figures.join(days, on="article_row_id", how="left", maintain_order="left")


def _measures(metrics: pl.Series) -> dict[str, str]:
    """Give each metric one name for all that it has: 营收 is 营业收入."""
    found = {words: find_metric(words) for words in metrics.unique()}
    return {words: metric.id if metric else words for words, metric in found.items()}


def _moving(metrics: pl.Series) -> dict[str, bool]:
    found = {words: find_metric(words) for words in metrics.unique()}
    return {words: metric is not None and metric.dimension in _MOVING for words, metric in found.items()}


def prepared_days(
    articles: pl.DataFrame, figures: pl.DataFrame, facts: BatchFacts, history: History, thresholds: AuditThresholds
) -> pl.DataFrame:
    """Give one row for each whole day that was asked for: what the source has of it, and what is usual.

    What is usual is the middle of the days before it, those without an article counted as such.
    """
    days = _days_asked_for(facts)
    if not days:
        return pl.DataFrame()
    own = _own_days(articles, figures)
    before = {row["day"]: row for row in history.days.iter_rows(named=True)}
    return pl.DataFrame(
        [_day_row(number, day, facts, own, before, thresholds) for number, day in enumerate(days)],
        infer_schema_length=None,
    )


def days_compared(facts: BatchFacts, thresholds: AuditThresholds) -> tuple[date, date]:
    """Give the first and the last day of which `prepared_days` has to know the articles; two days of old for none."""
    days = _days_asked_for(facts)
    if not days:
        return date.min, date.min
    return days[0] - timedelta(days=thresholds.usual_days), days[-1]


def _days_asked_for(facts: BatchFacts) -> list[date]:
    if facts.today is None or facts.source is None:
        return []
    yesterday = facts.today - timedelta(days=1)
    last = min(facts.until or yesterday, yesterday)
    first = facts.since or last
    return [first + timedelta(days=n) for n in range((last - first).days + 1)][-_MOST_DAYS:]


def _own_days(articles: pl.DataFrame, figures: pl.DataFrame) -> dict[date, dict[str, int]]:
    counts = figures.group_by(pl.col("article_row_id").alias("row_id")).agg(pl.len().alias("figures"))
    joined = articles.join(counts, on="row_id", how="left").with_columns(published_on().str.to_date())
    by_day = joined.group_by("published_on").agg(pl.len().alias("articles"), pl.col("figures").sum())
    return {row["published_on"]: row for row in by_day.iter_rows(named=True)}


def _day_row(
    number: int,
    day: date,
    facts: BatchFacts,
    own: dict[date, dict[str, int]],
    before: dict[date, dict[str, int]],
    thresholds: AuditThresholds,
) -> dict[str, Any]:
    window = [before.get(day - timedelta(days=n), {}) for n in range(1, thresholds.usual_days + 1)]
    here = {what: own.get(day, {}).get(what, 0) + before.get(day, {}).get(what, 0) for what in ("articles", "figures")}
    usual = {f"usual_{what}": float(median(each.get(what, 0) for each in window)) for what in here}
    return {
        "row_id": number,
        "source": facts.source,
        "day": day.isoformat(),
        "days_before": sum(bool(each) for each in window),
        "usual_counts_from": thresholds.usual_counts_from_days,
        "least_of_usual": float(thresholds.least_of_usual),
        "silent_from": float(thresholds.silent_from_articles),
        **here,
        **usual,
    }
