"""Whom and what one quantity measures: its label from the nouns before it, behind it, or from what was said before."""

import re
from dataclasses import dataclass

from tasks.engine.grammar import heads, labels
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.labels import BREAKS, Label, Piece, pieces
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.names import (
    after_pronoun,
    is_name,
    is_place,
    is_pronoun,
    leading_name,
    longest_prefix,
    may_be_name,
    name_endings,
    strip_code,
)
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Clause, Token
from tasks.engine.grammar.topics import inherited_subject
from tasks.engine.lexicon import word_groups

_PREDICATES = frozenset({"rise_market", "fall_market", "amplitude_rise", "amplitude_fall", "amplitude", "do"})
_LONGEST_PREDICATE = 16
# Measure words that count what is named behind them (26家券商), and those that count people and cases.
_COUNTERS = frozenset("家只名位个单座款种项笔宗起支条所艘架")
_CASES = frozenset({"例", "人", "名", "人次"})
ITEM = "name, metric inherited"
_SET_UP = frozenset({"设置", "投入", "建成", "开设", "配备", "派出", "新建"})
_ADDED = frozenset({"新增", "累计", "新增报告", "报告新增"})
_GENERIC = frozenset({"指数", "水平", "价格", "现价"})
_RECEIVED = frozenset({"获", "获得", "得到", "收到"})
_SHARES = re.compile("股权|股份|权益|股票")
_DEAL = re.compile("收购|购买|转让|出售|受让|获得|取得|持有|拥有|认购|增持|竞得")
_HELD = frozenset({"持有", "拥有"})
_BOUGHT = frozenset({"申购", "认购"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity stands: its clause, its chain, the nouns before it, and its group's last token."""

    text: str
    clause: Clause
    chain: Chain
    found: list[Piece]
    last: Token
    quantity: Quantity


@dataclass(frozen=True, slots=True)
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
            return Named(_measured_behind(context, near, earlier, after, measure), start + len(after))
        noun = _noun(after)
        counted = _counted(context, place, near, noun, start)
        if counted is not None:
            return Named(counted, start + len(noun))
        return Named(_inherited(context, earlier) if near is None else _bare_name(context, place, near, earlier))
    return Named(_measured(context, place, near, earlier, after))


def _near(context: Context, place: Place) -> tuple[Piece | None, list[Piece]]:
    """Part the piece that leads into the quantity from the earlier ones; what stands before a colon may lead too."""
    found = place.found
    if found and found[-1].after == "":
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


def _measured(context: Context, place: Place, near: Piece, earlier: list[Piece], after: str) -> Label:
    """Read a piece that holds a measure: 上海联交所交易规模."""
    prefix, metric = labels.split(near)
    if place.quantity.unit == "%":
        share = _share(context, prefix, metric, after, earlier)
        if share is not None:
            return share
    if metric in _ADDED and after:
        metric = after
    act = next((act for act in _SET_UP if metric.startswith(act) and metric != act), "")
    if act and place.quantity.dimension == "measure":
        return Label(metric[len(act) :], None, "what is set up")
    rest = after_pronoun(near.text)
    if rest:
        return Label(context.meant(), rest, "metric after a pronoun")
    if near.led or not prefix or is_pronoun(prefix):
        return Label(
            inherited_subject(context, earlier, prefix if is_pronoun(prefix) else ""),
            metric,
            "metric, subject inherited",
        )
    if is_name(prefix) or context.named() is None:
        return Label(strip_code(prefix), metric, "subject and metric")
    leading = leading_name(prefix)
    if leading:
        return Label(leading, metric, "leading name and metric")
    if _of(near, prefix) and may_be_name(prefix):
        return Label(strip_code(prefix), metric, "X的measure")
    place_name = longest_prefix(prefix, word_groups()["places"])
    if place_name:
        return Label(place_name, near.text[len(place_name) :].lstrip("的"), "place and metric")
    return Label(inherited_subject(context, earlier, ""), near.text, "metric with its modifier, subject inherited")


def _of(near: Piece, prefix: str) -> bool:
    """Tell whether 的 parts the measure from what stands before it: 智能手机摄像头模块|的|年出货量."""
    return near.text[near.text.index(prefix) + len(prefix) :].startswith("的")


def _share(context: Context, prefix: str, metric: str, after: str, earlier: list[Piece]) -> Label | None:
    """Read 收购利合公司26%的股权: whose shares change hands is the subject, and 股权 the measure."""
    shares, deal = _SHARES.match(after), _DEAL.match(metric)
    if shares is None or deal is None:
        return None
    target = metric[deal.end() :]
    if target.startswith("的"):
        return Label(strip_code(target[1:]), shares.group(), "share of what is held")
    if deal.group() in _HELD:
        holder = prefix if prefix and not is_pronoun(prefix) else inherited_subject(context, earlier, prefix)
        return Label(holder, shares.group() if target else metric, "share that is held")
    named = bool(target) and after_pronoun(target) is None
    return Label(strip_code(target) if named else context.meant(), shares.group(), "share that changes hands")


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
    chain = place.chain
    words = strip_code(leading_name(near.text) or near.text)
    if is_pronoun(words):
        words = context.meant() or words
    if chain.market or chain.amplitude is not None:
        return Label(words, None, "name before a market move")
    if words in _GENERIC:
        return Label(context.named(), None, "the thing spoken of")
    head = longest_prefix(words, word_groups()["metric_heads"])
    if head and not is_name(words):
        return Label(context.named(), head, "measure with its place")
    counted = place.quantity.dimension == "measure"
    if not counted and not is_name(words) and context.named() is not None:
        return Label(inherited_subject(context, earlier, ""), words, "unknown words before the number")
    if counted and context.metric and not chain.direction:
        if place.quantity.unit in _CASES and not is_place(words):
            return Label(context.subject, words, "what is counted, subject inherited")
        return Label(words, context.metric, ITEM)
    return Label(words, context.metric if chain.direction and not counted else None, "name alone")


def _inherited(context: Context, earlier: list[Piece]) -> Label:
    if not earlier:
        return Label(context.item or context.named(), context.metric, "all inherited")
    subject = inherited_subject(context, earlier, "")
    metric = context.metric if subject == context.subject else None
    return Label(subject, metric, "subject, metric inherited")
