"""The grammar words that lead into a quantity, read from the quantity leftwards until a noun stands in the way.

In 净利润同比大幅增长超5% the chain is 超 ← 增长 ← 大幅 ← 同比, and 净利润 is what was measured.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from models.vocabulary import Basis, Bound
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Token
from tasks.engine.values import value

_DIRECTIONS = {"rise": 1, "fall": -1, "rise_market": 1, "fall_market": -1}
_AMPLITUDES = {"amplitude_rise": 1, "amplitude_fall": -1, "amplitude": 0}
_BOUNDS = {"about": Bound.ABOUT, "over": Bound.OVER, "under": Bound.UNDER}
_MARKET = frozenset({"rise_market", "fall_market"})
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
_GAPS = frozenset(
    [
        "",
        "了",
        "的",
        "为",
        "在",
        "其",
        "至",
        "人民币",
        "每股",
        "幅度",
        "幅度为",
        "了约",
        "区间",
        "公司",
        "该公司",
        "上市公司",
    ]
)

# What a comparison names: 较(周二尾盘) → previous close. Checked in this order.
_BASE_PHRASES = (
    (re.compile(r"同期(?:相比|水平)?$|去年[^，]{0,3}$|上年$|上一年$|前一年$|上年度$"), Basis.YOY),
    (re.compile(r"年初|上年末|去年末|去年底|上年底|\d+年(?:年)?[末底]$"), Basis.YEAR_START),
    (
        re.compile(r"周[一二三四五六日]|收盘|尾盘|结算|夜盘|昨|前一?日|上一?日|前一?个?交易日|上一?个?交易日|前收"),
        Basis.PREVIOUS_CLOSE,
    ),
    (re.compile(r"上[个一]?[月周季期]|前[个一][月周季期]|前[月周季期值]|环比|初值"), Basis.PREVIOUS_PERIOD),
)
# 较前一日新增N例 is a change although 新增N例 is a level.
_ADDED = re.compile(r"(?:较|比)(?:前一?[日天]|昨日|上[一个]?[日周月])(?:新增|增加?)[\u4e00-\u9fff]{0,5}$")
_ADDED_WITHIN = 24


class Sense(NamedTuple):
    """What a word's groups say of a quantity that it leads into, each None or 0 where they do not say it."""

    direction: int
    amplitude: int | None
    bound: Bound | None
    basis: Basis | None


@cache
def sense_of(groups: frozenset[str]) -> Sense:
    """Give what the groups say; there are few sets of them."""
    return Sense(
        next((sign for group, sign in _DIRECTIONS.items() if group in groups), 0),
        next((sign for group, sign in _AMPLITUDES.items() if group in groups), None),
        next((bound for group, bound in _BOUNDS.items() if group in groups), None),
        next((basis for group, basis in _BASES.items() if group in groups), None),
    )


@value
class Chain:
    """What the words before a quantity say of it.

    `start` is where they begin and `count` how many tokens stand before them; `direction` is +1 or -1 where a word of
    rising or falling leads in, `amplitude` that of 涨幅 or 降幅; `rate` is the growth that itself moved, as in
    增速提高2个百分点; `market` says that the move is one of prices.
    """

    start: int
    count: int
    direction: int = 0
    market: bool = False
    amplitude: int | None = None
    level_to: bool = False
    reached: bool = False
    quoted: bool = False
    bound: Bound | None = None
    basis: Basis | None = None
    distribute: bool = False
    expected: bool = False
    prior: bool = False
    compared: bool = False
    rate: str = ""
    words: tuple[str, ...] = ()

    def follows(self) -> bool:
        """Tell whether the quantity goes on with what was just told: 报36833点 after 涨3.41%."""
        return self.reached or self.level_to or not self.words


@dataclass(slots=True)
class _Steps:
    """The chain while it is read, from the quantity leftwards."""

    direction: int = 0
    market: bool = False
    amplitude: int | None = None
    widens: bool = False
    level_to: bool = False
    moved: int = 0
    bound: Bound | None = None
    basis: Basis | None = None
    rate: str = ""
    seen: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    def take(self, token: Token, word: str) -> None:
        """Add the next word to the left."""
        groups, sense = token.groups, sense_of(token.groups)
        self._take_move(token, word, sense)
        if sense.bound is not None and self.bound is None and not self._said(sense):
            self.bound = sense.bound
        self.basis = self.basis or sense.basis
        self.widens = self.widens or "widen" in groups
        self.seen |= groups
        self.words.append(word)

    def _said(self, sense: Sense) -> bool:
        """Tell whether a word such as 高于 was already read as the move itself, or compares: 高于预期的5亿元."""
        moved = bool(self.direction) and bool(sense.direction)
        return moved or "expected" in self.seen

    def _take_move(self, token: Token, word: str, sense: Sense) -> None:
        if sense.amplitude is not None:
            self._take_amplitude(token, word, sense.amplitude)
        elif self.amplitude is None and not self.direction:
            self.level_to = self.level_to or "reach_to" in token.groups
            if sense.direction and (sense.bound is None or self.basis or "reach" in self.seen):
                self.direction, self.moved = sense.direction, token.start
                self.market = not token.groups.isdisjoint(_MARKET)

    def _take_amplitude(self, token: Token, word: str, amplitude: int) -> None:
        """Read 跌幅扩大超4% as a fall of 4 %, and 增速提高4.2个百分点 as a change of the growth."""
        if self.direction and not self.widens:
            self.rate = self.rate or word
        elif self.amplitude is None:
            self.amplitude, self.direction, self.moved = amplitude, 0, token.start
            self.market = "amplitude_market" in token.groups


def read_chain(text: str, window: list[Token], quantity: Quantity) -> Chain:
    """Give the chain of grammar words that ends at the quantity; `window` holds the tokens before it."""
    added = _added(text, window, quantity)
    if added is not None:
        return added
    steps = _Steps()
    position, index = quantity.start, len(window) - 1
    while index >= 0 and _leads(text, window[index], position):
        token = window[index]
        if token.kind == "word":
            steps.take(token, text[token.start : token.end])
        position, index = token.start, index - 1
    _bound_before_verb(text, window, index, position, steps)
    return _compared(text, window, _chain(steps, position, index + 1), steps.moved)


def _leads(text: str, token: Token, position: int) -> bool:
    if text[token.end : position].strip() not in _GAPS:
        return False
    if token.kind == "word":
        return not token.groups.isdisjoint(_PASSED) or text[token.start : token.end] in _GAPS
    return token.kind in {"time", "paren"}


def _bound_before_verb(text: str, window: list[Token], index: int, position: int, steps: _Steps) -> None:
    """Read the bound of 至少加息25个基点 and 最高预亏197亿元, where a verb stands between."""
    if steps.bound is not None or index < 1:
        return
    verb, word = window[index], window[index - 1]
    if "act" in verb.groups and not text[verb.end : position].strip() and word.end == verb.start:
        steps.bound = sense_of(word.groups).bound


def _chain(steps: _Steps, start: int, count: int) -> Chain:
    return Chain(
        start,
        count,
        direction=steps.direction,
        market=steps.market,
        amplitude=steps.amplitude,
        level_to=steps.level_to,
        reached="reach" in steps.seen,
        quoted=bool({"quote", "basis_previous_close"} & steps.seen),
        bound=steps.bound,
        basis=steps.basis,
        distribute="distribute" in steps.seen,
        expected="expected" in steps.seen,
        prior="prior" in steps.seen,
        rate=steps.rate,
        words=tuple(reversed(steps.words)),
    )


def _added(text: str, window: list[Token], quantity: Quantity) -> Chain | None:
    begin = window[0].start if window else quantity.start
    match = _ADDED.search(text, max(begin, quantity.start - _ADDED_WITHIN), quantity.start)
    if match is None:
        return None
    count = sum(token.end <= match.start() for token in window)
    return Chain(match.start(), count, direction=1, basis=Basis.PREVIOUS_PERIOD, words=(match.group(),))


def _compared(text: str, window: list[Token], chain: Chain, moved: int) -> Chain:
    """Read 较A增长: the phrase between 较 and the move says what is compared with."""
    if not chain.direction and chain.amplitude is None:
        return chain
    for index in range(chain.count - 1, -1, -1):
        token = window[index]
        if "compare" not in token.groups:
            continue
        word, phrase = text[token.start : token.end], text[token.end : max(token.end, moved or chain.start)]
        if word in {"与", "跟"} and "相比" not in "".join((*chain.words, phrase)):
            continue
        basis = base_of(phrase) if phrase else chain.basis or Basis.OTHER
        words = (word, *chain.words)
        return replace(chain, start=token.start, count=index, basis=basis, compared=True, words=words)
    return chain


def base_of(phrase: str) -> Basis:
    """Give the basis that a comparison's phrase names.

    >>> base_of("上年同期").value
    'yoy'
    """
    stripped = phrase.strip("的，, ")
    for pattern, basis in _BASE_PHRASES:
        if pattern.search(stripped):
            return basis
    return Basis.OTHER
