"""Words that name: companies, places, indices, goods; pronouns; and codes in brackets behind a name."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from tasks.engine.lexicon import alternation, word_groups

NAME_GROUPS = (
    "companies", "institutions", "exchanges_and_indices", "places", "commodities", "currencies", "sectors", "products",
)  # fmt: skip
LONGEST = 24
_CODE = re.compile(r"\s?[（(][^（）()]{1,40}[）)]$")
_LATIN = re.compile(r"[A-Za-z][A-Za-z .&'\-]*$")
_PLACE = re.compile(r"(?:省|市|(?<![控范险洁])区|县|州|镇|盟|岛|洲|兵团)$")
# A name that leads a clause is its subject where one of these follows: 特斯拉|因…召回, 国家电网|召开….
_LEADS = re.compile(r"[因以由对在将拟向通于从把被就也已曾正作召宣公发表称获持的]")
_SUBSIDIARY = re.compile(r"(?:公司)?(?:全资|控股|参股|下属|旗下)*(?:子公司|孙公司|分公司)[^的，]{2,20}$")
# What a company or holder is to another one, before its own name.
_TITLE = re.compile(
    r"^[^、，]{0,16}?(?:旗下|全资|控股|参股|下属)+(?:子公司|孙公司|分公司|公司)(?=[^的、，]{2})|^其?(?:子公司|孙公司)(?=[^的、，]{2})|"
    r"^(?:公司|控股|第[一二]大|大)*股东(?=[^的、，大会户数权益应回]{2,4}$)"
)
_FUNCTION = re.compile(r"[的了是不没这那们很被把使让因未但]|通过|进行|认为|支持|体现|表明|显示|按照|根据")


@cache
def known_names() -> frozenset[str]:
    """Give all names of the lexicon."""
    groups = word_groups()
    return frozenset(word for group in NAME_GROUPS for word in groups[group])


@cache
def name_endings() -> frozenset[str]:
    """Give all words that end a name: the known names, and 公司, 指数, 期货 …."""
    return known_names() | word_groups()["subject_ends"]


def longest_suffix(words: str, known: frozenset[str]) -> str:
    """Give the longest ending of the words that is known, or an empty string."""
    for size in _sizes_by_end(known).get(words[-1:], ()):
        if words[-size:] in known:
            return words[-size:]
    return ""


def longest_prefix(words: str, known: frozenset[str]) -> str:
    """Give the longest beginning of the words that is known, or an empty string; one character is none."""
    for size in _sizes_by_begin(known).get(words[:2], ()):
        if words[:size] in known:
            return words[:size]
    return ""


# Most words begin and end with no known one: these tell it by one look, and which sizes are worth a try.
@cache
def _sizes_by_end(known: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Give for each last character the sizes of the known words that end with it, the longest first."""
    return _sizes((word[-1], len(word)) for word in known if len(word) <= LONGEST)


@cache
def _sizes_by_begin(known: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Give for each first two characters the sizes of the known words that begin with them, the longest first."""
    return _sizes((word[:2], len(word)) for word in known if 2 <= len(word) <= LONGEST)


def _sizes(found: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = {}
    for characters, size in found:
        sizes.setdefault(characters, set()).add(size)
    return {characters: tuple(sorted(all_, reverse=True)) for characters, all_ in sizes.items()}


@lru_cache(maxsize=8192)
def is_name(words: str) -> bool:
    """Tell whether a piece reads as a name: a known name or ending, a place, a code in brackets, Latin letters.

    >>> is_name("上海联交所")
    True
    """
    if _SUBSIDIARY.match(words):
        return True
    bare = without_code(words).rstrip('”"》')
    if bare != words and not words.endswith(("”", '"', "》")):
        return True
    if not bare:
        return False
    latin = bare[-1].isascii() and _LATIN.search(bare)
    return bool(latin or longest_suffix(bare, name_endings()) or _PLACE.search(bare, len(bare) - 2))


@lru_cache(maxsize=8192)
def may_be_name(words: str) -> bool:
    """Tell whether a piece that stands where names stand can be one: short, and no verb or particle in it."""
    if is_name(words):
        return True
    longest = max(len(part) for part in words.split("、"))
    return len(words) >= 2 and longest <= 16 and not _FUNCTION.search(words)


def is_place(words: str) -> bool:
    """Tell whether a name is a place."""
    return bool(_PLACE.search(words)) or words in word_groups()["places"]


_FORMAL = re.compile(r"[^，。、的]{2,40}?(?:有限责任公司|有限公司|集团公司|合伙企业)")


def acting_name(words: str) -> str:
    """Give the company or institution that a clause begins with, or an empty string."""
    formal = _FORMAL.match(words) if "公司" in words or "企业" in words else None
    if formal:
        return strip_code(formal.group())
    name = longest_prefix(words, known_names())
    actors = word_groups()
    return name if name in actors["companies"] or name in actors["institutions"] else ""


def leading_name(words: str) -> str:
    """Give the known name that leads a run of words and does something in it, or an empty string.

    >>> leading_name("特斯拉因前备箱问题")
    '特斯拉'
    """
    name = longest_prefix(words, known_names())
    return name if name and (len(name) == len(words) or _LEADS.match(words, len(name))) else ""


@cache
def central_banks() -> re.Pattern[str]:
    """Give the pattern of the central banks that the lexicon names."""
    banks = [word for word in word_groups()["institutions"] if word.endswith(("央行", "联储", "中央银行", "人民银行"))]
    return re.compile(alternation(tuple(banks)))


def is_pronoun(words: str) -> bool:
    """Tell whether a piece stands for what was named before: 公司, 其, 全省."""
    return words in word_groups()["pronoun"]


@cache
def _pronouns() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(tuple(word_groups()['pronoun']))})(?!债|法)")


def after_pronoun(words: str) -> str | None:
    """Give what follows a leading pronoun (该公司|年度电网投资计划), or None where none leads."""
    match = _pronouns().match(words)
    return words[match.end() :] if match else None


@lru_cache(maxsize=8192)
def strip_code(words: str) -> str:
    """Take what is no part of a name off it: 特斯拉(TSLA.O) is 特斯拉, 控股子公司上海泰欣 is 上海泰欣."""
    bare = without_code(words).rstrip()
    titled = "公司" in bare or "股东" in bare
    return (_TITLE.sub("", bare) if titled else bare) or bare or words


def without_code(words: str) -> str:
    """Take a code in brackets off the end of a name: 特斯拉(TSLA.O) is 特斯拉."""
    return _CODE.sub("", words) if words.endswith(("）", ")")) else words
