"""Whom and what one quantity measures: its label from the nouns before it, behind it, or from what was said before."""

from tasks.engine.grammar import heads
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.labels import BREAKS, Label, Piece, pieces
from tasks.engine.grammar.names import (
    is_name,
    is_place,
    is_pronoun,
    leading_name,
    longest_prefix,
    may_be_name,
    name_endings,
    strip_code,
)
from tasks.engine.grammar.naming_measured import SET_UP, read_measured
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Clause, Token
from tasks.engine.grammar.topics import inherited_subject
from tasks.engine.lexicon import word_groups
from tasks.engine.values import value

_PREDICATES = frozenset({"rise_market", "fall_market", "amplitude_rise", "amplitude_fall", "amplitude", "do"})
_LONGEST_PREDICATE = 16
# Measure words that count what is named behind them (26家券商), and those that count people and cases.
_COUNTERS = frozenset("家只名位个单座款种项笔宗起支条所艘架")
_CASES = frozenset({"例", "人", "名", "人次"})
ITEM = "name, metric inherited"
_GENERIC = frozenset({"指数", "水平", "价格", "现价"})
_RECEIVED = frozenset({"获", "获得", "得到", "收到"})
# 以3.6亿元收购云仓科技60%的股权: what is bought is said of the next number.
_DEALS = frozenset({"收购", "转让", "受让", "增持", "购买", "出售"})
_BOUGHT = frozenset({"申购", "认购"})


@value
class Place:
    """Where a quantity stands: its clause, its chain, the nouns before it, and its group's last token."""

    text: str
    clause: Clause
    chain: Chain
    found: list[Piece]
    last: Token
    quantity: Quantity


@value
class Named:
    """A label, and up to where it has used the words behind its quantity."""

    label: Label
    consumed: int = 0


def name(context: Context, place: Place) -> Named:
    """Give the label of a quantity."""
    near, earlier = _near(context, place)
    after, start = _behind(place)
    if near is None or near.cut < 0:
        measure = heads.behind(after)
        if measure is not None:
            used = measure if measure in _DEALS else after
            return Named(_measured_behind(context, near, earlier, after, measure), start + len(used))
        noun = _noun(after)
        counted = _counted(context, place, near, noun, start)
        if counted is not None:
            return Named(counted, start + len(noun))
        return Named(_inherited(context, earlier) if near is None else _bare_name(context, place, near, earlier))
    return Named(read_measured(context, place.quantity, near, earlier, after))


def _near(context: Context, place: Place) -> tuple[Piece | None, list[Piece]]:
    """Part the piece that leads into the quantity from the earlier ones; what stands before a colon may lead too."""
    found = place.found
    if found and (found[-1].after == "" or found[-1].measured):
        return found[-1], found[:-1]
    if not found and context.colon and place.clause.opener in "：:":
        inner = pieces(context.colon, 0, len(context.colon), [])
        if inner and inner[-1].cut >= 0:
            return inner[-1], []
    return None, found


def _behind(place: Place) -> tuple[str, int]:
    """Give the nouns that directly follow a quantity, and where they begin: 25只|可转债|涨幅超2%."""
    end = place.last.end
    stop = place.clause.end
    for token in place.clause.tokens:
        if token.start >= end and (token.kind != "word" or (token.groups & BREAKS and "act" not in token.groups)):
            stop = token.start
            break
    raw = place.text[end:stop]
    words = raw.lstrip("的 、")
    return words.split(" ")[0].rstrip("的 、").removesuffix("中"), stop - len(words)


def _measured_behind(context: Context, near: Piece | None, earlier: list[Piece], after: str, measure: str) -> Label:
    """Read 以1450万美元的价格, 26.66%的股权: the measure stands behind its number."""
    rule = "measure behind its number"
    if measure in _BOUGHT and after != measure:
        return Label(after[len(measure) :], measure, rule)
    if near is not None and earlier and earlier[-1].after in _RECEIVED:
        return Label(strip_code(earlier[-1].text), measure, "whoever gets it")
    if near is not None and is_pronoun(near.text):
        return Label(context.meant(), measure, rule)
    if near is not None and (is_name(near.text) or context.subject is None):
        return Label(strip_code(near.text), measure, rule)
    return Label(inherited_subject(context, earlier, near.text if near else ""), measure, rule)


def _noun(after: str) -> str:
    """Give the noun that is counted, without the measure or the verb behind it: 公司 of 172家公司登陆新三板."""
    if heads.cut(after) > 0:
        return after[: heads.cut(after)]
    if is_name(after):
        return after
    return longest_prefix(after, name_endings()) or after


def _counted(context: Context, place: Place, near: Piece | None, noun: str, start: int) -> Label | None:
    """Read 26家券商 and 249家实现盈利: what is counted, or what it does, follows its number."""
    tenths = place.quantity.written == "tenths"
    bare = place.quantity.unit is None and bool(place.quantity.scale)
    if (
        place.quantity.unit == "%"
        and not place.chain.words
        and place.text.startswith("的", place.last.end)
        and near is None
    ):
        bare = True
    if place.chain.direction or not (place.quantity.unit in _COUNTERS or tenths or bare):
        return None
    predicate = _predicate(place, start + len(noun))
    if noun and may_be_name(noun):
        return Label(noun, predicate, "the noun that is counted")
    whom = strip_code(near.text) if near else context.named()
    return Label(whom, predicate, "what the counted do") if predicate else None


def _predicate(place: Place, start: int) -> str | None:
    """Give what is said of what is counted: 涨幅超2% of 25只可转债涨幅超2%."""
    following = [token for token in place.clause.quantities if token.start > place.last.start]
    words = place.text[start : following[0].end if following else place.clause.end].strip("的 、")
    begins = any(token.start == start and token.groups & _PREDICATES for token in place.clause.tokens)
    return words if begins and len(words) <= _LONGEST_PREDICATE else None


def _bare_name(context: Context, place: Place, near: Piece, earlier: list[Piece]) -> Label:
    """Read a piece without a measure: a name that moves, a place in a list, or what is counted."""
    words = strip_code(leading_name(near.text) or near.text)
    if is_pronoun(words):
        words = context.meant() or words
    if place.chain.market or place.chain.amplitude is not None:
        return Label(words, None, "name before a market move")
    if words in _GENERIC:
        return Label(context.named(), None, "the thing spoken of")
    if place.quantity.dimension == "measure":
        return _bare_counted(context, place, words)
    head = "" if is_name(words) else longest_prefix(words, word_groups()["metric_heads"])
    if head:
        return Label(context.named(), head, "measure with its place")
    if is_name(words) or context.named() is None:
        return Label(words, context.metric if place.chain.direction else None, "name alone")
    return Label(inherited_subject(context, earlier, ""), words, "unknown words before the number")


def _bare_counted(context: Context, place: Place, words: str) -> Label:
    """Read 采样台9093个, 广东4例 and 重症3例 in a list: what is counted, or where."""
    if context.recent and context.recent[-1].rule == SET_UP:
        return Label(words, None, SET_UP)
    head = "" if is_name(words) else longest_prefix(words, word_groups()["metric_heads"])
    if head:
        return Label(context.named(), head, "measure with its place")
    if context.metric is None or place.chain.direction:
        return Label(words, None, "name alone")
    if place.quantity.unit in _CASES and not is_place(words):
        return Label(context.subject, words, "what is counted, subject inherited")
    return Label(words, context.metric, ITEM)


def _inherited(context: Context, earlier: list[Piece]) -> Label:
    if not earlier:
        return Label(context.item or context.named(), context.metric, "all inherited")
    subject = inherited_subject(context, earlier, "")
    metric = context.metric if subject == context.subject else None
    return Label(subject, metric, "subject, metric inherited")
