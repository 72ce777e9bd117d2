"""The one pattern that finds numbers with their scale and unit, numerals in words, names with digits, and codes."""

import re
from collections.abc import Iterator
from functools import cache

from tasks.engine.lexicon import alternation, lexicon

_CN = "零〇一二两三四五六七八九十百千万亿"
# Every character that a match of the scanner can begin with.
_STARTS = re.compile(rf"[0-9A-Za-z+\-翻{_CN}]")
# Where nothing begins with the first letter of a word or far in front in a run of numerals, nothing begins within it.
_RUN = re.compile(rf"[A-Za-z]++|[{_CN}]+(?=[{_CN}]{{30}})")
# A short number that none of the signs follow which make a code, a name or a malformed numeral: most are such.
_PLAIN = r"\d{1,8}(?:\.\d{1,8})?(?![\d.,A-Za-z/\-]|%%)"
_CN_DIGITS = "一二两三四五六七八九"


@cache
def _unit_pattern() -> str:
    units = lexicon().units
    latin = [word for word in units if word.isascii() and word != "%"]
    others = [word for word in units if word not in latin]
    guarded = lexicon().guarded
    free = alternation([word for word in others if word not in guarded])
    single = "|".join(f"{re.escape(word)}(?![{stops}])" for word, stops in guarded.items() if word in units)
    return rf"(?:{free}|{single}|(?:{alternation(latin)})(?![A-Za-z]))"


@cache
def _scanner() -> re.Pattern[str]:
    unit, per = _unit_pattern(), alternation(lexicon().per)
    money = alternation([word for word, u in lexicon().units.items() if u.dimension == "money"])
    head = r"(?:EPS|PE|PB|PMI|LPR|CPI|PPI|GDP|ROE|ROI|ARPU|GMV|MLF|PCE|NCI|VIX|IPO|AUM|NAV|ADS|RMB|USD|HKD)"
    tail = "多|余|左右|上下|以上|以下|以内|之内|之多|出头"
    return re.compile(
        rf"""
        (?=\d)(?!{_PLAIN})(?:
        (?P<code>(?<!\d)(?:\d{{3,4}}-\d{{7,8}}|400-\d{{3,4}}-\d{{3,4}}|1[3-9]\d{{9}})(?!\d)
          |(?<![\d.,])\d{{15,}}+(?!\.\d))
      | (?P<long>(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}}){{5,}}+(?:\.\d++)?|\d++\.\d{{11,}}+(?!\.\d)
            |\d{{15,}}+\.\d++(?!\.\d)))
      | (?P<dots>(?<![\d.])\d++(?:\.\d++){{2,}}+\s?(?:[十百千万亿]+(?:{unit})?|{unit}))
      | (?P<percents>(?<![\d,.])\d[\d,.]*+%%++)
      | (?P<groups>(?<![\d,])(?=\d)(?!\d{{1,3}}(?:,\d{{3}})+(?![\d,]))
            \d+(?:,\d+)+(?:\.\d+)?\s?(?:[万亿]+(?:{unit})?|{money})
          |(?<![\d,.])\d{{1,3}},\d{{4,12}}(?:{unit}))
      | (?P<dotted>(?<![\d.])\d++(?:\.\d++){{2,}}+)
      | (?P<mix>(?<![\d.])\d++(?:\.\d++)?(?:[/\-]\d++(?:\.\d++)?){{0,3}}+-?(?!{unit})[A-Za-z][A-Za-z\d\-]*+)
        )
      | (?=[A-Za-z])(?:
        (?P<url>https?://[\x21-\x7e]+|www\.[\x21-\x7e]+)
      | (?P<name>(?<![A-Za-z])(?!{head}(?![A-Za-z]))[A-Za-z]++(?:[-.][A-Za-z]++){{0,5}}+
            [-.·]?\d[\dA-Za-z.\-]*+(?<![.\-])(?:\(\d{{1,4}}\))?(?![%\d]))
        )
      | (?P<empty>(?<=[\u4e00-\u9fff])(?<![{_CN}元%])-[十百千]?(?:万亿|亿|万)(?:{money}))
      | (?P<sign>(?<![\d%A-Za-z股元])[-+](?=\d))?
        (?P<num>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d{{1,3}}(?:，\d{{3}})+(?![\d%])(?:\.\d+)?(?!\.)|\d+(?:\.\d+)?)
        (?:\s?(?P<scale>(?:[十百千]?(?:万亿|亿|万)|[百千](?![分瓦克米伏卡赫帕焦字升]))))?
        (?P<more>[多余])?(?P<more_scale>万亿|亿|万)?
        (?:\s?(?P<unit>{unit})(?:(?:/|每)(?P<per>{per})(?![A-Za-z]))?)?
        (?P<tail>{tail})?
      | (?P<part>百分之|千分之)(?P<part_of>[{_CN}]+(?:点[{_CN}]+)?|\d+(?:\.\d+)?)(?P<part_tail>{tail})?
      | (?P<tenths>[{_CN_DIGITS}])成(?P<tenths_rest>半|[{_CN_DIGITS}](?!倍))?(?P<tenths_tail>{tail})?
            (?![立为长交本功果员都份品绩人型效熟就语套材分形])
      | 翻(?:了)?(?P<doubling>[{_CN_DIGITS}])?(?:番|倍|一倍)(?P<doubling_tail>{tail})?
      | (?P<chinese>(?<![{_CN}])(?:[{_CN}]{{1,24}}(?:点[{_CN}]{{1,24}})?)(?<![百千万亿]千))
            (?P<cmore>[多余])?(?P<cscale>万亿|亿|万)?(?P<cunit>{unit})(?:(?:/|每)(?P<cper>{per}))?(?P<ctail>{tail})?
        """,
        re.VERBOSE,
    )


def matches(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of the scanner in a folded text, in text order.

    The group that matched tells what was found: num, code, url, name, mix, dotted, a malformed numeral (dots,
    percents, groups, long, empty), or a numeral in words (part, tenths, doubling, chinese). A cheap look for where
    one can begin saves most of the tries.
    """
    position, scanner = 0, _scanner()
    while start := _STARTS.search(text, position):
        match = scanner.match(text, start.start())
        if match:
            yield match
        begun = match.end() if match else start.start() + 1
        behind = None if match else _RUN.match(text, start.start())
        position = max(begun, behind.end() if behind else 0)
