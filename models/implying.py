"""The earlier level that a level and its change imply: 655.58亿元, +84.32 % imply 355.66–355.69亿元 a year before.

Worked out in decimals when the rows are made, and kept on the row of the change: no database computes with exact
decimals everywhere. Every end is rounded outward, so the true level lies between them.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import Any

from models.catalogue import metrics
from models.precision import Interval, stated_interval
from models.vocabulary import Basis, Kind

Row = Mapping[str, Any]
Days = tuple[date | None, date | None]

# Significant digits of an implied end: more than any news states, few enough to be read.
_SHOWN = 12
_DOWN, _UP = Context(prec=_SHOWN, rounding=ROUND_FLOOR), Context(prec=_SHOWN, rounding=ROUND_CEILING)
_DIGITS = 80
_HUNDRED = Decimal(100)
# How much of a level's per cent one unit of a change is.
_POINTS = {"pp": Decimal(1), "bp": Decimal("0.01")}
_EMPTY = {"level_start": None, "implied_low": None, "implied_high": None, "earlier_start": None, "earlier_end": None}
# The columns that follow from the others.
DERIVED = frozenset(("least", "most", *_EMPTY))


@dataclass(frozen=True, slots=True)
class _Level:
    """A stated level: where it stands, its sentence, its unit and what it leaves open."""

    start: int
    sentence_start: int
    unit: str
    interval: Interval


def add_intervals(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Give the figure rows of one article with the columns that are worked out from them.

    `least` and `most` are what the words of the figure allow (see `models.precision`). A change with the level that it
    changes also has `level_start` (where that level stands), `implied_low` and `implied_high` (the level before the
    change, in the level's unit) and `earlier_start`, `earlier_end` (the days of that level, where the basis tells).
    """
    intervals = [stated_interval(row["text"], row["bound"], row["value"], row["low"], row["high"]) for row in rows]
    levels = _levels(zip(rows, intervals, strict=True))
    return [
        {**row, "least": least, "most": most} | _implied(row, (least, most), levels.get(_key(row), ()))
        for row, (least, most) in zip(rows, intervals, strict=True)
    ]


def earlier_period(start: date | None, end: date | None, basis: str | None) -> Days:
    """Give the days that a basis compares a period with, None where only a calendar of trading days could tell.

    >>> earlier_period(date(2022, 1, 1), date(2022, 3, 31), "yoy")
    (datetime.date(2021, 1, 1), datetime.date(2021, 3, 31))
    >>> earlier_period(date(2022, 1, 1), date(2022, 3, 31), "previous_period")
    (datetime.date(2021, 10, 1), datetime.date(2021, 12, 31))
    """
    if start is None or end is None:
        return None, None
    if basis == Basis.YOY:
        return _months_before(start, 12), _months_before(end, 12)
    if basis == Basis.YEAR_START:
        last_day = date(end.year - 1, 12, 31)
        return last_day, last_day
    if basis == Basis.PREVIOUS_PERIOD and start < end:
        return _period_before(start, end)
    return None, None


def _key(row: Row) -> tuple[Any, ...]:
    """Give what a change and its level share."""
    return tuple(row[name] for name in ("subject", "metric", "period_start", "period_end", "status"))


def _levels(rows: Iterable[tuple[Row, Interval]]) -> Mapping[tuple[Any, ...], list[_Level]]:
    found: defaultdict[tuple[Any, ...], list[_Level]] = defaultdict(list)
    for row, interval in rows:
        if row["kind"] == Kind.LEVEL and row["metric"] is not None and row["basis"] is None:
            found[_key(row)].append(_Level(row["start"], row["sentence_start"], row["unit"], interval))
    return found


def _implied(change: Row, interval: Interval, levels: Sequence[_Level]) -> dict[str, Any]:
    level = None if change["kind"] == Kind.LEVEL or change["basis"] is None else _level_of(change, levels)
    found = None if level is None else _before(change, level, interval)
    if level is None or found is None or found == (None, None):
        return _EMPTY
    earlier = earlier_period(change["period_start"], change["period_end"], change["basis"])
    return dict(zip(_EMPTY, (level.start, *found, *earlier), strict=True))


def _level_of(change: Row, levels: Sequence[_Level]) -> _Level | None:
    """Give the level that a change speaks of: in its sentence the last before it, else the first after it.

    Of other sentences only the one level that the article has.
    """
    near = [level for level in levels if level.sentence_start == change["sentence_start"]]
    before = [level for level in near if level.start < change["start"]]
    if before:
        return before[-1]
    if near:
        return near[0]
    return levels[0] if len({(level.unit, level.interval) for level in levels}) == 1 and change["subject"] else None


def _before(change: Row, level: _Level, interval: Interval) -> Interval | None:
    """Give the level before the change, None where it cannot be told."""
    if change["kind"] == Kind.CHANGE_AMOUNT:
        steps = _POINTS if level.unit == "%" else {level.unit: Decimal(1)}
        step = steps.get(change["unit"])
        return None if step is None else _less(level.interval, interval, step)
    if change["unit"] != "%" or level.unit in ("%", "pp", "bp"):
        return None  # 2 % of a rate may be a part of it, or percentage points
    return _divided(level.interval, interval, _never_negative(change["metric_id"]))


def _less(level: Interval, change: Interval, step: Decimal) -> Interval:
    with localcontext(prec=_DIGITS):
        low = None if level[0] is None or change[1] is None else level[0] - change[1] * step
        high = None if level[1] is None or change[0] is None else level[1] - change[0] * step
    return _shown(low, _DOWN), _shown(high, _UP)


def _divided(level: Interval, rate: Interval, never_negative: bool) -> Interval | None:
    """Divide a level by its growth: only a level above zero that grew from one above zero says what that was.

    A loss, and a growth of more than 100 % of what may have been a loss, have two answers.
    """
    least, most = level
    if least is None or least < 0 or (not never_negative and (rate[1] is None or rate[1] > _HUNDRED)):
        return None
    with localcontext(prec=_DIGITS):
        slowest, fastest = (None if end is None else 1 + end / _HUNDRED for end in rate)
        if slowest is not None and slowest <= 0:
            slowest = None  # the level may have been anything
        low = None if fastest is None or fastest <= 0 else _shown(least / fastest, _DOWN)
        high = None if most is None or slowest is None else _shown(most / slowest, _UP)
    return low, high


def _never_negative(metric_id: str | None) -> bool:
    metric = metrics().get(metric_id) if metric_id else None
    return metric is not None and metric.non_negative


def _shown(end: Decimal | None, context: Context) -> Decimal | None:
    """Round outward, and write as every equal number is written."""
    if end is None:
        return None
    rounded = context.plus(end).normalize()
    return Decimal(format(rounded, "f")) if rounded else Decimal()


def _months_before(day: date, months: int) -> date:
    """Give the same day months before; the last day of a month stays one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))


def _period_before(start: date, end: date) -> Days:
    """Give the period of the same months, or of as many days, that ends the day before."""
    after = end + timedelta(days=1)
    if start.day == 1 and after.day == 1:
        months = (after.year - start.year) * 12 + after.month - start.month
        return _months_before(start, months), start - timedelta(days=1)
    return start - (after - start), start - timedelta(days=1)
