"""Which rows are worth a question: polars expressions that see from afar that a row holds to a rule.

An expression is true for every row that its rule may reject, and for others too where it cannot tell. Where it is
empty, as it is for an empty cell, the rule is asked as well. So a wide expression costs time and a narrow one a
fault: a test asks the rules of all rows and of the suspects alone.
"""

from collections.abc import Iterable

import polars as pl

# White space as Python has it.
_SPACE = r"\s\x1c-\x1f"
GAP = rf"[{_SPACE}]*"
# Rust's digits would be those of all scripts; only plain ones are beyond suspicion.
_PLAIN_DECIMAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
_AMOUNTS = ("value", "low", "high")

MISPLACED = ~((pl.col("start") >= 0) & (pl.col("start") < pl.col("end")) & (pl.col("written") == pl.col("text")))
OVERLAPPING = (pl.col("start") < pl.col("previous_end")).fill_null(value=False)
IS_RANGE = pl.col("low").is_not_null() | pl.col("high").is_not_null()
IS_LEVEL = pl.col("kind") == "level"
BELOW_ZERO = pl.any_horizontal(pl.col(*_AMOUNTS).str.starts_with("-").fill_null(value=False))


def unknown(column: str, words: Iterable[str], *, nullable: bool = False) -> pl.Expr:
    """Give true for a word of no closed vocabulary."""
    is_unknown = ~pl.col(column).is_in([str(word) for word in words])
    return is_unknown.fill_null(value=False) if nullable else is_unknown


def blank(column: str) -> pl.Expr:
    """Give true for a text of nothing but white space, empty for none at all."""
    return ~pl.col(column).str.contains(rf"[^{_SPACE}]")


def is_decimal(column: str) -> pl.Expr:
    """Give true for a plain decimal: -76.43, not 1E+9 or 00.5."""
    return pl.col(column).str.contains(_PLAIN_DECIMAL)


def beyond(low: pl.Expr | float, high: pl.Expr | float) -> pl.Expr:
    """Give true where some amount is not between the two by far, as near as a float can tell."""
    amounts = [pl.col(name).cast(pl.Float64, strict=False) for name in _AMOUNTS]
    return pl.any_horizontal(
        pl.col(name).is_not_null() & ~amount.is_between(low, high, closed="none").fill_null(value=False)
        for name, amount in zip(_AMOUNTS, amounts, strict=True)
    )


def near(before: int, after: int = 0) -> pl.Expr:
    """Give the figure with so many characters of its sentence before it and after it."""
    shift = pl.col("sentence_start").fill_null(0)
    first = (pl.col("start") - shift - before).clip(0)
    last = (pl.max_horizontal("start", "end") - shift).clip(0) + after
    return pl.col("sentence").fill_null("").str.slice(first, last - first)


def _year(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 4).cast(pl.Int32, strict=False)


# How many years a period lies from the publication, at most.
YEARS_OFF = pl.max_horizontal((_year(day) - _year("published_on")).abs() for day in ("period_start", "period_end"))
