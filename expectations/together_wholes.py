"""Figures of one article, told together: parts and their wholes, and the shares of a list."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import polars as pl

from expectations.examples import example
from expectations.intervals import stated
from expectations.rules import GroupRule, Row
from expectations.suspects import IS_LEVEL
from models.catalogue import find_metric, find_unit
from models.vocabulary import Kind

_OF_WHICH = "其中"
# After these, what is told may be a part of something else again.
_OTHER_PART = re.compile("[；;（）()]")
_LIST_GAP = re.compile(r"\s*[、,，/和及与]\s*")
_SHARE_WORDS = re.compile("占|比重|份额")
# What does not add up: an average, a price, a balance of ups and downs.
_NO_SUM = re.compile("均|价|最|净|利润|盈|亏|差|增|减|变动|收益|倍|率|费用|单|每")
_ADDITIVE = frozenset({"money", "count", "mass", "energy", "power", "area", "volume"})
_WHOLE = Decimal(100)


def _sentence_has(pattern: str) -> pl.Expr:
    return pl.col("sentence").str.contains(pattern).fill_null(value=False)


def _shown(row: Row) -> str:
    return f"{row['text']} ({row['subject'] or ''} {row['metric'] or ''})".replace("( ", "(")


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


_PART = {"kind": "level", "unit": "%", "metric": "占比"}

RULES: tuple[GroupRule, ...] = (
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
