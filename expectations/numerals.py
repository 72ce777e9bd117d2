"""Number words and digits → Decimal, written for the audit alone: 1.8万亿, 1,100.9, 一百九十万零三千."""

import re
from decimal import Decimal
from functools import lru_cache

_FOLD = str.maketrans("０１２３４５６７８９．％＋－−﹣", "0123456789.%+---")
_WIDE_GROUP = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
_SECTIONS = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_HALF = "半"
# Atomic groups: a long digit run must not be tried in every partition.
_ARABIC = r"(?>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
_WORD = "[零〇一二两三四五六七八九]"
# 千瓦, 千克, 百分点 … are units, so their first character is no scale.
_SCALE = r"(?:[十万亿]|百(?!分[点之])|千(?![瓦克米伏卡焦]))"
NUMBER = rf"(?:{_ARABIC}{_SCALE}*|(?:{_WORD}|{_SCALE}|点(?={_WORD}))++|{_HALF})+"
_TOKEN = re.compile(rf"({_ARABIC})|({_WORD}+)|([十百千万亿])|({_HALF})")
_POINTED = re.compile(rf"([零〇一二两三四五六七八九十百千万亿]+)点({_WORD}+)([十百千万亿]*)")
_DIGIT_RUN = re.compile(r"\d[\d.,]*")
_NUMERAL = re.compile(_ARABIC)
_SIGN_ALONE = re.compile(r"[-+](?![\d零〇一二两三四五六七八九十百千半])")


def fold(text: str) -> str:
    """Give the text with plain digits, signs and commas, without white space: ２ ３６７万股 → 2367万股."""
    return _WIDE_GROUP.sub(",", "".join(text.split()).translate(_FOLD))


@lru_cache(maxsize=65536)
def is_malformed(folded: str) -> bool:
    """Give True where the digits of a folded text are no number that anybody would write.

    >>> [is_malformed(text) for text in ("655.58.1亿元", "84.32%%", "-亿元", "1,23,4.5万元", "1,234.5万元")]
    [True, True, True, True, False]
    """
    runs = _DIGIT_RUN.findall(folded)
    if "%%" in folded or any(_NUMERAL.fullmatch(run) is None for run in runs):
        return True
    return _SIGN_ALONE.match(folded) is not None


@lru_cache(maxsize=16384)
def read_number(words: str) -> Decimal | None:
    """Give the value of number words with their scale, or None where they cannot be read for certain.

    >>> [str(read_number(words)) for words in ("1.8万亿", "一万五千亿", "十五点八万", "百亿", "三四十")]
    ['1800000000000.0', '1500000000000', '158000.0', '10000000000', 'None']
    """
    if pointed := _POINTED.fullmatch(words):
        return _read_pointed(*pointed.groups())
    tokens = _TOKEN.findall(words)
    if not tokens or "".join("".join(token) for token in tokens) != words:
        return None
    return _evaluate(tokens)


def split_scale(words: str) -> tuple[str, str]:
    """Part number words from the scale at their end that a range may share: 6亿 → 6, 亿; 十亿 → 十, 亿."""
    pattern = r"(.*?\d)([十百千万亿]*)" if words[:1].isdigit() else r"(.+?)([万亿]*)"
    parts = re.fullmatch(pattern, words)
    return (parts[1], parts[2]) if parts else (words, "")


def _read_pointed(whole: str, decimals: str, scale: str) -> Decimal | None:
    integer = read_number(whole)
    factor = read_number(scale) if scale else Decimal(1)
    if integer is None or factor is None:
        return None
    fraction = "".join(str(_DIGITS[character]) for character in decimals)
    return (integer + Decimal(f"0.{fraction}")) * factor


def _evaluate(tokens: list[tuple[str, str, str, str]]) -> Decimal | None:
    """Read tens inside sections inside a whole; None where two numbers meet or a digit's place is open."""
    section = Decimal(0)
    total: Decimal | None = None
    current: Decimal | None = None
    after_scale = False
    for arabic, word, scale, half in tokens:
        if not scale:
            if current is not None or len(word.lstrip("零〇")) > 1:
                return None
            current = _simple(arabic, word, half)
            after_scale = (total is not None or bool(section)) and word == word.lstrip("零〇") and not arabic
        elif scale in _TENS:
            section += (Decimal(1) if current is None else current) * _TENS[scale]
            current, after_scale = None, False
        else:
            total = _close(total, section, current, _SECTIONS[scale])
            section, current, after_scale = Decimal(0), None, False
    if after_scale and tokens[-2][2] != "十":
        return None
    return (total or Decimal(0)) + section + (current or Decimal(0))


def _simple(arabic: str, word: str, half: str) -> Decimal:
    if half:
        return Decimal("0.5")
    return Decimal(arabic.replace(",", "")) if arabic else Decimal(_DIGITS[word[-1]])


def _close(total: Decimal | None, section: Decimal, current: Decimal | None, scale: Decimal) -> Decimal:
    """Give the whole after 万 or 亿: 亿 multiplies all before it that is smaller, 万 its own section."""
    if not section and current is None:
        return (Decimal(1) if total is None else total) * scale
    here = section + (current or Decimal(0))
    if total is not None and scale == _SECTIONS["亿"] and total < scale:
        return (total + here) * scale
    return (total or Decimal(0)) + here * scale
