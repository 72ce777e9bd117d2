"""The staged frames with what the rules need beside each row: the article's characters, local dates, thresholds."""

import polars as pl

from expectations.facts import BatchFacts
from expectations.settings import AuditThresholds

# How much of the text before a figure's sentence may say the unit that its sentence leaves out.
_LEAD = 120
# A label may have its wide characters as plain ones: 粤高速Ａ, 粤高速A.
_WIDE = [chr(code) for code in range(0xFF01, 0xFF5F)]
_PLAIN = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)]
_NEAR_YEARS = 2
_CHINA = "Asia/Shanghai"


def prepared_articles(
    articles: pl.DataFrame,
    figures: pl.DataFrame,
    numbers: pl.DataFrame,
    facts: BatchFacts,
    bodies: pl.DataFrame,
    thresholds: AuditThresholds,
) -> pl.DataFrame:
    """Add the local day of publication, the days that were asked for, the body's hash, who else has it, and counts.

    `figures` counts those of the article, `unsettled` the numbers of its ledger that are unread or malformed.
    `body` is the hash of a body that is long enough to be nobody else's, `told_by` the published article that has
    the same one. The rows stand in the order of their bodies, for the rule that compares them.
    """
    asked = {"since": facts.since, "until": facts.until, "today": facts.today}
    long_enough = pl.col("text").str.len_chars() >= thresholds.same_body_from_characters
    counts = figures.group_by(pl.col("article_row_id").alias("row_id")).agg(pl.len().alias("figures"))
    open_roles = pl.col("role").is_in(["unread", "malformed"]).sum().alias("unsettled")
    unsettled = numbers.group_by(pl.col("article_row_id").alias("row_id")).agg(open_roles)
    published = bodies.group_by("text_sha256").agg(pl.col("info_code").min().alias("told_by"))
    return (
        articles.join(counts, on="row_id", how="left", maintain_order="left")
        .join(unsettled, on="row_id", how="left", maintain_order="left")
        .join(published, on="text_sha256", how="left", maintain_order="left")
        .with_columns(
            published_on(),
            pl.col("figures", "unsettled").fill_null(0),
            pl.when(long_enough).then("text_sha256").alias("body"),
            pl.when(long_enough & (pl.col("told_by") != pl.col("info_code"))).then("told_by").alias("told_by"),
            *(pl.lit(None if day is None else day.isoformat(), pl.String).alias(name) for name, day in asked.items()),
        )
        .sort("body", "row_id", nulls_last=True)
    )


def prepared_figures(figures: pl.DataFrame, articles: pl.DataFrame, thresholds: AuditThresholds) -> pl.DataFrame:
    """Add what the article has at the figure and its sentence, the text before it, and the days as ISO text.

    `written` and `sentence_written` are null where the batch holds no such article; `metric_written` and
    `subject_written` say whether the labels stand in it.
    """
    joined = _with_article(_ordered(figures), articles)
    place, shift = pl.col("sentence_start"), pl.col("sentence_start").clip(0, _LEAD)
    return joined.with_columns(
        _slice("start", pl.col("end") - pl.col("start")).alias("written"),
        _slice("sentence_start", pl.col("sentence").str.len_chars()).alias("sentence_written"),
        pl.col("article_text").str.slice(place - shift, shift).alias("lead"),
        pl.col("period_start", "period_end").dt.strftime("%Y-%m-%d"),
        _stands("metric"),
        _stands("subject"),
        pl.when(_is_far("period_start") | _is_far("period_end")).then("article_text").alias("far_text"),
        pl.lit(thresholds.widest_range).alias("widest_range"),
        pl.lit(thresholds.largest_rate).alias("largest_rate"),
        pl.lit(thresholds.largest_amount).alias("largest_amount"),
        pl.lit(thresholds.furthest_years).alias("furthest_years"),
    )


def prepared_numbers(numbers: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Add what the article has at the number, and where the numbers before it in the same article end."""
    written = _slice("start", pl.col("end") - pl.col("start")).alias("written")
    return _with_article(_ordered(numbers), articles).with_columns(written).drop("article_text")


def published_on() -> pl.Expr:
    """Give the local day of publication as ISO text, from the UTC time in `published`."""
    return pl.col("published").dt.convert_time_zone(_CHINA).dt.strftime("%Y-%m-%d").alias("published_on")


def _ordered(spans: pl.DataFrame) -> pl.DataFrame:
    """Put spans in text order and add where those before each end, as `previous_end`, in the same article."""
    previous = pl.col("end").cum_max().shift(1).over("article_row_id").alias("previous_end")
    return spans.sort("article_row_id", "start", "end").with_columns(previous)


def _with_article(rows: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    own = articles.select(
        pl.col("row_id").alias("article_row_id"),
        pl.col("text").alias("article_text"),
        pl.col("text").str.replace_many(_WIDE, _PLAIN).alias("folded_text"),
        published_on(),
    )
    return rows.join(own, on="article_row_id", how="left", maintain_order="left")


def _slice(start: str, length: pl.Expr) -> pl.Expr:
    return pl.col("article_text").str.slice(pl.col(start).clip(0), length.clip(0))


def _is_far(day: str) -> pl.Expr:
    """Give True where a period lies in another year than its article and the two before and after it."""
    return (pl.col(day).dt.year() - pl.col("published_on").str.slice(0, 4).cast(pl.Int32)).abs() > _NEAR_YEARS


def _stands(label: str) -> pl.Expr:
    words = pl.col(label).str.replace_many(_WIDE, _PLAIN)
    return pl.col("folded_text").str.contains(words, literal=True).alias(f"{label}_written")
