"""The staged frames with what the rules need beside each row: the article's characters, local dates."""

import polars as pl

# How much of the text before a figure's sentence may say the unit that its sentence leaves out.
_LEAD = 120
_CHINA = "Asia/Shanghai"


def prepared_articles(articles: pl.DataFrame) -> pl.DataFrame:
    """Add `published_on`, the local day of publication as ISO text."""
    return articles.with_columns(_published_on())


def prepared_figures(figures: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Add what the article has at the figure and its sentence, the text before it, and the days as ISO text.

    `written` and `sentence_written` are null where the batch holds no such article.
    """
    joined = _with_article(_ordered(figures), articles)
    place, shift = pl.col("sentence_start"), pl.col("sentence_start").clip(0, _LEAD)
    return joined.with_columns(
        _slice("start", pl.col("end") - pl.col("start")).alias("written"),
        _slice("sentence_start", pl.col("sentence").str.len_chars()).alias("sentence_written"),
        pl.col("article_text").str.slice(place - shift, shift).alias("lead"),
        pl.col("period_start", "period_end").dt.strftime("%Y-%m-%d"),
    ).drop("article_text")


def prepared_numbers(numbers: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Add what the article has at the number, and where the numbers before it in the same article end."""
    written = _slice("start", pl.col("end") - pl.col("start")).alias("written")
    return _with_article(_ordered(numbers), articles).with_columns(written).drop("article_text")


def _ordered(spans: pl.DataFrame) -> pl.DataFrame:
    """Put spans in text order and add where those before each end, as `previous_end`, in the same article."""
    previous = pl.col("end").cum_max().shift(1).over("article_row_id").alias("previous_end")
    return spans.sort("article_row_id", "start", "end").with_columns(previous)


def _with_article(rows: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    own = articles.select(
        pl.col("row_id").alias("article_row_id"), pl.col("text").alias("article_text"), _published_on()
    )
    return rows.join(own, on="article_row_id", how="left", maintain_order="left")


def _slice(start: str, length: pl.Expr) -> pl.Expr:
    return pl.col("article_text").str.slice(pl.col(start).clip(0), length.clip(0))


def _published_on() -> pl.Expr:
    return pl.col("published").dt.convert_time_zone(_CHINA).dt.strftime("%Y-%m-%d").alias("published_on")
