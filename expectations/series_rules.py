"""Figures across articles: one thing, told by two articles, must have one value in both.

The rows of this suite are exact facts of the batch and what was published before of the same things, in groups
of one subject and one metric. Only rows of the batch can fail.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

import polars as pl

from expectations.intervals import Interval, level_before, stated
from expectations.rules import Finding, GroupRule, Row
from expectations.suspects import IS_LEVEL
from expectations.together_changes import year_before
from models.vocabulary import Basis, Kind

_SAME = ("kind", "unit", "basis", "period_start", "period_end")
# A day, a week, a month, a quarter, a half, three quarters, a year.
_SPANS = (1, 7, 31, 92, 184, 275, 366)
_Told = list[tuple[Row, Interval]]
_IS_TOLD_OTHERWISE = (
    ~pl.col("is_published")
    & pl.col("period_start").is_not_null()
    & (pl.col("value") != pl.col("value").first().over("series", "bound", *_SAME))
)


def _two_articles(rows: Sequence[Row]) -> Iterator[tuple[int, Finding]]:
    """Compare each figure of the batch with those of other articles of the same period and basis."""
    told: dict[tuple[Any, ...], _Told] = defaultdict(list)
    for row in rows:
        if row["period_start"] is not None and (said := stated(row)) is not None:
            told[tuple(row[name] for name in _SAME)].append((row, said))
    for place, row in enumerate(rows):
        said = stated(row)
        if row["is_published"] or row["period_start"] is None or said is None or _moves_within(row):
            continue
        others = [each for each in told[tuple(row[name] for name in _SAME)] if _is_other(each[0], row)]
        if others and not any(said.meets(other) for _, other in others):
            yield place, _against(row, others[-1][0], f"{row['text']}, but {others[-1][0]['text']}")


def _moves_within(row: Row) -> bool:
    """Of one day, or of a price, two articles may tell two hours."""
    return bool(row["span"] == 1 or row["is_moving"] or row["basis"] == Basis.PREVIOUS_CLOSE)


def _earlier_levels(rows: Sequence[Row]) -> Iterator[tuple[int, Finding]]:
    """Compare the level that a level and its change imply for a year before with what is told of that year."""
    levels: dict[tuple[Any, ...], list[tuple[int, Row, Interval]]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["kind"] == Kind.LEVEL and row["period_start"] is not None and (said := stated(row)) is not None:
            levels[row["unit"], row["period_start"], row["period_end"]].append((place, row, said))
    for place, rate, now, implied in _implied(rows):
        then = year_before(rate["period_start"]), year_before(rate["period_end"])
        found = [each for each in levels[now["unit"], *then] if _is_other(each[1], rate)]
        if not found or any(implied.meets(said) for _, _, said in found):
            continue
        other_place, other, _ = found[-1]
        words = f"{now['text']} and {rate['text']} imply {implied} for {then[0]} … {then[1]}"
        if not rate["is_published"]:
            yield place, _against(rate, other, f"{words}, but {other['text']}")
        elif not other["is_published"]:
            yield other_place, _against(other, rate, f"{other['text']}, but {words}")


def _implied(rows: Sequence[Row]) -> Iterator[tuple[int, Row, Row, Interval]]:
    """Give each change against a year before, the one level of its article and period, and what they imply."""
    levels: dict[tuple[Any, ...], _Told] = defaultdict(list)
    for row in rows:
        if row["kind"] == Kind.LEVEL and row["period_start"] is not None and (said := stated(row)) is not None:
            levels[row["info_code"], row["period_start"], row["period_end"]].append((row, said))
    for place, row in enumerate(rows):
        if row["kind"] != Kind.CHANGE_RATE or row["basis"] != Basis.YOY or row["period_start"] is None:
            continue
        said, now = stated(row), levels[row["info_code"], row["period_start"], row["period_end"]]
        if said is None or len(now) != 1 or now[0][0]["unit"] == "%":
            continue
        if (implied := level_before(now[0][1], said)) is not None:
            yield place, row, now[0][0], implied


def _jumps(rows: Sequence[Row]) -> Iterator[tuple[int, Finding]]:
    """Compare each level of the batch with the middle of those that other articles gave before."""
    history: dict[tuple[str, int], list[tuple[Row, Decimal]]] = defaultdict(list)
    for row in rows:
        if row["is_published"] and row["kind"] == Kind.LEVEL and (said := stated(row)) is not None:
            history[_sort(row)].append((row, abs(said.low + said.high) / 2))
    for place, row in enumerate(rows):
        said = stated(row)
        if row["is_published"] or row["kind"] != Kind.LEVEL or said is None:
            continue
        known = [size for other, size in history[_sort(row)] if _is_other(other, row)]
        usual, size = (median(known) if known else Decimal(0)), abs(said.low + said.high) / 2
        if len(known) < row["jump_counts_from"] or not usual or not size:
            continue
        times = max(size / usual, usual / size)
        if times > Decimal(str(row["jump_factor"])):
            last = history[_sort(row)][-1][0]
            yield place, _against(row, last, f"{row['text']} is {times:.0f} times off the {len(known)} before")


def _sort(row: Row) -> tuple[str, int]:
    """Give what levels must have in common to be compared: the unit, and a period about as long."""
    days = row["span"] or 0
    return row["unit"], next((place for place, most in enumerate(_SPANS) if days <= most), len(_SPANS))


def _is_other(one: Row, row: Row) -> bool:
    return bool(one["info_code"] != row["info_code"])


def _against(row: Row, other: Row, words: str) -> Finding:
    label = f"{row['subject']} {row['metric'] or ''}".strip()
    return Finding(f"{label}: {words} in {other['info_code']}", other["info_code"])


def _told(info_code: str, text: str, value: str, **other: Any) -> dict[str, Any]:
    return _BLANK | {"info_code": info_code, "text": text, "value": value} | other


_BLANK: dict[str, Any] = {
    "series": "上海联交所 交易规模",
    "subject": "上海联交所",
    "metric": "交易规模",
    "is_published": False,
    "kind": "level",
    "bound": "exact",
    "unit": "CNY",
    "basis": None,
    "period_start": "2022-01-01",
    "period_end": "2022-03-31",
    "span": 90,
    "is_moving": False,
    "jump_factor": 50.0,
    "jump_counts_from": 3,
}
_NOW = _told("a2", "655.58亿元", "65558000000")
_RATE = _told("a2", "84.32%", "84.32", kind="change_rate", unit="%", basis="yoy")
_YEAR_BEFORE = {"period_start": "2021-01-01", "period_end": "2021-03-31", "is_published": True}
_BEFORE = tuple(
    _told(f"a{quarter}", f"{600 + quarter}亿元", f"{600 + quarter}00000000", **_YEAR_BEFORE) for quarter in (3, 4, 5)
)

RULES: tuple[GroupRule, ...] = (
    GroupRule(
        "articles_agree",
        "series",
        _two_articles,
        suspect=_IS_TOLD_OTHERWISE,
        allowed="what the other article says, within the rounding of both",
        why="Two articles that tell one thing of one period cannot both be right with two values.",
        accepts=(_told("a1", "656亿元", "65600000000", is_published=True), _NOW),
        rejects=(_told("a1", "665亿元", "66500000000", is_published=True), _NOW),
    ),
    GroupRule(
        "implied_level_was_told",
        "series",
        _earlier_levels,
        suspect=(pl.col("kind") == "change_rate") & (pl.col("basis") == "yoy"),
        allowed="the level of a year before that the level and its change imply",
        why="655.58亿元 after +84.32 % was 355.7亿元 a year before: an article of then has to say so.",
        accepts=(_told("a1", "355.67亿元", "35567000000", **_YEAR_BEFORE), _NOW, _RATE),
        rejects=(_told("a1", "395.67亿元", "39567000000", **_YEAR_BEFORE), _NOW, _RATE),
    ),
    GroupRule(
        "level_does_not_jump",
        "series",
        _jumps,
        suspect=IS_LEVEL & pl.col("is_published"),
        allowed="no more than jump_factor times the middle of the levels before, or a part of it so small",
        why="A level that is suddenly a hundred times what it always was has lost or gained a scale.",
        accepts=(*_BEFORE, _NOW),
        rejects=(*_BEFORE, _told("a2", "6.5558亿元", "655580000")),
    ),
)
