"""A quantity and its chain → kind, signed value, unit and bound."""

import re
from decimal import Decimal

from models.catalogue import find_metric
from models.vocabulary import Basis, Bound, Kind
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.lexicon import lexicon
from tasks.engine.values import value

_EACH = re.compile(r"每(股|ADS|吨|桶|辆|份|公斤|平方米|户|瓶|手|只|头|亩|人|张)")
_PER_SHARE = re.compile(r"EPS$|股息$|股利$")
_INCIDENCE = re.compile(r"每(10万人|十万人|百万人|万人)")
_INDEX = re.compile(r"(?:指数|[沪恒道纳创成综期股]指|指)$")
_PAIR = re.compile(r"兑(?P<second>[\u4e00-\u9fff]{2,6})|[A-Z]{3}/(?P<latin>[A-Z]{3})")
_MONEY = re.compile(
    r"(?:金额|资金|资金规模|投资|融资|贷款|存款|收入|营收|利润|债务|市值|产值|销售额|成交额|交易额|票房|保费|余额)$"
)
_IMPLIED = {"money": "CNY", "price": "CNY", "result": "CNY", "exchange_rate": "CNY", "index": "点"}
# Bare numbers of these count people and cases: 感染人数达24000.
_COUNTS = (("人次", "人次"), ("人数", "人"), ("人口", "人"), ("病例", "例"))
_LEVEL_METRICS = ("利率", "收益率", "利差", "点差")
PREMIUMS = ("高水", "低水", "升水", "贴水")


@value
class Measure:
    """A quantity with its kind, signed values, unit and bound."""

    kind: Kind
    low: Decimal
    high: Decimal | None
    unit: str
    bound: Bound


def measure(quantity: Quantity, chain: Chain, metric: str | None, subject: str | None = None) -> Measure:
    """Give the kind and the signed value of a quantity after its chain; its label tells what a bare number counts."""
    low, high, unit = quantity.low, quantity.high, _unit(quantity, chain, metric, subject)
    kind, sign = _kind(quantity, chain, unit, metric)
    if unit == "x" and kind is Kind.CHANGE_RATE:
        unit, low, high = "%", _grown(low, chain), None if high is None else _grown(high, chain)
    if sign < 0 and not quantity.signed:
        low, high = -low, None if high is None else -high
    if high is not None and low > high:
        low, high = high, low
    bound = Bound.RANGE if high is not None else (quantity.bound or chain.bound or Bound.EXACT)
    return Measure(kind, low, high, unit, bound)


def _unit(quantity: Quantity, chain: Chain, metric: str | None, subject: str | None) -> str:
    """Give the unit, with the 每 of its metric: 每股收益0.32元 is CNY/股."""
    if quantity.unit is not None and quantity.dimension != "money":
        return quantity.unit
    words = "".join(chain.words) + (metric or "")
    incidence = _INCIDENCE.search(words) if quantity.unit is None else None
    if incidence:
        return f"例/{incidence.group(1)}"
    unit = quantity.unit or bare_unit(metric, subject)
    if quantity.dimension != "money":
        return unit
    per = _EACH.search(words)
    if per:
        return f"{unit}/{per.group(1)}"
    return f"{unit}/股" if _PER_SHARE.search(words) else unit


def bare_unit(metric: str | None, subject: str | None) -> str:
    """Give the unit that a bare number's label implies: 票房45亿 CNY, 美元指数95.6 点, 美元兑日元113.5 JPY, else 个."""
    if metric is None and subject is not None:
        rate = exchange_unit(subject)
        if rate is not None:
            return rate
        if _INDEX.search(subject):
            return "点"
    if metric is not None and _MONEY.search(metric):
        return "CNY"
    counted = next((unit for ending, unit in _COUNTS if (metric or subject or "").endswith(ending)), None)
    if counted is not None:
        return counted
    known = find_metric(metric)
    return _IMPLIED.get(known.dimension, "个") if known else "个"


def exchange_unit(subject: str) -> str | None:
    """Give the currency that a pair is quoted in: the yuan where it is one of the two, else the second one.

    >>> exchange_unit("离岸人民币兑美元"), exchange_unit("美元兑日元")
    ('CNY', 'JPY')
    """
    pair = _PAIR.search(subject)
    if pair is None:
        return None
    if "人民币" in subject:
        return "CNY"
    latin = pair.group("latin")
    if latin:
        return latin
    return next((code for word, code in lexicon().quoted_in.items() if pair.group("second").startswith(word)), None)


def _kind(quantity: Quantity, chain: Chain, unit: str, metric: str | None) -> tuple[Kind, int]:
    """Give kind and sign: a move makes a change, its end (升至) a level, a rate that stands alone a level."""
    if quantity.written == "doubling":
        return Kind.CHANGE_RATE, 1
    if chain.direction and not chain.level_to:
        return (Kind.CHANGE_RATE if unit in {"%", "x"} else Kind.CHANGE_AMOUNT), chain.direction
    if _grows(chain, unit):
        return (Kind.CHANGE_RATE if unit in {"%", "x"} else Kind.CHANGE_AMOUNT), chain.amplitude or 1
    if unit == "%" and chain.basis in {Basis.YOY, Basis.PREVIOUS_PERIOD} and not chain.level_to:
        return Kind.CHANGE_RATE, 1
    level = (metric or "").endswith(_LEVEL_METRICS)
    if unit == "pp" or (unit == "bp" and not level) or (metric in PREMIUMS and unit not in {"%", "x"}):
        return Kind.CHANGE_AMOUNT, 1
    return Kind.LEVEL, 1


def _grows(chain: Chain, unit: str) -> bool:
    """Tell whether 涨幅, 增速 or 增长至 makes the quantity a change."""
    if unit == "x":
        grown_to = chain.level_to and any(word.startswith("增") for word in chain.words)
        return chain.amplitude is not None or grown_to
    return chain.amplitude is not None and unit in {"%", "pp", "bp"}


def _grown(times: Decimal, chain: Chain) -> Decimal:
    """Give per cent of change: 增长0.9倍 is +90 %, 增长至3倍 is +200 %."""
    return (times - 1 if chain.level_to else times) * 100
