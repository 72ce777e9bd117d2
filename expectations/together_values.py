"""Figures of one article, told together: parts and wholes, shares, headlines, one value for one thing."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl

from expectations.examples import example
from expectations.figure_form import amounts
from expectations.intervals import Interval, stated
from expectations.rules import GroupRule, Row, Rule
from expectations.suspects import GAP, IS_LEVEL, IS_RANGE
from models.catalogue import find_metric, find_unit
from models.vocabulary import Kind

_SAME = ("kind", "unit", "basis", "subject", "metric", "period_start", "period_end", "status")
_HEADLINE = re.compile(r"\s*【[^】]*】")
_OF_WHICH = "其中"
# After these, what is told may be a part of something else again.
_OTHER_PART = re.compile("[；;（）()]")
_COPULA = re.compile("(?:为|是|达到?|约|共|合计|[:：])?")
# Another time, another estimate or another part than the plain one.
_OTHERWISE = re.compile("其中|预|前值|初值|终值|此前|原|上年|去年|同期|累计|分别|至|到|从|由|目标|计划|拟|最|单|日")
_LIST_GAP = re.compile(r"\s*[、,，/和及与]\s*")
_SHARE_WORDS = re.compile("占|比重|份额")
# What does not add up: an average, a price, a balance of ups and downs.
_NO_SUM = re.compile("均|价|最|净|利润|盈|亏|差|增|减|变动|收益|倍|率|费用|单|每")
_ADDITIVE = frozenset({"money", "count", "mass", "energy", "power", "area", "volume"})
_WHOLE = Decimal(100)
_IS_NAMED = pl.all_horizontal(pl.col("subject", "metric", "period_start").is_not_null())
_IS_TOLD_OTHERWISE = (
    _IS_NAMED
    & (pl.col("bound") == "exact")
    & (pl.col("value") != pl.col("value").first().over("article_row_id", "bound", *_SAME))
)
_HEADLINE_END = pl.col("sentence").str.extract(rf"^({GAP}【[^】]*】)").str.len_chars().fill_null(0)
_IS_OF_HEADLINE = (
    pl.all_horizontal(pl.col("subject", "metric").is_not_null())
    & (pl.col("sentence_start").first().over("article_row_id") == 0)
    & (pl.col("end") <= _HEADLINE_END.first().over("article_row_id"))
)


def _sentence_has(pattern: str) -> pl.Expr:
    return pl.col("sentence").str.contains(pattern).fill_null(value=False)


def _shown(row: Row) -> str:
    return f"{row['text']} ({row['subject'] or ''} {row['metric'] or ''})".replace("( ", "(")


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


def _above_whole(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Compare what follows 其中 in a sentence with the level that stands before it."""
    for place, row in enumerate(rows):
        whole = _whole_of(rows, place)
        if whole is None:
            continue
        said, most = stated(row), stated(whole)
        if said is not None and most is not None and said.low > most.high:
            yield place, f"{_shown(row)} of {_shown(whole)}"


def _whole_of(rows: Sequence[Row], place: int) -> Row | None:
    """Give the level of which this one is said to be a part, None where the words leave it open."""
    row = rows[place]
    sentence, shift = row["sentence"] or "", row["sentence_start"] or 0
    mark = sentence.rfind(_OF_WHICH, 0, max(row["start"] - shift, 0))
    if mark < 0 or not _adds_up(row) or _OTHER_PART.search(sentence[mark : row["start"] - shift]):
        return None
    before = [other for other in rows[:place] if shift <= other["start"] and other["end"] <= shift + mark]
    if not before or not _adds_up(before[-1]) or before[-1]["unit"] != row["unit"]:
        return None
    gap = sentence[before[-1]["end"] - shift : mark]
    return before[-1] if gap in ("，", "；", "。", ",", "（", "(", "", "：") else None


def _adds_up(row: Row) -> bool:
    unit = find_unit(row["unit"])
    if row["kind"] != Kind.LEVEL or unit is None or unit.dimension not in _ADDITIVE:
        return False
    return not _NO_SUM.search(row["metric"] or "")


def _shares_above_whole(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Add up the shares of a list: 甲、乙、丙分别占30%、40%、50%."""
    for places in _lists(rows):
        members = [rows[place] for place in places]
        said = [stated(row) for row in members]
        subjects = {row["subject"] for row in members} - {None}
        if None in said or len(subjects) < len(members) or not _are_shares(members):
            continue
        least = sum((found.low for found in said if found is not None), Decimal(0))
        if least > _WHOLE:
            for place in places:
                yield place, f"{' + '.join(row['text'] for row in members)} is above 100 %"


def _lists(rows: Sequence[Row]) -> Iterator[list[int]]:
    places = [0]
    for place, (one, other) in enumerate(pairwise(rows), 1):
        if not _listed(one, other):
            if len(places) > 1:
                yield places
            places = []
        places.append(place)
    if len(places) > 1:
        yield places


def _listed(one: Row, other: Row) -> bool:
    sentence, shift = one["sentence"] or "", one["sentence_start"] or 0
    same = all(one[name] == other[name] for name in ("sentence_start", "period_start", "period_end", "metric", "unit"))
    return same and _LIST_GAP.fullmatch(sentence[one["end"] - shift : max(other["start"] - shift, 0)]) is not None


def _are_shares(members: Sequence[Row]) -> bool:
    first = members[0]
    metric = find_metric(first["metric"])
    before = (first["sentence"] or "")[: max(first["start"] - (first["sentence_start"] or 0), 0)]
    is_level = all(row["kind"] == Kind.LEVEL and row["unit"] == "%" for row in members)
    return is_level and metric is not None and metric.is_share and bool(_SHARE_WORDS.search(before[-30:]))


def _too_wide(row: Row) -> str | None:
    ends = amounts({"value": None, "low": row["low"], "high": row["high"]}) if row["low"] is not None else None
    if ends is None or min(ends) * max(ends) <= 0:
        return None
    sizes = sorted(abs(end) for end in ends)
    limit = Decimal(str(row["widest_range"]))
    return f"{row['low']} … {row['high']}, {sizes[1] / sizes[0]:.0f} times" if sizes[1] > limit * sizes[0] else None


_SALES = {"metric": "营业收入", "subject": "青禾物流"}
_PART = {"kind": "level", "unit": "%", "metric": "占比"}

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
        suspect=_IS_TOLD_OTHERWISE,
        allowed="one value for one metric, subject, period and basis",
        why="Where an article gives one thing two values, at least one of them belongs to something else.",
        accepts=example(
            "青禾物流营业收入5.3亿元。青禾物流营业收入5.32亿元。",
            {"text": "5.3亿元", "value": "530000000", **_SALES},
            {"text": "5.32亿元", "value": "532000000", **_SALES},
        ),
        rejects=example(
            "青禾物流营业收入5.3亿元。青禾物流营业收入6.1亿元。",
            {"text": "5.3亿元", "value": "530000000", **_SALES},
            {"text": "6.1亿元", "value": "610000000", **_SALES},
        ),
    ),
    GroupRule(
        "article_gives_one_scale",
        "article_row_id",
        _two_scales,
        suspect=_IS_TOLD_OTHERWISE,
        allowed="one scale for the digits of one metric, subject, period and basis",
        why="5.32亿元 and 532亿元 for one thing are one number, of which one has lost or gained a scale.",
        accepts=example(
            "营业收入5.32亿元，营业收入5.32亿元。",
            {"text": "5.32亿元", "value": "532000000", **_SALES},
            {"text": "5.32亿元", "value": "532000000", **_SALES},
        ),
        rejects=example(
            "营业收入5.32亿元，营业收入532亿元。",
            {"text": "5.32亿元", "value": "532000000", **_SALES},
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
        accepts=example(
            "【青禾物流营业收入5.3亿元】青禾物流营业收入5.32亿元。",
            {"text": "5.3亿元", "value": "530000000", **_SALES},
            {"text": "5.32亿元", "value": "532000000", **_SALES},
        ),
        rejects=example(
            "【青禾物流营业收入5.3亿元】青禾物流营业收入5.82亿元。",
            {"text": "5.3亿元", "value": "530000000", **_SALES},
            {"text": "5.82亿元", "value": "582000000", **_SALES},
        ),
    ),
    GroupRule(
        "parts_are_within_whole",
        "article_row_id",
        _above_whole,
        suspect=IS_LEVEL & _sentence_has(_OF_WHICH),
        allowed="no more than the level before 其中",
        why="What follows 其中 is a part of what stands before it, and no part is above its whole.",
        accepts=example(
            "贷款余额5亿元，其中信用贷款2亿元。",
            {"text": "5亿元", "value": "500000000", "metric": "贷款余额"},
            {"text": "2亿元", "value": "200000000", "metric": "信用贷款"},
        ),
        rejects=example(
            "贷款余额5亿元，其中信用贷款8亿元。",
            {"text": "5亿元", "value": "500000000", "metric": "贷款余额"},
            {"text": "8亿元", "value": "800000000", "metric": "信用贷款"},
        ),
    ),
    GroupRule(
        "shares_are_within_whole",
        "article_row_id",
        _shares_above_whole,
        suspect=IS_LEVEL & (pl.col("unit") == "%") & _sentence_has(_SHARE_WORDS.pattern),
        allowed="at most 100 % together",
        why="The shares of one whole that a list names cannot be more than all of it.",
        accepts=example(
            "甲、乙占比分别为30%、70%。",
            {"text": "30%", "value": "30", "subject": "甲", **_PART},
            {"text": "70%", "value": "70", "subject": "乙", **_PART},
        ),
        rejects=example(
            "甲、乙占比分别为30%、90%。",
            {"text": "30%", "value": "30", "subject": "甲", **_PART},
            {"text": "90%", "value": "90", "subject": "乙", **_PART},
        ),
    ),
)
