"""How published figures and their series look on a terminal: as many columns as its width has room for.

Chinese characters are two cells wide. What makes a row that row is never left out; the columns that tell least go
first, and `--format csv` has them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import polars as pl
from rich import box
from rich.table import Table

from flows.console import amount_words, cell, period_words, scaled

Row = Mapping[str, Any]

# Shorter than the words of the vocabulary: the column is narrow.
_BASES = {
    "yoy": "yoy",
    "previous_period": "previous",
    "year_start": "year start",
    "previous_close": "close",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what stands in it, and from which width of the terminal on it is shown.

    One with `words` takes what room is left, and runs over several lines where that is too little.
    """

    heading: str
    written: Callable[[Row], str | None]
    from_width: int = 0
    right: bool = False
    words: bool = False


def _day(row: Row) -> str:
    return row["published"].strftime("%Y-%m-%d") if row["published"] else ""


def _amount(row: Row) -> str:
    value, low, high = (None if row[name] is None else Decimal(row[name]) for name in ("value", "low", "high"))
    return amount_words(value, low, high, row["bound"], row["unit"])


def _change(row: Row) -> str:
    """Write what a figure is a change against; a level is no change, and its unit tells a rate from an amount."""
    return "" if row["kind"] == "level" else _BASES.get(row["basis"], "change")


def _status(row: Row) -> str:
    return "" if row["status"] == "actual" else str(row["status"])


def _period(row: Row) -> str:
    return period_words(row["period_start"], row["period_end"])


def _between(row: Row) -> str:
    """Write between what an implied level lies, rounded outward to five digits."""
    low, high = (
        None if row[name] is None else Context(prec=5, rounding=rounding).create_decimal(row[name])
        for name, rounding in (("low", ROUND_FLOOR), ("high", ROUND_CEILING))
    )
    if low is not None and high is not None:
        return f"{scaled(low, row['unit']).removesuffix(' ' + row['unit'])} … {scaled(high, row['unit'])}"
    if low is not None:
        return f"> {scaled(low, row['unit'])}"
    return "" if high is None else f"< {scaled(high, row['unit'])}"


FIGURES = (
    Column("id", lambda row: str(row["id"]), right=True),
    Column("published", _day, from_width=100),
    Column("subject", lambda row: row["subject"], words=True),
    Column("metric", lambda row: row["metric"], words=True),
    Column("amount", _amount, right=True),
    Column("change", _change),
    Column("period", _period),
    Column("status", _status, from_width=90),
    Column("text", lambda row: row["text"], from_width=130, words=True),
    Column("title", lambda row: row["title"], from_width=170, words=True),
)

SERIES = (
    Column("entity", lambda row: row["entity_name"], words=True),
    Column("metric", lambda row: row["metric_name"], words=True),
    Column("period", _period),
    Column("change", _change),
    Column("amount", _amount, right=True),
    Column("status", _status, from_width=90),
    Column("articles", lambda row: f"{row['articles']:,}", right=True),
    Column("agree", lambda row: "yes" if row["agree"] else "NO"),
    Column("published", _day, from_width=110),
    Column("figure", lambda row: str(row["figure_id"]), from_width=120, right=True),
    Column("one name", lambda row: "yes" if row["same_words"] else "no", from_width=140),
)

IMPLIED = (
    Column("entity", lambda row: row["entity_name"], words=True),
    Column("metric", lambda row: row["metric_name"], words=True),
    Column("period", _period),
    Column("between", _between, right=True),
    Column("change", lambda row: _BASES.get(row["basis"])),
    Column("of", lambda row: period_words(row["later_start"], row["later_end"]), from_width=95),
    Column("status", _status, from_width=100),
    Column("published", _day, from_width=120),
    Column("figures", lambda row: f"{row['level_id']}, {row['change_id']}", from_width=130),
)


def rows_table(rows: pl.DataFrame, columns: Sequence[Column], width: int) -> Table:
    """Give the table of rows for a terminal of a width, with the columns of `FIGURES`, `SERIES` or `IMPLIED`.

    A column that is empty in all rows is left out, but for those that have no `from_width`.
    """
    cells = [[cell(column.written(row)) for column in columns] for row in rows.iter_rows(named=True)]
    shown = [
        place
        for place, column in enumerate(columns)
        if width >= column.from_width and (not column.from_width or any(row[place] for row in cells))
    ]
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place in shown:
        column = columns[place]
        table.add_column(
            column.heading, justify="right" if column.right else "left", overflow="fold", no_wrap=not column.words
        )
    for row in cells:
        table.add_row(*(row[place] for place in shown))
    return table
