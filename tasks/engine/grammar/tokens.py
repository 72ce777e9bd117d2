"""Text → tokens: times, quantities, words of the lexicon and marks in one list, then clauses.

Where they overlap, a word that holds a whole time wins (较上年末 is a basis), then times, then quantities, then words.
"""

import re
from datetime import date
from functools import cache
from operator import attrgetter

from models.vocabulary import Role
from tasks.engine.grammar.quantities import Malformed, Quantity, scan
from tasks.engine.grammar.roles import role_of
from tasks.engine.grammar.times import TimeExpression, find_times
from tasks.engine.lexicon import lexicon
from tasks.engine.values import value

# Begins with one set of characters, which makes the search fast; a dash is a mark where two stand together.
_MARKS = re.compile(r"[，,；;。！？!?\n：:、（）()【】\[\]“”\"《》①-⑳—](?:(?<!—)|—)")
_CLAUSE_ENDS = frozenset("，,；;。！？!?\n：:【】①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮")
_SENTENCE_ENDS = frozenset("。！？!?\n】①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮")
_OPEN, _CLOSE = frozenset("（(["), frozenset("）)]")
_PARTING = _CLAUSE_ENDS | _OPEN | _CLOSE
_LATIN = re.compile("[A-Za-z]{2}")
_WIDGET = re.compile(r"(?<![\d.,])[-+]?[\d.]++,\s?[-+]?[\d.]++,\s?[-+]?[\d.]++%")
# So many bare numbers in a row are data and no language; the last one may have a unit.
_ROW = re.compile(r"(?<![\d.,])\d++(?:\.\d++)?(?:,\s?\d++(?:\.\d++)?(?=,)){199,}+")
_SHORTEST_ROW = 399
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_NAME_OF_TIME = re.compile(
    r"份?(?:到期|交割|交付的|(?<=[月份])[^，。；、的\d]{0,6}(?:期货(?!市场|业|交易|公司|成交|行情)|合约(?!销售)))"
)
# A body whose name begins with a number: it is told as one, whatever it counts.
_IN_BODIES = ("省", "国集团")
BODIES = re.compile(r"\d{1,2}个?省(?:（自治区、直辖市）|\(自治区、直辖市\)|区市)?和新疆生产建设兵团|二十国集团")
# A clause is looked through for each of its numbers: one without end is cut, so that time stays linear in the text.
_LONGEST_CLAUSE = 48
_START = attrgetter("start")
NO_GROUPS: frozenset[str] = frozenset()

# A one-character word counts as grammar only where it leads straight into a quantity or another such word.
_COMPARE = frozenset({"compare"})
_LINK = frozenset({"link"})
# How a thing is done names neither whom nor what: 以集中竞价、大宗交易方式减持.
_MANNER = re.compile(r"(?:以|通过|采用|采取|按)[^，。；：以通采按\d]{1,24}?(?:方式|形式)")
# 国有, 私有: this 有 tells nothing of what there is.
_OWNED = frozenset({"国有", "私有", "公有"})
_LEADING_GAPS = frozenset({"", "了", " ", "人民币", "公司", "每股"})
_FREE_SINGLES = frozenset("较比由从拟将占料与其获予")


@value
class Token:
    """A piece of the text with what it is: `kind` is word, time, quantity, mark, paren or name."""

    start: int
    end: int
    kind: str
    groups: frozenset[str] = NO_GROUPS
    quantity: Quantity | None = None
    time: TimeExpression | None = None


@value
class Clause:
    """The tokens between two clause marks; `opener` and `closer` are these marks, `depth` counts open brackets."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    opener: str
    closer: str
    depth: int
    quantities: tuple[Token, ...]


@value
class Tokens:
    """All that one pass over a text found."""

    text: str
    clauses: list[Clause]
    times: list[TimeExpression]
    quantities: list[Quantity]
    malformed: list[Malformed]
    names: list[tuple[int, int]]
    widgets: list[tuple[int, int]]
    rows: list[tuple[int, int]]
    others: list[tuple[Quantity, Role, str | None]]
    codes: list[tuple[int, int]]


def tokenize(text: str, published: date) -> Tokens:
    """Give the clauses of a folded text, and the times, quantities, names and malformed numerals in it."""
    rows = [match.span() for match in _ROW.finditer(text)] if len(text) >= _SHORTEST_ROW else []
    times = find_times(_masked(text, rows), published)
    holds_body = any(words in text for words in _IN_BODIES)
    bodies = [match.span() for match in BODIES.finditer(text)] if holds_body else []
    found = scan(_masked(text, [*rows, *((time.start, time.end) for time in times), *bodies]))
    widgets = [match.span() for match in _WIDGET.finditer(text)] if "," in text else []
    quantities, others = _sorted_out(text, _outside(text, widgets, found.quantities))
    names = found.names + bodies
    clauses = _clauses_of(text, times, quantities, names) if quantities else []
    return Tokens(text, clauses, times, quantities, found.malformed, names, widgets, rows, others, found.codes)


def _clauses_of(
    text: str, times: list[TimeExpression], quantities: list[Quantity], names: list[tuple[int, int]]
) -> list[Clause]:
    """Give the clauses up to the end of the last quantity's sentence; those behind it speak of no quantity."""
    end = _SENTENCE_END.search(text, quantities[-1].end)
    if end is not None:
        text = text[: end.end()]
        times = [time for time in times if time.end <= len(text)]
        names = [name for name in names if name[1] <= len(text)]
    words = _words(text)
    return _clauses(text, _merged(text, words, _free_of_words(times, words), quantities, names))


def _outside(text: str, spans: list[tuple[int, int]], quantities: list[Quantity]) -> list[Quantity]:
    if not spans:
        return quantities
    covered = _covered(len(text), spans)
    return [quantity for quantity in quantities if not covered[quantity.start]]


def _sorted_out(text: str, found: list[Quantity]) -> tuple[list[Quantity], list[tuple[Quantity, Role, str | None]]]:
    """Part the quantities that may be figures from the numbers that are something else."""
    quantities: list[Quantity] = []
    others: list[tuple[Quantity, Role, str | None]] = []
    for quantity in found:
        role = role_of(text, quantity)
        if role is None:
            quantities.append(quantity)
        else:
            others.append((quantity, *role))
    return quantities, others


def _words(text: str) -> list[Token]:
    groups, latin = lexicon().spoken, lexicon().latin
    manners = [Token(*match.span(), "word", _LINK) for match in _MANNER.finditer(text)] if "方式" in text else []
    return manners + [
        Token(start, end, "word", groups[index])
        for index, start, end in lexicon().find(text)
        if groups[index] and not (latin[index] and _splits_latin(text, start, end))
    ]


def _splits_latin(text: str, start: int, end: int) -> bool:
    """Tell whether a word would be cut out of a longer Latin one: Meta of Metaverse."""
    return bool(_LATIN.match(text[start - 1 : start + 1]) or _LATIN.match(text[end - 1 : end + 1]))


@cache
def _swallowing() -> frozenset[str]:
    return frozenset(group for groups in lexicon().groups for group in groups if group.startswith("basis"))


def _free_of_words(times: list[TimeExpression], words: list[Token]) -> list[TimeExpression]:
    if not times:
        return times
    swallowing = _swallowing()
    holders = {
        start: word.end
        for word in words
        if not word.groups.isdisjoint(swallowing)
        for start in range(word.start, word.end)
    }
    return [time for time in times if time.end > holders.get(time.start, -1)]


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Blank out what is already read, so that its digits are no quantities."""
    if not spans:
        return text
    pieces, position = [], 0
    for start, end in sorted(spans):
        pieces.append(text[position:start])
        pieces.append("\x00" * (end - max(start, position)))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _covered(length: int, spans: list[tuple[int, int]]) -> bytearray:
    """Give for each character, and the end, whether a span holds it."""
    covered = bytearray(length + 1)
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return covered


def _merged(
    text: str,
    words: list[Token],
    times: list[TimeExpression],
    quantities: list[Quantity],
    names: list[tuple[int, int]],
) -> list[Token]:
    solid = [_time_token(text, t) for t in times]
    solid += [Token(q.start, q.end, "quantity", quantity=q) for q in quantities]
    solid += [Token(start, end, "name") for start, end in names]
    covered = _covered(len(text), [(token.start, token.end) for token in solid])
    for word in words:
        if not covered[word.start]:
            if not covered[word.end - 1]:
                solid.append(word)
            elif text[word.start] in "较比":
                # 较去年 ends inside the longer 去年春节: what is left of it is 较.
                solid.append(Token(word.start, word.start + 1, "word", _COMPARE))
        elif text[word.start] == "周" and not covered[word.end - 1]:
            # 周涨 begins inside the longer 本周: what is left of it is 涨.
            solid.append(Token(word.start + 1, word.end, "word", word.groups))
    solid += [Token(*mark.span(), "mark") for mark in _MARKS.finditer(text) if not covered[mark.start()]]
    solid.sort(key=_START)
    return _without_idle_singles(text, _without_plain_brackets(text, solid))


def _time_token(text: str, time: TimeExpression) -> Token:
    """Give the token of a time; one that belongs to a name (2023年7月到期的债券, 3月天然气期货合约) is a name."""
    if time.role is Role.NAME or (time.grain in {"day", "month", "year"} and _NAME_OF_TIME.match(text, time.end)):
        return Token(time.start, time.end, "name")
    return Token(time.start, time.end, "time", time=time)


def _without_plain_brackets(text: str, tokens: list[Token]) -> list[Token]:
    """Fold a bracket that holds no quantity, such as （LME） or (600519), into one `paren` token."""
    if not any(mark in text for mark in _OPEN):
        return tokens
    kept: list[Token] = []
    opens: list[int] = []
    full = -1  # the last open bracket that holds a quantity; those around it hold it too
    for token in tokens:
        character = text[token.start] if token.kind == "mark" else ""
        kept.append(token)
        if token.quantity and (token.quantity.unit or token.quantity.scale):
            full = len(opens) - 1
        elif character and character in _OPEN:
            opens.append(len(kept) - 1)
        elif character and character in _CLOSE and opens:
            first = opens.pop()
            if full < len(opens):
                kept[first:] = [Token(kept[first].start, token.end, "paren")]
            full = min(full, len(opens) - 1)
    return kept


def _without_idle_singles(text: str, tokens: list[Token]) -> list[Token]:
    """Drop one-character words that lead into no quantity and no other word: 超 of 超级, 至 of 至今."""
    kept: list[Token] = []
    following: Token | None = None
    for token in reversed(tokens):
        if token.kind == "word" and token.end - token.start == 1 and text[token.start] not in _FREE_SINGLES:
            leads = following is not None and text[token.end : following.start] in _LEADING_GAPS
            if not leads or following is None or following.kind not in {"word", "quantity", "time"}:
                continue
            if following.kind == "word" and text[token.start - 1 : token.end] in _OWNED:
                continue
        kept.append(token)
        following = token
    kept.reverse()
    return kept


def _clauses(text: str, tokens: list[Token]) -> list[Clause]:
    clauses: list[Clause] = []
    inside: list[Token] = []
    start, opener, depth = 0, "", 0
    for token in tokens:
        character = text[token.start]
        if token.kind == "mark" and character in _PARTING:
            clauses.append(_clause(start, token.start, inside, opener, character, depth))
            depth += (character in _OPEN) - (character in _CLOSE and depth > 0)
            inside, start, opener = [], token.end, character
        elif len(inside) == _LONGEST_CLAUSE:
            clauses.append(_clause(start, token.start, inside, opener, "", depth))
            inside, start, opener = [token], token.start, ""
        else:
            inside.append(token)
    clauses.append(_clause(start, len(text), inside, opener, "", depth))
    return clauses


def _clause(start: int, end: int, tokens: list[Token], opener: str, closer: str, depth: int) -> Clause:
    quantities = [token for token in tokens if token.kind == "quantity"]
    return Clause(start, end, tuple(tokens), opener, closer, depth, tuple(quantities))


def ends_sentence(mark: str) -> bool:
    """Tell whether a clause mark ends the sentence too."""
    return mark in _SENTENCE_ENDS
