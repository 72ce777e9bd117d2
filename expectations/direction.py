"""Whether the sign of an amount agrees with the words beside it: 下降15% is negative, 增长-15% is refused."""

import re
from decimal import Decimal

from expectations.numerals import NUMBER, fold
from models.vocabulary import Kind

DOWN = (
    "下降|减少|下滑|回落|缩减|下跌|收跌|累跌|大跌|暴跌|微跌|领跌|跌|降低|下调|调降|下挫|削减|缩水|萎缩"
    "|走低|收低|下行|低开|降|减|降幅|跌幅|减幅|下修|调低|滑落"
)
_UP = (
    "增长|上升|增加|上涨|收涨|累涨|大涨|暴涨|微涨|领涨|涨|提高|提升|上调|调升|走高|增|升|增幅|涨幅|升幅|高开"
    "|反弹|回升|飙升|激增|大增|攀升|调高|上行|上浮|增速|增长率"
)
# What may stand between the direction word and its number.
_BRIDGE = (
    r"(?:了|约|近|超过?|逾|达到?|高达|为|至少|幅度|将|仅|不足|不超过|接近|大约|最多|最高|或|可能|各|均|分别"
    r"|[（(：:]|同比|环比)*+"
)
# The members of a list or the first end of a range, back to the word: 分别下降3%、4%和5%.
_MEMBERS = (
    rf"(?:[-+]?{NUMBER}(?:%|‰|个?百分点|个?基点|[^\d\s、，,。；/和及与或以至到~-]{{0,3}}+)?+"
    r"(?:[、，,/和及与或]|以及|-|至|到|~)++)*+"
)
_BESIDE = re.compile(rf"(?<![涨跌升降增减不抗])(?:(?P<down>{DOWN})|(?P<up>{_UP})){_BRIDGE}{_MEMBERS}{_BRIDGE}$")
_AFTER = re.compile(r"^的?(?:(?P<down>降幅|跌幅|减幅|下降|下滑|下跌)|(?P<up>涨幅|增幅|升幅|增长|上涨))")
# Any of these in the sentence may be why an amount is below zero.
_LESS = frozenset("跌降减缩少低亏失挫滑落损退负窄弱贬缓折下缺欠逆赤流净出赔回抛蒸零倒贴")
_BELOW_ZERO = frozenset("亏负损逆赤零缺差出倒贴减降跌折")
_SIGNS = ("-", "–", "负")
# What a text may begin with before it is folded, and of what each word for a fall has one.
SIGNS = "[-–－−﹣负]"
FALLS = "[降减滑落跌下缩低削萎]"


def wrong_sign(text: str, kind: str, amounts: tuple[Decimal, ...], before: str, after: str) -> str | None:
    """Say which word the sign contradicts, or None where it agrees.

    `amounts` is the value, or the low and high of a range; `before` and `after` are the sentence around it.

    >>> wrong_sign("15%", "change_rate", (Decimal("15"),), "净利润同比下降", "。")
    '下降 beside a rise'
    >>> wrong_sign("-15%", "change_rate", (Decimal("-15"),), "净利润同比增长", "。")
    '增长 beside a fall'
    """
    signed = fold(text).startswith(_SIGNS)
    low, high = min(amounts), max(amounts)
    if kind == Kind.LEVEL:
        return _wrong_level(signed, low, high, before)
    down, up = _direction(before, after)
    if down and high > 0:
        return f"{down} beside a rise"
    if up and low < 0 and (high <= 0 or not signed):
        return f"{up} beside a fall"
    if high <= 0 and low < 0 and not signed and _LESS.isdisjoint(before + after[:8]):
        return "a fall without a minus sign or a word for it"
    return "a minus sign beside a rise" if signed and low > 0 else None


def _wrong_level(signed: bool, low: Decimal, high: Decimal, before: str) -> str | None:
    if signed and low > 0:
        return "a minus sign beside an amount above zero"
    if high < 0 and not signed and _BELOW_ZERO.isdisjoint(before):
        return "an amount below zero without a minus sign or a word for it"
    return None


def _direction(before: str, after: str) -> tuple[str | None, str | None]:
    """Give the word for a fall or for a rise that belongs to the number between the two texts."""
    match = _BESIDE.search(fold(before[-120:])[-80:]) or _AFTER.match(fold(after[:8]))
    return (match["down"], match["up"]) if match else (None, None)
