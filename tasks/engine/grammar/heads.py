"""Where in a run of nouns the measure begins: 上海联交所|交易规模, 公司|累计质押, 利用|率."""

import re
from functools import cache, lru_cache

from tasks.engine.grammar.names import is_name, is_pronoun, known_names, longest_prefix, longest_suffix, without_code
from tasks.engine.grammar.tokens import BODIES
from tasks.engine.lexicon import alternation, word_groups

# An ending that makes a measure of words that the lexicon does not have: 对标率, 增值额.
_MEASURE_ENDINGS = "率额量值价费"
# 净利润亏损5亿元 is said of the profit.
_PROFITS = frozenset({"净利润", "净利", "利润", "纯利", "利润总额", "营业利润"})
# An act before one of these belongs to a name: 南宁产投|投资有限责任公司.
_NAMED = "(?:有限|集团|控股|管理|咨询|子公司|企业)"
_SHARES = ("股权", "股份", "股本", "持股", "控股", "权益")


@lru_cache(maxsize=8192)
def tail(words: str) -> int:
    """Give where the measure begins that ends the words, with its modifiers, or -1 where none ends them."""
    bare = without_code(words)
    head = longest_suffix(bare, word_groups()["metric_heads"])
    if not head:
        return -1
    start = len(bare) - len(head)
    if head == "亏损":
        start -= len(longest_suffix(bare[:start], _PROFITS))
    while start > 0:
        modifier = longest_suffix(bare[:start], word_groups()["metric_modifiers"]) or _joined_head(bare[:start])
        if not modifier:
            break
        start -= len(modifier)
    name = longest_prefix(bare, known_names())
    # 北向资金净流入: a name that the measure runs into stays whole, where the rest is a measure too.
    return len(name) if 0 < start < len(name) and bare[len(name) :] in word_groups()["metric_heads"] else start


def _joined_head(words: str) -> str:
    """Give a measure that 、 or 和 joins to the one behind it: 营业收入、 of 营业收入、利润总额."""
    if not words.endswith(("、", "和", "及")):
        return ""
    head = longest_suffix(words[:-1], word_groups()["metric_heads"])
    return f"{head}{words[-1]}" if head else ""


@lru_cache(maxsize=8192)
def cut(words: str) -> int:
    """Give where the measure begins in a label, or -1 where it holds none."""
    bare = without_code(words)
    start = tail(words)
    share = _share_of(bare)
    if share >= 0:
        return share
    named = BODIES.match(bare)
    begin = named.end() if named else len(longest_prefix(bare, known_names()))
    stop = start if start >= 0 else len(bare)
    # To look for an act alone, without what modifies it, is fast; most words hold none.
    holds_act = _act().search(bare, begin, stop)
    acts = [match.start() for match in _acts().finditer(bare, begin, stop)] if holds_act else []
    for act in acts:
        if act == 0 or is_name(bare[:act]) or is_pronoun(bare[:act]):
            return act
    if start >= 0:
        return start
    if acts:
        return acts[0]
    if len(bare) >= 2 and bare[-1] in _MEASURE_ENDINGS and not is_name(bare):
        return _unknown_head(bare)
    return -1


def _share_of(words: str) -> int:
    """Give where 增加值占全部工业的比重 begins: at 占, or at the measure before it; -1 where no share is told."""
    at = words.find("占")
    if at < 0 or words.startswith(("占地", "占领", "占用", "占有", "占据", "占款", "占比"), at):
        return -1
    return at - len(longest_suffix(words[:at], word_groups()["metric_heads"]))


def _unknown_head(words: str) -> int:
    """Give the cut before a measure that the lexicon does not have: a name, then …率, …额, …量."""
    for size in range(len(words) - 3, 1, -1):
        if is_name(words[:size]):
            return size
    return 0


@cache
def _act() -> re.Pattern[str]:
    return re.compile(alternation(tuple(word_groups()["act"])))


@cache
def _acts() -> re.Pattern[str]:
    return re.compile(rf"(?:{_modifiers()})*(?:{alternation(tuple(word_groups()['act']))})(?!{_NAMED})")


@cache
def _modifiers() -> str:
    return alternation(tuple(word_groups()["metric_modifiers"]))


@cache
def _only_modifiers() -> re.Pattern[str]:
    groups = word_groups()
    words = groups["metric_modifiers"] - groups["metric_heads"] - groups["act"]
    return re.compile(rf"(?:{alternation(tuple(words))})+")


@lru_cache(maxsize=8192)
def is_modifier(words: str) -> bool:
    """Tell whether words only modify a measure that is not there: 累计, 年均."""
    return bool(_only_modifiers().fullmatch(words))


@cache
def _behind() -> frozenset[str]:
    return frozenset(_SHARES) | word_groups()["metric_heads"] | word_groups()["act"]


@cache
def _behind_modified() -> re.Pattern[str]:
    return re.compile(rf"(?:{_modifiers()})+(?:{alternation(tuple(_behind()))})")


def behind(words: str) -> str | None:
    """Give the measure that the words behind a number begin with (的价格, 股权, 投资建设), or None."""
    measure = longest_prefix(words, _behind()) or (words[:1] if words[:1] in _behind() else "")
    if measure:
        return measure
    match = _behind_modified().match(words)
    return match.group() if match else None
