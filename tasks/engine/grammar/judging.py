"""Basis and status of a figure: what a change is measured against, and whether it is fact, aim or expectation."""

import re
from dataclasses import replace
from datetime import date, timedelta

from models.values import Period
from models.vocabulary import Basis, Kind, Status
from tasks.engine.grammar import periods
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.measures import PREMIUMS, Measure
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Token
from tasks.engine.grammar.topics import stated_basis

_EXPECTATIONS = ("目标价", "目标价位", "概率", "可能性")
_RUNNING = timedelta(days=366)
_DONE = frozenset({"实现", "实现了", "完成", "完成了", "录得", "取得", "取得了", "创下", "获得", "获得了"})
_AIMS = ("计划", "目标")
_PROBABLE = re.compile("(?:区间)?的(?:概率|可能性)")
_RATE_MOVE = re.compile("[加降升]息")
_PRICED = frozenset({"点", "bp", "pp"})
# Of prices in statistics as of those of a market.
_PLAIN_MOVES = frozenset({"上涨", "下跌", "涨", "跌", "持平", "分别", "则", "了", "均"})
# 两年平均增长4% goes on with nothing.
_OWN_BASE = frozenset({"平均", "年均", "复合", "相对", "年化"})
_YEAR = re.compile(r"(\d{4})年")
_PLANS = re.compile("规划|提出|方案|措施|意见|目标|要求|纲要|通知|条例|办法")


def basis(
    context: Context, made: Measure, chain: Chain, window: list[Token], metric: str | None, daily: bool
) -> Basis | None:
    """Give what a change is measured against; None for a level and where nothing is stated."""
    if made.kind is Kind.LEVEL:
        return None
    if metric in PREMIUMS:
        return Basis.OTHER
    stated = chain.basis or stated_basis(window)
    if stated is not None or "短线" in chain.words:
        return _of_amount(stated, made, chain, metric)
    if chain.market:
        return periods.market_basis(None if daily else context.time, chain.words)
    if made.unit == "bp" and metric == "收益率":
        return Basis.PREVIOUS_CLOSE
    carried = context.parallel if _is_parallel(made, chain) else None
    return context.basis or carried or (Basis.YOY if context.preview and chain.direction else None)


def of_prices(context: Context, chain: Chain, quantity: Quantity) -> Chain:
    """Read 非食品价格上涨2.2% behind 居民消费价格同比上涨1.5% as a change of the same kind, and no move of the day."""
    goes_on = context.priced and context.parallel is not None and quantity.unit == "%"
    plain = chain.market and chain.basis is None and chain.amplitude is None and _PLAIN_MOVES.issuperset(chain.words)
    return replace(chain, market=False) if goes_on and plain else chain


def _is_parallel(made: Measure, chain: Chain) -> bool:
    """Tell whether a change goes on with a list: 钢材产量同比增长3%，水泥产量下降12%; not one of 增幅."""
    goes_on = made.kind is Kind.CHANGE_RATE and bool(chain.direction) and chain.amplitude is None
    return goes_on and _OWN_BASE.isdisjoint(chain.words)


def against_year(basis: Basis | None, compared: str, year: int) -> Basis | None:
    """Give the basis of a figure of a year after the year it is compared with: 较2019年同期 is no 同比 in 2022."""
    named = _YEAR.search(compared)
    return Basis.OTHER if basis is Basis.YOY and named and int(named.group(1)) != year - 1 else basis


def _of_amount(stated: Basis | None, made: Measure, chain: Chain, metric: str | None) -> Basis | None:
    """Read 融资余额较前一交易日减少: an amount is measured against the day before, only a price against its close."""
    amount = made.kind is Kind.CHANGE_AMOUNT and made.unit not in _PRICED and metric is not None
    return Basis.PREVIOUS_PERIOD if stated is Basis.PREVIOUS_CLOSE and amount and not chain.market else stated


def status(
    context: Context, text: str, end: int, chain: Chain, window: list[Token], metric: str | None, of_base: bool
) -> Status:
    """Give whether a figure is an actual, a target or a forecast.

    `end` is where its quantity ends; `of_base` says that it is what another one is compared with (去年同期为5亿元).
    """
    if _PROBABLE.match(text, end):
        return Status.FORECAST
    if chain.expected or (metric or "").endswith(_EXPECTATIONS):
        return Status.FORECAST
    if (metric or "").endswith(_AIMS):
        return Status.TARGET
    if chain.prior or of_base:
        return Status.ACTUAL
    if context.status is Status.ACTUAL and context.of_interest and moves_rates(text, window, metric):
        decided = any(token.groups & {"do", "say"} for token in window)
        return Status.ACTUAL if decided else Status.FORECAST
    return context.status


def moves_rates(text: str, window: list[Token], metric: str | None) -> bool:
    """Tell whether a figure speaks of 加息 or 降息."""
    if metric is not None and "息" in metric:
        return bool(_RATE_MOVE.search(metric))
    return any(_RATE_MOVE.match(text, token.start, token.end) for token in window if token.end - token.start == 2)


def lies_ahead(period: Period, published: date) -> bool:
    """Tell whether a period begins after the day of publication, or runs on for more than a year (十四五期间)."""
    return period.start > published or period.end > published + _RUNNING


def ahead_of_time(text: str, window: list[Token]) -> Status:
    """Give the status of what is said of days to come without a word of expectation.

    A deed that is told as done (实现营收5亿元) stays an actual: the text contradicts itself, and the audit says so.
    """
    if _PLANS.search(text):
        return Status.TARGET
    told_as_done = any(text[token.start : token.end] in _DONE for token in window)
    return Status.ACTUAL if told_as_done else Status.FORECAST
