"""Which time a figure speaks of, and what a market move is measured against."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from models.values import Period
from models.vocabulary import Basis, Role, Status
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.times import TimeExpression
from tasks.engine.grammar.tokens import Token
from tasks.engine.values import value

# 8月5日公告称: the date of an announcement is not the period of what it announces.
_ANNOUNCED = re.compile(
    r"[)）]?(?:上午|下午|早间|午间|晚间?|盘后|凌晨|当天|傍晚)?，?[^，。；、：]{0,36}?"
    r"(?:公告|消息|讯|获悉|表示|发布|披露|宣布|报道|公布|通报|丨|指出|印发|起草|在新闻|通知|召开|举行)"
)
_EVENT_BEFORE = re.compile(r"(?:成立于|成立日期|日期为?|到期日为?|截止日为?|始于|创立于|创办于|上市日)$")
_EVENT_AFTER = re.compile(r"起?(?:成立|上市(?!公司)|生效|到期|完成|开业|之前|前|后)")
# Measures of a trading day, and measures that stand without a day.
_DAILY = (
    "成交",
    "成交额",
    "成交金额",
    "成交量",
    "净流入",
    "净流出",
    "流入",
    "净买入",
    "净卖出",
    "市值",
    "收盘价",
    "开盘价",
    "股价",
    "中间价",
)
_QUOTED = frozenset({"收益率", "利差", "换手率"})
_TIMELESS = re.compile("注册资本|控股|股权|总投资|中标|持股")
_OF_THE_WEEK = ("周涨", "周跌", "周累")
TODAY = "day of publication"
_SHIFTED = {"month": 1, "quarter": 3}


def governs(time: TimeExpression, text: str) -> bool:
    """Tell whether a time can be the period of figures: a date or period that announces nothing."""
    if time.role is not Role.DATE or time.anchor in {"base", "report"}:
        return False
    if _EVENT_AFTER.match(text, time.end) or _EVENT_BEFORE.search(text, max(0, time.start - 6), time.start):
        return False
    return not (time.grain == "day" and time.anchor == "span" and _ANNOUNCED.match(text, time.end, time.end + 60))


@value
class Asked:
    """What is asked of a figure's period.

    `time` is the last time that governs and `fresh` whether its own sentence named it; `quoting` says that prices of a
    trading day are being told; `base` is the time of a base that is named before the figure; the rest is its own.
    """

    time: TimeExpression | None
    fresh: bool
    quoting: bool
    chain: Chain
    base: TimeExpression | None
    published: date
    status: Status
    metric: str | None


def choose(asked: Asked) -> tuple[Period | None, str]:
    """Give the period of a figure and the rule that gave it."""
    period, rule = _stated(asked)
    if asked.chain.prior and period is not None and asked.time is not None:
        return _back(period, _SHIFTED.get(asked.time.grain, 1)), "the period before"
    return period, rule


def _stated(asked: Asked) -> tuple[Period | None, str]:
    if _of_the_week(asked.chain.words):
        monday = asked.published - timedelta(days=asked.published.weekday())
        return Period(monday, monday + timedelta(days=6)), "week of publication"
    if asked.base is not None:
        return _base_period(asked.base, asked.time)
    time = asked.time
    of_a_day = asked.metric in _QUOTED or (asked.metric or "").endswith(_DAILY)
    daily = asked.chain.market or asked.quoting or (time is None and of_a_day)
    if time is None or _stale(time, asked, daily):
        today = Period(asked.published, asked.published)
        return (today, TODAY) if daily else (None, "no period")
    ahead = asked.status is not Status.ACTUAL
    resolved = time.ahead if ahead and time.ahead else time.past or time.ahead
    return resolved, f"period {time.rule}"


@lru_cache(maxsize=1024)
def _of_the_week(words: tuple[str, ...]) -> bool:
    return any(word.startswith(_OF_THE_WEEK) for word in words)


def base_time(window: list[Token]) -> TimeExpression | None:
    """Give the last time among the tokens that is the base of a comparison: 上年同期."""
    for token in reversed(window):
        if token.time is not None and token.time.anchor == "base":
            return token.time
    return None


def _stale(time: TimeExpression, asked: Asked, daily: bool) -> bool:
    """Tell whether a time of an earlier sentence no longer governs."""
    if asked.fresh:
        return False
    if daily:
        return time.grain != "day"
    if time.anchor != "span" or time.grain != "day":
        return False
    return asked.status is Status.TARGET or bool(_TIMELESS.search(asked.metric or ""))


def until(time: TimeExpression, day: TimeExpression | None) -> TimeExpression:
    """Let 自X以来 end on the day that the article reports, where it names one."""
    if time.anchor != "since" or day is None or day.past is None or time.past is None:
        return time
    if not time.past.start <= day.past.end <= time.past.end:
        return time
    return replace(time, past=Period(time.past.start, day.past.end))


def _base_period(base: TimeExpression, time: TimeExpression | None) -> tuple[Period | None, str]:
    if base.past is not None:
        return base.past, f"period {base.rule}"
    current = time.past if time else None
    return (_back(current, 12), "the same period a year before") if current else (None, "no period")


def _back(period: Period, months: int) -> Period:
    """Move a period back by whole months; a period that ends with its month keeps doing so."""
    ends_month = (period.end + timedelta(days=1)).day == 1
    start, end = _moved(period.start, months), _moved(period.end, months)
    return Period(start, _month_end(end) if ends_month else end)


def _moved(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, _month_end(first).day))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def market_basis(time: TimeExpression | None, words: tuple[str, ...]) -> Basis | None:
    """Give what a market move is measured against: the last close, or the start of the period it is said of."""
    if _of_the_week(words):
        return Basis.PREVIOUS_PERIOD
    if time is None or time.grain in {"day", "", "instant"}:
        return Basis.PREVIOUS_CLOSE
    if time.grain in {"year", "since"}:
        return Basis.YEAR_START
    return Basis.PREVIOUS_PERIOD if time.grain in {"week", "month", "quarter"} else None
