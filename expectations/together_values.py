"""Figures of one article, told together: one thing has one value, in the headline too, and a range is narrow."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from expectations.examples import example
from expectations.figure_form import amounts
from expectations.intervals import Interval, stated
from expectations.rules import GroupRule, Row, Rule
from expectations.suspects import GAP, IS_LEVEL, IS_RANGE
from models.vocabulary import Kind

_SAME = ("kind", "unit", "basis", "subject", "metric", "period_start", "period_end", "status")
_HEADLINE = re.compile(r"\s*【[^】]*】")
_COPULA = re.compile("(?:为|是|达到?|约|共|合计|[:：])?")
# Another time, another estimate or another part than the plain one.
_OTHERWISE = re.compile("其中|预|前值|初值|终值|此前|原|上年|去年|同期|累计|分别|至|到|从|由|目标|计划|拟|最|单|日")
_ALIKE = pl.struct("article_row_id", "bound", *_SAME).hash()
_IS_EXACT = pl.all_horizontal(pl.col("subject", "metric", "period_start").is_not_null()) & (pl.col("bound") == "exact")
_HAS_OTHER_VALUE = (
    _IS_EXACT
    & IS_LEVEL
    & (pl.col("value") != pl.col("value").first().over(_ALIKE))
    & (pl.col("sentence_start").min().over(_ALIKE) != pl.col("sentence_start").max().over(_ALIKE))
)
_DIGITS = pl.col("value").str.replace_all("[-.]", "").str.strip_chars("0")
_HAS_OTHER_SCALE = _IS_EXACT & (pl.col("value") != pl.col("value").first().over(_ALIKE, _DIGITS))
_HEADLINE_END = pl.col("sentence").str.extract(rf"^({GAP}【[^】]*】)").str.len_chars().fill_null(0)
_IS_OF_HEADLINE = (
    pl.all_horizontal(pl.col("subject", "metric").is_not_null())
    & (pl.col("sentence_start").first().over("article_row_id") == 0)
    & (pl.col("end") <= _HEADLINE_END.first().over("article_row_id"))
    & (pl.col("value").n_unique().over(_ALIKE) > 1)
)


def _two_values(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Tell only of levels that stand right behind their metric, each in a sentence of its own: 营业收入为5.3亿元。

    Within a sentence, in lists and behind 其中 the words leave open whether two figures are of one thing.
    """
    for place, words, row, first in _apart(rows):
        if row["sentence_start"] != first["sentence_start"] and _is_plain(row) and _is_plain(first):
            yield place, words


def _is_plain(row: Row) -> bool:
    sentence, shift = row["sentence"] or "", row["sentence_start"] or 0
    before = sentence[: max(row["start"] - shift, 0)]
    name = before.rfind(row["metric"])
    if row["kind"] != Kind.LEVEL or name < 0 or _OTHERWISE.search(before):
        return False
    return (row["subject"] in before[:name]) and _COPULA.fullmatch(before[name + len(row["metric"]) :]) is not None


def _apart(rows: Sequence[Row]) -> Iterator[tuple[int, str, Row, Row]]:
    """Compare each figure with the first of the same name, period and basis."""
    firsts: dict[tuple[Any, ...], tuple[Row, Interval]] = {}
    for place, row in enumerate(rows):
        if row["subject"] is None or row["metric"] is None or row["period_start"] is None:
            continue
        said = stated(row)
        if said is None:
            continue
        first, before = firsts.setdefault(tuple(row[name] for name in _SAME), (row, said))
        if not said.meets(before):
            yield place, f"{row['text']} and {first['text']} for {row['subject']} {row['metric']}", row, first


def _two_scales(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Find 532亿元 beside 5.32亿元 for one thing: the same digits with another scale."""
    for place, words, row, first in _apart(rows):
        digits, others = (Decimal(one["value"]).normalize().as_tuple().digits for one in (row, first))
        if digits == others and len(digits) > 2:
            yield place, words


def _headline_apart(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Compare each figure of the headline with those of the body: one that bears its names, or one that agrees."""
    headline = _HEADLINE.match(rows[0]["sentence"] or "") if rows[0]["sentence_start"] == 0 else None
    if headline is None:
        return
    body = [(row, stated(row)) for row in rows if row["start"] >= headline.end()]
    for place, row in enumerate(rows):
        said = stated(row)
        if said is None or row["end"] > headline.end() or row["subject"] is None or row["metric"] is None:
            continue
        alike = [
            (other, found) for other, found in body if (other["kind"], other["unit"]) == (row["kind"], row["unit"])
        ]
        named = [other for other, _ in alike if all(other[name] == row[name] for name in _SAME)]
        if named and not any(found is None or said.meets(found) for _, found in alike):
            yield place, f"{row['text']} in the headline, {named[0]['text']} in the body"


def _too_wide(row: Row) -> str | None:
    ends = amounts({"value": None, "low": row["low"], "high": row["high"]}) if row["low"] is not None else None
    if ends is None or min(ends) * max(ends) <= 0:
        return None
    sizes = sorted(abs(end) for end in ends)
    limit = Decimal(str(row["widest_range"]))
    return f"{row['low']} … {row['high']}, {sizes[1] / sizes[0]:.0f} times" if sizes[1] > limit * sizes[0] else None


_SALES = {"metric": "营业收入", "subject": "青禾物流"}
_ROUNDED = {"text": "5.3亿元", "value": "530000000", **_SALES}
_FULL = {"text": "5.32亿元", "value": "532000000", **_SALES}

RULES: tuple[Rule | GroupRule, ...] = (
    Rule(
        "range_is_narrow",
        _too_wide,
        suspect=IS_RANGE,
        allowed="two ends that are no more times apart than widest_range",
        why="A range from 5元 to 6亿元 has lost the scale of its first end.",
        accepts={"low": "500000000", "high": "600000000", "widest_range": 1000},
        rejects={"low": "5"},
    ),
    GroupRule(
        "article_gives_one_value",
        "article_row_id",
        _two_values,
        suspect=_HAS_OTHER_VALUE,
        allowed="one value for one metric, subject, period and basis",
        why="Where an article gives one thing two values, at least one of them belongs to something else.",
        accepts=example("青禾物流营业收入5.3亿元。青禾物流营业收入5.32亿元。", _ROUNDED, _FULL),
        rejects=example(
            "青禾物流营业收入5.3亿元。青禾物流营业收入6.1亿元。",
            _ROUNDED,
            {"text": "6.1亿元", "value": "610000000", **_SALES},
        ),
    ),
    GroupRule(
        "article_gives_one_scale",
        "article_row_id",
        _two_scales,
        suspect=_HAS_OTHER_SCALE,
        allowed="one scale for the digits of one metric, subject, period and basis",
        why="5.32亿元 and 532亿元 for one thing are one number, of which one has lost or gained a scale.",
        accepts=example("营业收入5.32亿元，营业收入5.32亿元。", _FULL, _FULL),
        rejects=example(
            "营业收入5.32亿元，营业收入532亿元。",
            _FULL,
            {"text": "532亿元", "value": "53200000000", **_SALES},
        ),
    ),
    GroupRule(
        "headline_agrees_with_body",
        "article_row_id",
        _headline_apart,
        suspect=_IS_OF_HEADLINE,
        allowed="the number of the body, rounded",
        why="A headline repeats a number of its article: where it has another, one of the two was misread.",
        accepts=example("【青禾物流营业收入5.3亿元】青禾物流营业收入5.32亿元。", _ROUNDED, _FULL),
        rejects=example(
            "【青禾物流营业收入5.3亿元】青禾物流营业收入5.82亿元。",
            _ROUNDED,
            {"text": "5.82亿元", "value": "582000000", **_SALES},
        ),
    ),
)
