"""Figures of one article, told together: levels and their changes, within the stated rounding."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from expectations.examples import example
from expectations.intervals import Interval, rate_between, stated
from expectations.rules import GroupRule, Row
from expectations.suspects import IS_LEVEL, near
from models.vocabulary import Basis, Kind

_FROM = re.compile(r"(?:由|从)[^，。；、\d]{0,14}$")
_TO = re.compile(
    r"(?:[^，。；、\d]{0,4}(?P<down>下降|降低|减少|下滑|回落|缩减|下调|调降|收窄|缩小|降|减|跌)"
    r"|[^，。；、\d]{0,4}(?P<up>增长|上升|增加|提高|提升|上调|升|增|涨|扩大))?(?:了)?(?:至|到|为)"
)
_THEN = re.compile(
    r"[，,（(]?(?:同比|环比)?(?:大幅|累计|共)?"
    r"(?:下降|降低|减少|下滑|回落|增长|上升|增加|提高|提升|升高|上涨|下跌|降幅|增幅|涨幅|跌幅|幅度|变动)(?:了|为|达|达到)?"
)
# A percentage point and a hundredth of one, in which the changes of percentages are written.
_POINTS = {"pp": Decimal(1), "bp": Decimal("0.01")}
_NAMES = ("subject", "metric", "status")
_IS_AMOUNT_OF_CHANGE = (
    (pl.col("kind") == "change_amount") & pl.col("metric").is_not_null() & ~pl.col("unit").is_in(list(_POINTS))
)
_YEAR = pl.col("period_start").str.slice(0, 4)
_IS_OF_OTHER_PERIOD = (
    IS_LEVEL
    & pl.col("metric").is_not_null()
    & (_YEAR.first().over("article_row_id", "kind", "unit", *_NAMES) != _YEAR)
    & (~IS_LEVEL & (pl.col("basis") == "yoy")).any().over("article_row_id")
)


def _names(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _NAMES)


def _changes_apart(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Compare a rate and an amount of one change, and both with the level that they led to."""
    told: dict[tuple[Any, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(rows):
        if row["metric"] is not None and row["unit"] not in _POINTS:
            told[*_names(row), row["period_start"], row["period_end"]][row["kind"]].append(place)
    for kinds in told.values():
        if len(kinds[Kind.CHANGE_RATE]) == 1 and len(kinds[Kind.CHANGE_AMOUNT]) == 1:
            rate, amount = kinds[Kind.CHANGE_RATE][0], kinds[Kind.CHANGE_AMOUNT][0]
            level = kinds[Kind.LEVEL][0] if len(kinds[Kind.LEVEL]) == 1 else None
            if fault := _change_fault(rows[rate], rows[amount], None if level is None else rows[level]):
                yield rate, fault
                yield amount, fault


def _change_fault(rate: Row, amount: Row, level: Row | None) -> str | None:
    said, moved = stated(rate), stated(amount)
    now = stated(level) if level is not None and level["unit"] == amount["unit"] else None
    if said is None or moved is None or rate["basis"] != amount["basis"] or rate["basis"] is None:
        return None
    words = f"{amount['text']} and {rate['text']}"
    if now is None:
        is_opposite = (said.high < 0 < moved.low) or (moved.high < 0 < said.low)
        return f"{words} in opposite directions" if is_opposite and level is None else None
    implied = rate_between(now - moved, now)
    if implied is None or implied.meets(said):
        return None
    return f"{words} to {level['text'] if level else ''}, which is {implied} %"


def _levels_and_change_apart(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Compare the change against a year before with the levels of both years, where the article has both."""
    levels: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row["kind"] == Kind.LEVEL and row["metric"] is not None and _has_period(row):
            levels[*_names(row), row["unit"], row["period_start"], row["period_end"]].append(place)
    for place, row in enumerate(rows):
        if row["kind"] == Kind.LEVEL or row["basis"] != Basis.YOY or not _has_period(row):
            continue
        units = {"pp": ("%",), "bp": ("%",), "%": ()}.get(row["unit"], (row["unit"],))
        for unit in units or {key[3] for key in levels}:
            now = levels.get((*_names(row), unit, row["period_start"], row["period_end"]), [])
            then = levels.get(
                (*_names(row), unit, year_before(row["period_start"]), year_before(row["period_end"])), []
            )
            if len(now) == 1 and len(then) == 1 and (fault := _fault_of_change(rows[then[0]], rows[now[0]], row)):
                yield place, fault


def _has_period(row: Row) -> bool:
    return row["period_start"] is not None and row["period_end"] is not None


def _from_to_apart(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Compare 由A降至B with its own word, and with the change that stands right after it."""
    for place in range(1, len(rows)):
        first, second = rows[place - 1], rows[place]
        step = _step(first, second)
        before, now = stated(first), stated(second)
        if step is None or before is None or now is None:
            continue
        if (step["down"] and now.low > before.high) or (step["up"] and now.high < before.low):
            yield place, f"{step['down'] or step['up']} from {first['text']} to {second['text']}"
            continue
        change = rows[place + 1] if place + 1 < len(rows) and _tells_step(second, rows[place + 1]) else None
        if change is not None and (fault := _fault_of_change(first, second, change)):
            yield place + 1, fault


def _step(first: Row, second: Row) -> re.Match[str] | None:
    """Give the words between the two levels of a 由A降至B, None where they are none."""
    is_levels = first["kind"] == second["kind"] == Kind.LEVEL and first["unit"] == second["unit"]
    if not is_levels or first["sentence_start"] != second["sentence_start"]:
        return None
    sentence, shift = first["sentence"] or "", first["sentence_start"] or 0
    if not _FROM.search(sentence[: max(first["start"] - shift, 0)]):
        return None
    return _TO.fullmatch(sentence[first["end"] - shift : max(second["start"] - shift, 0)])


def _tells_step(level: Row, change: Row) -> bool:
    if change["kind"] == Kind.LEVEL or change["sentence_start"] != level["sentence_start"]:
        return False
    sentence, shift = level["sentence"] or "", level["sentence_start"] or 0
    return _THEN.fullmatch(sentence[level["end"] - shift : max(change["start"] - shift, 0)]) is not None


def _fault_of_change(before: Row, now: Row, change: Row) -> str | None:
    """Say where a change is not what leads from one level to the other; None where it is, or cannot be told."""
    first, second, said = stated(before), stated(now), stated(change)
    if first is None or second is None or said is None or before["unit"] != now["unit"]:
        return None
    if change["kind"] == Kind.CHANGE_RATE:
        implied, unit = rate_between(first, second), "%"
    else:
        factor = _POINTS.get(change["unit"]) if now["unit"] == "%" else Decimal(1)
        unit = change["unit"]
        if factor is None or (now["unit"] != "%" and unit != now["unit"]):
            return None
        implied = _scaled(second - first, factor)
    if implied is None or implied.meets(said):
        return None
    return f"{change['text']} from {before['text']} to {now['text']}, which is {implied} {unit}"


def _scaled(interval: Interval, factor: Decimal) -> Interval:
    return Interval(interval.low / factor, interval.high / factor)


def year_before(day: str) -> str:
    """Give the same day a year before: of 29 February the 28th, of the last of February the last.

    >>> year_before("2022-03-31"), year_before("2024-02-29"), year_before("2025-02-28")
    ('2021-03-31', '2023-02-28', '2024-02-29')
    """
    then = date.fromisoformat(day)
    if (then.month, then.day) in ((2, 28), (2, 29)):
        following = date(then.year - 1, 3, 1).toordinal() - 1
        return date.fromordinal(following).isoformat()
    return then.replace(year=then.year - 1).isoformat()


_PROFIT = {"metric": "净利润", "subject": "青禾物流"}
_GROWTH = {"kind": "change_rate", "unit": "%", "basis": "yoy", **_PROFIT}
_YEAR_BEFORE = {"period_start": "2021-01-01", "period_end": "2021-03-31"}
_THIS = {"text": "12.0亿元", "value": "1200000000", **_PROFIT}
_THAT = {"text": "10.0亿元", "value": "1000000000", **_PROFIT, **_YEAR_BEFORE}
_FORMER = {"text": "5.54亿元", "value": "554000000", **_PROFIT, **_YEAR_BEFORE}
_LATTER = {"text": "1.57亿元", "value": "157000000", **_PROFIT}
_MORE = {"text": "2.0亿元", "value": "200000000", "kind": "change_amount", "basis": "yoy", **_PROFIT}

RULES: tuple[GroupRule, ...] = (
    GroupRule(
        "changes_agree_with_level",
        "article_row_id",
        _changes_apart,
        suspect=_IS_AMOUNT_OF_CHANGE,
        allowed="an amount and a rate that lead to the level, within its rounding",
        why="From 100 to 120 is +20 and +20 %: where level, amount and rate disagree, one of them is wrong.",
        accepts=example(
            "净利润12.0亿元，同比增加2.0亿元，增长20%。", _THIS, _MORE, {"text": "20%", "value": "20", **_GROWTH}
        ),
        rejects=example(
            "净利润12.0亿元，同比增加2.0亿元，增长40%。", _THIS, _MORE, {"text": "40%", "value": "40", **_GROWTH}
        ),
    ),
    GroupRule(
        "change_agrees_with_levels",
        "article_row_id",
        _levels_and_change_apart,
        suspect=_IS_OF_OTHER_PERIOD,
        allowed="the change between the levels of both years, within their rounding",
        why="The levels of two years say what the change between them is, in per cent, points or amounts.",
        accepts=example(
            "净利润12.0亿元，上年同期10.0亿元，同比增长20%。", _THIS, _THAT, {"text": "20%", "value": "20", **_GROWTH}
        ),
        rejects=example(
            "净利润12.0亿元，上年同期10.0亿元，同比增长2%。", _THIS, _THAT, {"text": "2%", "value": "2", **_GROWTH}
        ),
    ),
    GroupRule(
        "from_to_agrees_with_change",
        "article_row_id",
        _from_to_apart,
        suspect=IS_LEVEL & near(15).str.contains("[由从]"),
        allowed="the change from the first level to the second, in the direction of the word",
        why="由5.54亿元降至1.57亿元 says itself by how much: −71.7 %, and down.",
        accepts=example(
            "净利润由5.54亿元降至1.57亿元，下降71.7%。",
            _FORMER,
            _LATTER,
            {"text": "71.7%", "value": "-71.7", **_GROWTH},
        ),
        rejects=example(
            "净利润由5.54亿元降至1.57亿元，下降17.7%。",
            _FORMER,
            _LATTER,
            {"text": "17.7%", "value": "-17.7", **_GROWTH},
        ),
    ),
)
