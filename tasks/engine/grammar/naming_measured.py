"""Rules for a run of nouns that holds a measure: 上海联交所|交易规模. The first rule that gives a label is taken."""

import re
from collections.abc import Callable

from tasks.engine.grammar import labels
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.labels import Label, Piece
from tasks.engine.grammar.names import (
    after_pronoun,
    is_name,
    is_pronoun,
    leading_name,
    longest_prefix,
    may_be_name,
    strip_code,
)
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.topics import inherited_subject
from tasks.engine.lexicon import word_groups
from tasks.engine.values import value

_SET_UP = frozenset({"设置", "投入", "建成", "开设", "配备", "派出", "新建"})
SET_UP = "what is set up"
_ADDED = frozenset({"新增", "累计", "新增报告", "报告新增"})
_SHARES = re.compile("股权|股份|权益|股票")
_DEAL = re.compile("收购|购买|转让|出售|受让|获得|取得|持有|拥有|认购|增持|竞得")
_HOLDER = re.compile("(?:(?:股权|股份|股票)的|股东)([^，。、的拟计成为]{2,16})")
_OWN_SHARES = re.compile("(?:本|该|上市)?公司(?:股票|股份)(?!的)")
_BUYING = re.compile("购买|认购|受让|收购")
_HELD = frozenset({"持有", "拥有"})
_HOLDING = (*sorted(_HELD), "持股")


@value
class Case:
    """What the rules look at: the piece before the quantity, its two parts, and the nouns around."""

    context: Context
    quantity: Quantity
    near: Piece
    earlier: list[Piece]
    after: str
    prefix: str
    metric: str

    def inherited(self) -> str | None:
        """Give the subject that the piece itself does not name."""
        return inherited_subject(self.context, self.earlier, self.prefix if is_pronoun(self.prefix) else "")


def read_measured(context: Context, quantity: Quantity, near: Piece, earlier: list[Piece], after: str) -> Label:
    """Give the label of a quantity whose piece holds a measure."""
    prefix, metric = labels.split(near)
    case = Case(context, quantity, near, earlier, after, prefix, after if metric in _ADDED and after else metric)
    for rule in _RULES:
        label = rule(case)
        if label is not None:
            return label
    return _modified(case)


def _share(case: Case) -> Label | None:
    """收购利合公司26%的股权: whose shares change hands is the subject, and 股权 the measure."""
    if case.quantity.unit != "%" or not case.after:
        return None
    shares, deal = _SHARES.match(case.after), _DEAL.match(case.metric)
    if shares is None or deal is None:
        return None
    target = case.metric[deal.end() :]
    if target.startswith("的"):
        return Label(strip_code(target[1:]), shares.group(), "share of what is held")
    if deal.group() in _HELD:
        holder = case.prefix if case.prefix and not is_pronoun(case.prefix) else case.inherited()
        return Label(holder, shares.group() if target else case.metric, "share that is held")
    named = bool(target) and after_pronoun(target) is None
    return Label(strip_code(target) if named else case.context.meant(), shares.group(), "share that changes hands")


def _bought(case: Case) -> Label | None:
    """购买488万股公司股票: the shares of the company that announces are bought, whoever buys them."""
    own = _OWN_SHARES.match(case.after) if case.after else None
    deal = _BUYING.search(case.metric) if own else None
    return Label(case.context.meant(), deal.group(), "own shares that are bought") if deal else None


def _holder_behind(case: Case) -> Label | None:
    """持有公司5.33%股份的平嘉鑫元: the holder is named behind the share."""
    holder = _HOLDER.match(case.after) if case.after and case.quantity.unit == "%" else None
    if holder is None or not case.metric.startswith(_HOLDING):
        return None
    held = "持有" if case.metric.startswith("持有公司") else case.metric
    return Label(holder.group(1), held, "share of a holder named behind it")


def _set_up(case: Case) -> Label | None:
    """设置采样点3305个: what is set up is counted."""
    if case.quantity.dimension != "measure":
        return None
    act = next((act for act in _SET_UP if case.metric.startswith(act) and case.metric != act), "")
    if not act and case.context.recent and case.context.recent[-1].rule == SET_UP:
        return Label(case.near.text, None, SET_UP)
    if not act:
        return None
    return Label(case.metric[len(act) :], None, SET_UP)


def _pronoun(case: Case) -> Label | None:
    """该公司年度电网投资: the measure follows a pronoun."""
    rest = after_pronoun(case.near.text)
    return Label(case.context.meant(), rest, "metric after a pronoun") if rest else None


def _alone(case: Case) -> Label | None:
    """净利润5亿元, 向阿里网络转让5万股: the piece names nobody of whom it is said."""
    if case.near.led or not case.prefix or is_pronoun(case.prefix):
        return Label(case.inherited(), case.metric, "metric, subject inherited")
    return None


def _named(case: Case) -> Label | None:
    """上海联交所交易规模: a name and its measure; without any other subject the first words are it."""
    if is_name(case.prefix) or case.context.named() is None:
        return Label(strip_code(case.prefix), case.metric, "subject and metric")
    return None


def _led_by_name(case: Case) -> Label | None:
    """特斯拉因前备箱问题召回: the name that leads does what is measured."""
    leading = leading_name(case.prefix)
    return Label(leading, case.metric, "leading name and metric") if leading else None


def _of(case: Case) -> Label | None:
    """摄像头模块的年出货量: 的 parts the measure from whom it is said of."""
    follows = case.near.text[case.near.text.index(case.prefix) + len(case.prefix) :]
    if follows.startswith("的") and may_be_name(case.prefix):
        return Label(strip_code(case.prefix), case.metric, "X的measure")
    return None


def _of_place(case: Case) -> Label | None:
    """全国人户分离人口, 新加坡、德国对我投资: places lead, and the rest is the measure."""
    places = word_groups()["places"]
    named = longest_prefix(case.prefix, places)
    while named and case.prefix.startswith(("、", "和"), len(named)):
        following = longest_prefix(case.prefix[len(named) + 1 :], places)
        if not following:
            return None
        named = case.prefix[: len(named) + 1 + len(following)]
    return Label(named, case.near.text[len(named) :].lstrip("的"), "place and metric") if named else None


def _modified(case: Case) -> Label:
    """碳交易成交量: no name, so the words before the measure belong to it."""
    subject = inherited_subject(case.context, case.earlier, "")
    return Label(subject, case.near.text, "metric with its modifier, subject inherited")


# Where none of these gives a label, `_modified` does.
_RULES: tuple[Callable[[Case], Label | None], ...] = (
    _bought,
    _holder_behind,
    _share,
    _set_up,
    _pronoun,
    _alone,
    _named,
    _led_by_name,
    _of,
    _of_place,
)
