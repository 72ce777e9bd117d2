"""The nouns before (or after) a quantity → subject and metric.

A label such as 上海联交所交易规模 is cut where its measure begins; what stands before is whom it is said of, if it is a
name, and otherwise belongs to the measure (碳交易成交量), whose subject is inherited.
"""

import re
from dataclasses import dataclass
from functools import cache

from tasks.engine.grammar.tokens import Token
from tasks.engine.lexicon import alternation, word_groups

_HEADS = frozenset({"metric_heads", "act"})
BREAKS = frozenset(
    {"rise", "fall", "rise_market", "fall_market", "basis_yoy", "basis_previous_period", "basis_year_start"}
) | frozenset(
    {"basis_previous_close", "basis_other", "about", "over", "under", "reach", "reach_to", "from", "forecast", "target"}
) | frozenset(
    {"distribute", "among", "link", "say", "do", "adverb", "prior", "expected", "compare", "compare_end"}
) | frozenset({"amplitude_rise", "amplitude_fall", "amplitude"})
_TRIM_LEFT = "的和及与、了之 \"“”《》·-—|,，)）"
_TRIM_RIGHT = "的和及与、了之 \"《|—-,(（"
_LEFT_WORDS = re.compile(
    r"在(?![岸建产线职校])|对(?![标价外])|由|将|被|把|向|为|于|并(?!购|表)|而|且|但|若|如|即|又|也|还|都|均(?!价)|已|以(?![太色])|按|"
    r"共(?![同建])|从|其(?![他它])|该|个(?![人股税])|或者|或|是|则|到|更|据|原|再|另|让|使|每(?!股|A)|给|至|时|新(?=增)|后(?=，)|称|这是|多个|形成多个|一些|不少|其中"
)
_RIGHT_WORDS = re.compile(
    r"(?:以及|在|由|以|按|将|被|把|向|为|于|并|而|且|但|若|则|即|又|也|还|(?<!成)都|已|是|至|到|(?<![持拥])有|共|只|仅|较|(?<![占同环])比|所|其|一般|每|可|能|会|均|(?<![集其当])中|因[^，。]{0,3})$"
)
# 向阿里网络转让: who is led in by 向 is not whom the figure is said of.
_LED = re.compile(r"[，、\s]*(?:向|对(?!应)|给|与|为)")
_ELEMENTS = frozenset("铜铝锌铅镍锡金银")
_CODE = re.compile(r"\s?[（(][^（）()]{1,40}[）)]$")
_LATIN = re.compile(r"[A-Za-z][A-Za-z .&'\-]*$")
_PLACE = re.compile(r"(?:省|市|区|县|州|镇|国|盟|岛|洲|兵团)$")
_SUFFIX_HEADS = "率额量值价费"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of nouns between grammar words: its offsets and text, and where in it the measure begins (or -1)."""

    start: int
    end: int
    text: str
    cut: int
    after: str = ""
    led: bool = False
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Subject and metric as they stand in the article; `rule` says how they were told apart."""

    subject: str | None
    metric: str | None
    rule: str


@cache
def _metric_tail() -> re.Pattern[str]:
    heads = alternation(tuple(word_groups()["metric_heads"]))
    modifiers = alternation(tuple(word_groups()["metric_modifiers"]))
    return re.compile(rf"(?:(?:{modifiers})*(?:{heads}))$")


@cache
def measure_head() -> re.Pattern[str]:
    """Give the pattern of a measure that stands after its number: 的价格, 股权, 股份, 控股."""
    after = ["股权", "股份", "股本", "持股", "控股", "权益", *word_groups()["metric_heads"], *word_groups()["act"]]
    modifiers = alternation(tuple(word_groups()["metric_modifiers"]))
    return re.compile(rf"(?:{modifiers})*(?:{alternation(after)})")


@cache
def _acts() -> re.Pattern[str]:
    modifiers = alternation(tuple(word_groups()["metric_modifiers"]))
    return re.compile(rf"(?:{modifiers})*(?:{alternation(tuple(word_groups()['act']))})")


@cache
def _name_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(tuple(word_groups()['subject_ends']))})[”\"]?$")


@cache
def _name_inside() -> re.Pattern[str]:
    names = [word for word in word_groups()["subject_ends"] if len(word) > 1]
    return re.compile(rf"(?:{alternation(names)})")


def pieces(text: str, start: int, end: int, tokens: list[Token]) -> list[Piece]:
    """Give the noun pieces of text[start:end], parted by grammar words and times."""
    found: list[Piece] = []
    position = start
    for token in tokens:
        if token.start < position or token.end > end:
            continue
        breaks = token.kind in {"time", "quantity"} or (
            token.kind == "word" and token.groups & BREAKS and not token.groups & _HEADS
        )
        if breaks:
            _add(found, text, position, token.start, text[token.start : token.end])
            position = token.end
    _add(found, text, position, end, "")
    return found


def _add(found: list[Piece], text: str, start: int, end: int, after: str) -> None:
    led = bool(_LED.match(text, start, end))
    start, end = _trimmed(text, start, end)
    words = text[start:end]
    if (len(words) > 1 or words in _ELEMENTS) and not _only_modifiers().fullmatch(words):
        measured = bool(_metric_tail().search(_CODE.sub("", words)))
        found.append(Piece(start, end, words, _cut(words), after, led, measured))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take particles off both ends of a run of nouns."""
    while start < end:
        word = _LEFT_WORDS.match(text, start, end)
        if text[start] in _TRIM_LEFT:
            start += 1
        elif word and word.end() < end:
            start = word.end()
        else:
            break
    while end > start:
        word = _RIGHT_WORDS.search(text, max(start, end - 3), end)
        if text[end - 1] in _TRIM_RIGHT:
            end -= 1
        elif word and word.start() > start:
            end = word.start()
        else:
            break
    return start, end


@cache
def _only_modifiers() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(tuple(word_groups()['metric_modifiers'] - word_groups()['metric_heads'] - word_groups()['act']))})+")


def split_label(piece: Piece) -> tuple[str, str]:
    """Give what stands before the measure in a label, without particles, and the measure."""
    start, end = _trimmed(piece.text, 0, piece.cut)
    return piece.text[start:end], piece.text[piece.cut :]


def _cut(words: str) -> int:
    """Give where the measure begins in a label: 上海联交所|交易规模, or -1 where it holds none."""
    bare = _CODE.sub("", words)
    tail = _metric_tail().search(bare)
    if tail:
        act = _last_act(bare, tail.start())
        return act if act >= 0 else tail.start()
    act = _last_act(bare, len(bare))
    if act >= 0:
        return act
    if len(bare) >= 2 and bare[-1] in _SUFFIX_HEADS and not is_name(bare):
        return _unknown_head(bare)
    return -1


def _last_act(words: str, before: int) -> int:
    """Give where the verb begins that a measure is made of: 回购|限制性股票, 累计|质押."""
    found = [match.start() for match in _acts().finditer(words, 0, before)]
    return found[0] if found else -1


def _unknown_head(words: str) -> int:
    """Give the cut before a measure the lexicon does not have: a name, then …率, …额, …量."""
    for size in range(len(words) - 2, 1, -1):
        if is_name(words[:size]):
            return size
    return 0


def is_name(words: str) -> bool:
    """Tell whether a piece reads as a name: a known ending, a place, a code in brackets, Latin letters.

    >>> is_name("上海联交所")
    True
    """
    bare = _CODE.sub("", words)
    if bare != words:
        return True
    return bool(bare) and bool(_name_end().search(bare) or _PLACE.search(bare) or _LATIN.search(bare))


_FUNCTION = re.compile(r"[的了是不没这那们很被把使让因]|通过|进行|认为|支持|体现|表明|显示|按照|根据")


def may_be_name(words: str) -> bool:
    """Tell whether a piece that stands where names stand can be one: short, and no verb or particle in it."""
    return is_name(words) or (2 <= len(words) <= 16 and not _FUNCTION.search(words))


def topic_of(piece: Piece) -> str:
    """Give the name that a clause without figures begins with: 全国碳市场 of 全国碳市场运行良好."""
    if is_name(piece.text):
        return piece.text
    found = [m.end() for m in _name_inside().finditer(piece.text)]
    return piece.text[: found[-1]] if found else piece.text


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


def is_place(words: str) -> bool:
    """Tell whether a name is a place."""
    return bool(_PLACE.search(words)) or words in word_groups().get("places", frozenset())


def strip_code(words: str) -> str:
    """Take a code in brackets off the end of a name: 特斯拉(TSLA.O) is 特斯拉."""
    return _CODE.sub("", words).rstrip() or words
