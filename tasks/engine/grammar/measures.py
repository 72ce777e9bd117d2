"""The words that lead into a quantity → its kind, sign, bound and basis.

The words are read from the quantity leftwards until a noun stands in the way: in 净利润同比大幅增长超5% the chain is
超 ← 增长 ← 大幅 ← 同比, and 净利润 is what was measured.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from models.vocabulary import Basis, Bound, Kind
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Token

_DIRECTIONS = {
    "rise": (1, False),
    "fall": (-1, False),
    "rise_market": (1, True),
    "fall_market": (-1, True),
}
_AMPLITUDES = {"amplitude_rise": 1, "amplitude_fall": -1, "amplitude": 0}
_BOUNDS = {"about": Bound.ABOUT, "over": Bound.OVER, "under": Bound.UNDER}
_BASES = {
    "basis_yoy": Basis.YOY,
    "basis_previous_period": Basis.PREVIOUS_PERIOD,
    "basis_year_start": Basis.YEAR_START,
    "basis_previous_close": Basis.PREVIOUS_CLOSE,
    "basis_other": Basis.OTHER,
}
_PASSED = frozenset(
    ["adverb", "reach", "reach_to", "distribute", "forecast", "target", "prior", "expected", "compare_end", "from"]
) | frozenset([*_DIRECTIONS, *_AMPLITUDES, *_BOUNDS, *_BASES])
_GAPS = frozenset(["", "了", "的", "为", "在", "其", " ", "至", "人民币", "每股", "幅度", "幅度为", "了约", "区间", "公司", "该公司", "上市公司", "目标公司"])
_EACH = re.compile(r"每(股|ADS|吨|桶|辆|份|公斤|平方米|户|瓶|手|只|头|亩|人|张)")
_PER_SHARE = re.compile(r"EPS$|股息$|股利$")
_ADDED = re.compile(r"(?:较|比)(?:前一?[日天]|昨日|上[一个]?[日周月])(?:新增|增加?)[\u4e00-\u9fff]{0,5}$")
_LEVEL_METRICS = ("利率", "收益率", "利差", "点差")

# What a comparison names: 较(周二尾盘) → previous close. Checked in this order.
_BASE_PHRASES = (
    (re.compile(r"同期(?:相比|水平)?$|去年[^，]{0,3}$|上年$|上一年$|前一年$|上年度$"), Basis.YOY),
    (re.compile(r"年初|上年末|去年末|去年底|上年底|\d+年(?:年)?[末底]$"), Basis.YEAR_START),
    (re.compile(r"周[一二三四五六日]|收盘|尾盘|结算|夜盘|昨|前一?日|上一?日|前一?个?交易日|上一?个?交易日|前收"), Basis.PREVIOUS_CLOSE),
    (re.compile(r"上[个一]?[月周季期]|前[个一][月周季期]|前[月周季期值]|环比|初值"), Basis.PREVIOUS_PERIOD),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """What the words before a quantity say of it; `start` is where they begin, `count` how many tokens remain."""

    start: int
    count: int
    direction: int = 0
    market: bool = False
    amplitude: int | None = None
    amplitude_start: int = 0
    level_to: bool = False
    reached: bool = False
    bound: Bound | None = None
    basis: Basis | None = None
    distribute: bool = False
    expected: bool = False
    prior: bool = False
    widens: bool = False
    quoted: bool = False
    moved: int = 0
    rate: str = ""
    compared: bool = False
    words: tuple[str, ...] = ()

    def follows(self) -> bool:
        """Tell whether the quantity goes on with what was just told: 报36833点 after 涨3.41%."""
        return self.reached or self.level_to or not self.words


def read_chain(text: str, window: list[Token], quantity: Quantity) -> Chain:
    """Give the chain of grammar words that ends at the quantity; `window` holds the tokens before it."""
    state: dict[str, object] = {}
    words: list[str] = []
    position, index = quantity.start, len(window) - 1
    while index >= 0:
        token = window[index]
        if text[token.end : position].strip() not in _GAPS:
            break
        if token.kind == "word" and token.groups & _PASSED:
            _note(state, token)
            if state.get("direction") and token.groups & _AMPLITUDES.keys():
                state["rate"] = text[token.start : token.end]
            words.append(text[token.start : token.end])
        elif token.kind == "word" and text[token.start : token.end] in _GAPS:
            words.append(text[token.start : token.end])
        elif token.kind not in {"time", "paren"}:
            break
        position, index = token.start, index - 1
    begin = window[0].start if window else quantity.start
    added = _ADDED.search(text, max(begin, quantity.start - 24), quantity.start)
    if added:
        count = sum(1 for token in window if token.end <= added.start())
        return Chain(added.start(), count, direction=1, basis=Basis.PREVIOUS_PERIOD, words=(added.group(),))
    return _compared(text, window, Chain(position, index + 1, words=tuple(reversed(words)), **state))  # type: ignore[arg-type]


def _note(state: dict[str, object], token: Token) -> None:
    groups = token.groups
    for group, value in _AMPLITUDES.items():
        if group in groups and "amplitude" not in state and not (state.get("direction") and not state.get("widens")):
            market = "amplitude_market" in groups
            state |= {"amplitude": value, "amplitude_start": token.start, "direction": 0, "market": market, "moved": token.start}
            return
    if "widen" in groups:
        state["widens"] = True
    if "reach_to" in groups and not state.get("direction") and "amplitude" not in state:
        state["level_to"] = True
    for group, (sign, market) in _DIRECTIONS.items():
        if group in groups and not state.get("direction") and "amplitude" not in state:
            if not groups & _BOUNDS.keys() or state.get("basis") or state.get("reached"):
                state |= {"direction": sign, "market": market, "moved": token.start}
    for group, bound in _BOUNDS.items():
        if group in groups and not state.get("direction"):
            state.setdefault("bound", bound)
    for group, basis in _BASES.items():
        if group in groups:
            state.setdefault("basis", basis)
    for group in ("distribute", "expected", "prior"):
        if group in groups:
            state[group] = True
    if "reach" in groups:
        state["reached"] = True
    if "quote" in groups:
        state["quoted"] = True


def _compared(text: str, window: list[Token], chain: Chain) -> Chain:
    """Read 较A增长: the phrase between 较 and the chain says what is compared with."""
    if not (chain.direction or chain.amplitude is not None):
        return chain
    for index in range(chain.count - 1, -1, -1):
        token = window[index]
        if "compare" not in token.groups:
            continue
        word, phrase = text[token.start : token.end], text[token.end : max(token.end, chain.moved or chain.start)]
        if word in {"与", "跟"} and "相比" not in "".join((*chain.words, phrase)):
            continue
        return _replace_basis(chain, token.start, index, phrase)
    return chain


def _replace_basis(chain: Chain, start: int, count: int, phrase: str) -> Chain:
    basis = base_of(phrase) if phrase else chain.basis or Basis.OTHER
    return replace(chain, start=start, count=count, basis=basis, compared=True, words=("较", *chain.words))


def base_of(phrase: str) -> Basis:
    """Give the basis that a comparison's phrase names.

    >>> base_of("上年同期")
    <Basis.YOY: 'yoy'>
    """
    stripped = phrase.strip("的，, ")
    for pattern, basis in _BASE_PHRASES:
        if pattern.search(stripped):
            return basis
    return Basis.OTHER


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with its kind, signed values, unit and bound."""

    kind: Kind
    low: Decimal
    high: Decimal | None
    unit: str
    bound: Bound


def measure(quantity: Quantity, chain: Chain, metric: str | None) -> Measure:
    """Give the kind and the signed value of a quantity after its chain; `metric` tells a rate from its change."""
    unit = _per(quantity, chain, metric)
    kind, sign, unit, low, high = _kind(quantity, chain, unit, metric)
    if sign < 0 and not quantity.signed:
        low, high = -low, (-high if high is not None else None)
    if high is not None and low > high:
        low, high = high, low
    bound = Bound.RANGE if high is not None else (quantity.bound or chain.bound or Bound.EXACT)
    return Measure(kind, low, high, unit, bound)


def _per(quantity: Quantity, chain: Chain, metric: str | None) -> str:
    """Give the unit, with the 每 of its metric: 每股收益0.32元 is CNY/股."""
    unit = quantity.unit or "个"
    if quantity.dimension != "money":
        return unit
    words = "".join(chain.words) + (metric or "")
    per = _EACH.search(words)
    if per:
        return f"{unit}/{per.group(1)}"
    return f"{unit}/股" if _PER_SHARE.search(words) else unit


def _kind(
    quantity: Quantity, chain: Chain, unit: str, metric: str | None
) -> tuple[Kind, int, str, Decimal, Decimal | None]:
    low, high = quantity.low, quantity.high
    if quantity.written == "doubling":
        return Kind.CHANGE_RATE, 1, unit, low, high
    if unit == "x":
        return _multiple(chain, low, high)
    if chain.amplitude is not None and not chain.direction:
        if unit == "%":
            return Kind.CHANGE_RATE, chain.amplitude or 1, unit, low, high
        if unit in {"pp", "bp"}:
            return Kind.CHANGE_AMOUNT, chain.amplitude or 1, unit, low, high
    if chain.direction and not chain.level_to:
        kind = Kind.CHANGE_RATE if unit == "%" else Kind.CHANGE_AMOUNT
        return kind, chain.direction, unit, low, high
    if unit == "%" and chain.basis in {Basis.YOY, Basis.PREVIOUS_PERIOD} and not chain.level_to:
        return Kind.CHANGE_RATE, 1, unit, low, high
    if unit == "pp" or (unit == "bp" and not (metric or "").endswith(_LEVEL_METRICS)):
        return Kind.CHANGE_AMOUNT, 1, unit, low, high
    return Kind.LEVEL, 1, unit, low, high


def _multiple(chain: Chain, low: Decimal, high: Decimal | None) -> tuple[Kind, int, str, Decimal, Decimal | None]:
    """Read 增长0.9倍 as +90 %, 增长至3倍 as +200 %, 9.81倍 as it stands."""
    grown_to = chain.level_to and any(word.startswith("增") for word in chain.words)
    if not (chain.direction or chain.amplitude is not None or grown_to):
        return Kind.LEVEL, 1, "x", low, high
    less = Decimal(1) if chain.level_to else Decimal(0)
    rates = [None if value is None else (value - less) * 100 for value in (low, high)]
    return Kind.CHANGE_RATE, chain.direction or chain.amplitude or 1, "%", rates[0] or Decimal(0), rates[1]
