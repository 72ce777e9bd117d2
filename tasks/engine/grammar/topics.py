"""Clauses that state no figure: they name whom, what and against what the next ones speak."""

import re
from functools import cache

from models.vocabulary import Basis
from tasks.engine.grammar import labels
from tasks.engine.grammar.chains import base_of
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.labels import Piece, pieces
from tasks.engine.grammar.names import (
    LONGEST,
    acting_name,
    after_pronoun,
    is_name,
    is_pronoun,
    leading_name,
    longest_suffix,
    may_be_name,
    strip_code,
)
from tasks.engine.grammar.tokens import Clause, Token, ends_sentence
from tasks.engine.lexicon import word_groups

# What stands before a colon and names nothing that is measured.
_COLON_LABELS = (
    "原标题", "来源", "来源链接", "简称", "以下简称", "标题", "记者", "推荐", "市场消息", "外媒", "快讯",
)  # fmt: skip
# Who speaks here speaks of others.
_OPINION = re.compile(
    r"^(?:这|此|有|市场|投资者|我们|他|她|媒体|知情|消息|据|多)|分析师|业内|专家|交易员|记者|人士|发言人|[局部院司署处行会]长|主席|"
    r"经济学家|策略师|官员|首席|CEO|总裁|董事|主任|总监|(?:讯|快讯|新闻|网|报|社|财经|APP|数据|信息|中心)$"
)
_OWN_WORDS = ("公告", "披露", "业绩", "财报", "预告")
_SOURCES = ("据", "按", "根据", "来自", "作为", "自")
_BEFORE_NUMBER = frozenset("较比与同环")
_COMPARED = frozenset({"较", "比", "相比", "相较于", "相较"})
_MARKET = frozenset({"rise_market", "fall_market", "amplitude_market"})
_BASES = (
    ("basis_yoy", Basis.YOY),
    ("basis_previous_period", Basis.PREVIOUS_PERIOD),
    ("basis_year_start", Basis.YEAR_START),
)


def read_topic(context: Context, text: str, clause: Clause, told: bool) -> None:
    """Take subject, measure and basis from a clause; `told` says that figures came before it."""
    context.basis = (stated_basis(clause.tokens) or _compared_basis(text, clause)) if clause.tokens else None
    if text.startswith(_SOURCES, clause.start) or clause.start == clause.end or _is_view(text, clause):
        return
    found = [piece for piece in pieces(text, clause.start, clause.end, clause.tokens) if not piece.led]
    if not found:
        return
    context.listed = found[0].text if "、" in found[0].text else context.listed
    said = next((token for token in clause.tokens if "say" in token.groups), None)
    if said is not None:
        own = any(word in text[said.start : said.end] for word in _OWN_WORDS)
        before = [piece for piece in found if text.index(piece.text, clause.start) < said.start]
        if before and (not told or (own and len(before) == 1)):
            _speaker(context, found[0], text[said.start : said.end], text[said.end : clause.end])
    elif clause.closer in "：:":
        _before_colon(context, found[0])
    elif _pending(context, found):
        return
    else:
        _opener(context, clause, found[0])


def _is_view(text: str, clause: Clause) -> bool:
    """Tell whether a clause only says how a whole is parted: 分产业看, 从行业来看."""
    return text[clause.start] in "分从按" and text.endswith("看", clause.start, clause.end)


def _speaker(context: Context, piece: Piece, said: str, rest: str) -> None:
    name = leading_name(piece.text) or strip_code(piece.text)
    if is_pronoun(name) or name in word_groups()["analysts"] or not may_be_name(name) or _OPINION.search(piece.text):
        return
    own = any(word in said for word in _OWN_WORDS)
    if "研报" in said or "研报" in piece.text or not (is_name(name) or len(name) <= 8):
        return
    if own or context.main is None:
        context.main = name
        context.subject = name if own else context.subject


def _before_colon(context: Context, piece: Piece) -> None:
    name = strip_code(re.split(r"\s{2,}", piece.text)[-1])
    if name not in word_groups()["analysts"] and not name.endswith(_COLON_LABELS) and (piece.cut < 0 or is_name(name)):
        context.main = context.main or name
        context.speak_of(name)


def _pending(context: Context, found: list[Piece]) -> bool:
    """Keep the measure that a clause names before the next one gives its number: 净利润与上年同期相比，将减少…."""
    at = next((index for index, piece in enumerate(found) if piece.measured and _waits(found, index)), None)
    if at is None:
        return False
    prefix, metric = labels.split(found[at])
    context.subject = strip_code(prefix) if is_name(prefix) else inherited_subject(context, found[:at], prefix)
    context.metric = metric
    return True


def _waits(found: list[Piece], index: int) -> bool:
    """Tell whether a measure waits for its number: it ends the clause, or a comparison or a time follows it."""
    piece = found[index]
    return index == len(found) - 1 or piece.after[:1] in _BEFORE_NUMBER or any(c in piece.after for c in "年月节季")


def _opener(context: Context, clause: Clause, piece: Piece) -> None:
    words = piece.text.split("、")[0]
    if words in word_groups()["analysts"]:
        return
    actor = acting_name(words)
    if actor:
        context.main = context.main or actor
        context.speak_of(actor)
    elif after_pronoun(words) is not None:
        context.subject = context.meant()
    elif is_name(_topic(words)) and (_opens(clause) or _moves(clause)):
        context.speak_of(_topic(words))


def _moves(clause: Clause) -> bool:
    """Tell whether a clause tells a market move without its number: 创业板指大幅下挫, 能源业ETF跌幅最小."""
    return any(token.groups & _MARKET for token in clause.tokens)


def _opens(clause: Clause) -> bool:
    """Tell whether a clause opens a sentence or a part of it; 其中 opens one too."""
    among = any("among" in token.groups for token in clause.tokens[:1])
    return among or not clause.opener or clause.opener in "；;" or ends_sentence(clause.opener)


def _topic(words: str) -> str:
    """Give the name that a clause begins with: 全国碳市场 of 全国碳市场运行良好."""
    if is_name(words):
        return words
    leading = leading_name(words)
    if leading:
        return leading
    # The last one counts, for endings overlap: 国资国企业务 ends with 业务, not with the 企业 inside it.
    for end in range(len(words), 1, -1):
        if longest_suffix(words[max(0, end - LONGEST) : end], _name_ends()):
            return words[:end]
    return words


@cache
def _name_ends() -> frozenset[str]:
    return frozenset(word for word in word_groups()["subject_ends"] if len(word) > 1)


def inherited_subject(context: Context, earlier: list[Piece], prefix: str) -> str | None:
    """Give the subject where the measure's own piece names none: an earlier piece's name, or the one spoken of."""
    if is_pronoun(prefix):
        return context.meant()
    for piece in reversed(earlier):
        if is_pronoun(piece.text):
            return context.meant()
        if piece.text in word_groups()["analysts"]:
            continue
        if is_name(piece.text) or (piece is earlier[0] and piece.cut < 0 and may_be_name(piece.text)):
            return strip_code(piece.text)
        leading = leading_name(piece.text)
        if leading:
            return leading
    return context.named()


def stated_basis(tokens: list[Token] | tuple[Token, ...]) -> Basis | None:
    """Give the last basis that the tokens state in a word: 同比, 环比, 较年初."""
    for token in reversed(tokens):
        if token.groups and (basis := _basis_of(token.groups)):
            return basis
    return None


@cache
def _basis_of(groups: frozenset[str]) -> Basis | None:
    return next((basis for group, basis in _BASES if group in groups), None)


def _compared_basis(text: str, clause: Clause) -> Basis | None:
    compare = next((token for token in clause.tokens if "compare" in token.groups), None)
    if compare is None or text[compare.start : compare.end] not in _COMPARED:
        return None
    return base_of(text[compare.end : clause.end])
