"""Figures that a correction of the source has set: known as such, and only while the correction is in force."""

import json

import polars as pl

from expectations.rules import Row, Rule
from models.correcting import in_force
from models.corrections import Corrections

_CLAIM = "corrected by "
_MARK = "corrected by 李明 on 2022-04-20: the report has 655.581亿元"


def with_corrections(figures: pl.DataFrame, corrections: Corrections) -> pl.DataFrame:
    """Add `correction`: the mark of the override under which a figure stands, null for all others.

    The rules that read a figure's text again know by it that the text is what was wrong.
    """
    if not corrections or figures.is_empty() or "info_code" not in figures.columns:
        return figures.with_columns(pl.lit(None, pl.String).alias("correction"))
    touched = figures["info_code"].is_in(list(corrections)).to_list()
    rows = figures.iter_rows(named=True)
    marks = [in_force(row, corrections) if is_touched else None for row, is_touched in zip(rows, touched, strict=True)]
    return figures.with_columns(pl.Series("correction", marks, pl.String))


def _unfounded(row: Row) -> str | None:
    claims = [rule for rule in json.loads(row["rules"] or "[]") if rule.startswith(_CLAIM)]
    return next((claim for claim in claims if claim != row["correction"]), None)


RULES = (
    Rule(
        "correction_is_in_force",
        _unfounded,
        suspect=pl.col("rules").str.contains(_CLAIM, literal=True).fill_null(value=False),
        allowed="a correction of corrections.toml that says just this",
        why="A value that is not the text's own may stand only where somebody has signed for it.",
        accepts={"rules": f'["{_MARK}"]', "correction": _MARK},
        rejects={"correction": None},
    ),
)
