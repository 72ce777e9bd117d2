"""Clauses → figures: each quantity with its chain, label, period and status; what is elided is inherited."""

import re
from dataclasses import replace
from datetime import date

from models.values import Period
from models.vocabulary import Basis, Kind, Status
from tasks.engine.grammar import periods
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.drafts import Draft, Refused
from tasks.engine.grammar.labels import BREAKS, Label, Piece, after_pronoun, is_name, is_place, is_pronoun, may_be_name, measure_head, pieces, split_label, strip_code, topic_of
from tasks.engine.grammar.measures import Chain, Measure, base_of, measure, read_chain
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.tokens import Clause, Token, Tokens, ends_sentence

_PREDICATES = frozenset(
    {"rise", "fall", "rise_market", "fall_market", "amplitude_rise", "amplitude_fall", "amplitude", "do"}
)
_TRENDS = frozenset({"rise", "fall", "rise_market", "fall_market", "reach", "reach_to", "over", "link"})
_LIST_GAP = re.compile(r"[、/和及与,]|以及|，及|或")
_NAME_SPLIT = re.compile(r"[、和及与/]|以及")
# What stands before a colon and names nothing that is measured.
_COLON_LABELS = ("原标题", "来源", "来源链接", "简称", "以下简称", "标题", "文章来源", "记者", "推荐", "市场消息", "外媒", "快讯")
_CASES = frozenset({"例", "人", "名", "人次"})
COUNTERS = frozenset("家只名位个单座款种项笔宗起支条所艘架")
_EXPECTATIONS = ("目标价", "目标价位", "概率", "可能性")
_OPINION = re.compile(
    "^(?:这|此|有|市场|投资者|我们|他|她|媒体|知情|消息|据|多)|分析师|业内|专家|交易员|记者|人士|发言人|[局部院司署处行会]长|主席|"
    "经济学家|策略师|官员|首席|CEO|总裁|董事|主任|总监|(?:讯|快讯|新闻|网|报|社|财经|APP|数据|中心)$"
)
# An earnings preview: all that it says is a forecast.
_PREVIEW = re.compile(
    r"业绩[^，。：]{0,4}预告|(?:公告|：)[^。]{0,16}预计[^。]{0,30}(?:净利|亏损|盈利|业绩|营收|营业收入)|预[增减亏盈]\d|净利[^，。]{0,6}预[增减亏盈]"
)
_SHARES = re.compile("股权|股份|权益|股票")
_HOLD = frozenset({"持有", "拥有", "持股"})
_DEAL = re.compile("收购|购买|转让|出售|受让|获得|取得|持有|拥有|认购|增持|竞得")
_BOUGHT = frozenset({"申购", "认购"})
_RATE_MOVE = re.compile("[加降升]息")
_PLANS = re.compile("规划|提出|方案|措施|意见|目标|要求|纲要|通知|条例|办法")


class Reader:
    """Reads the clauses of one text from left to right."""

    def __init__(self, tokens: Tokens, published: date) -> None:
        self.tokens = tokens
        self.text = tokens.text
        self.published = published
        self.context = Context(preview=bool(_PREVIEW.search(self.text, 0, 240)))
        if self.context.preview:
            self.context.status = Status.FORECAST
        self.stack: list[Context] = []
        self.drafts: list[Draft] = []
        self.refused: list[Refused] = []
        self.consumed = self.at = 0

    def read(self) -> None:
        """Read all clauses."""
        for clause in self.tokens.clauses:
            self._enter(clause)
            if clause.quantities:
                self._figures(clause)
            else:
                self._topic(clause)
            self._leave(clause)

    def _enter(self, clause: Clause) -> None:
        while len(self.stack) < clause.depth:
            self.stack.append(self.context)
            self.context = self.context.bracket()
        while len(self.stack) > clause.depth:
            self.context = self.stack.pop()

    def _leave(self, clause: Clause) -> None:
        context = self.context
        context.colon = self.text[clause.start : clause.end] if clause.closer in "：:" else None
        if ends_sentence(clause.closer):
            context.sentence += 1
            context.status = Status.FORECAST if context.preview else Status.ACTUAL
            context.basis = None
            context.recent = []
        if clause.closer == "\n" and context.time is not None and context.time.grain == "day":
            context.time = None

    # -- clauses without a quantity ------------------------------------------------------------------------------

    def _topic(self, clause: Clause) -> None:
        """Take subject, period and status from a clause that states no figure."""
        self._notice(clause.tokens)
        found = pieces(self.text, clause.start, clause.end, list(clause.tokens))
        said = next((t for t in clause.tokens if "say" in t.groups), None)
        self.context.basis = _window_basis(list(clause.tokens))
        self._pending_basis(clause)
        if not found:
            return
        if self.text[clause.start] in "据按" or self.text.startswith(("根据", "来自", "按照"), clause.start):
            return
        if said and found[0].end <= said.start:
            self._speaker(found[0], self.text[said.start : said.end])
        elif clause.closer in "：:":
            self._colon_topic(found)
        elif found[-1].measured and not said:
            self._pending_metric(found)
        elif not said and self._opens(clause) and is_name(topic_of(found[0])):
            self._set_subject(topic_of(found[0]))

    def _opens(self, clause: Clause) -> bool:
        """Tell whether a clause opens a sentence or a part of it; 其中 opens one too."""
        among = any("among" in token.groups for token in clause.tokens[:1])
        return among or not clause.opener or clause.opener in "；;" or ends_sentence(clause.opener)

    def _pending_metric(self, found: list[Piece]) -> None:
        """Keep the measure that a clause names before the next one gives its number."""
        piece = found[-1]
        prefix, metric = split_label(piece)
        self.context.subject = strip_code(prefix) if is_name(prefix) else self._subject(found[:-1], prefix)
        self.context.metric = metric

    def _pending_basis(self, clause: Clause) -> None:
        compare = next((t for t in clause.tokens if "compare" in t.groups), None)
        if compare is not None and self.text[compare.start : compare.end] in {"较", "比", "相比", "相较于", "相较"}:
            self.context.basis = base_of(self.text[compare.end : clause.end])

    def _set_subject(self, name: str) -> None:
        if is_pronoun(name):
            self.context.subject = self.context.main or self.context.subject
        else:
            self.context.subject = strip_code(name)
        self.context.metric = None

    def _speaker(self, piece: Piece, said: str) -> None:
        name = strip_code(piece.text)
        if is_pronoun(name):
            return
        if may_be_name(name) and not _OPINION.search(name) and (is_name(name) or len(name) <= 8) and not self.drafts:
            self._take_main(name, said)

    def _take_main(self, name: str, said: str) -> None:
        own = any(word in said for word in ("公告", "披露", "业绩", "财报", "预告"))
        if own or self.context.main is None:
            self.context.main = name
            self.context.subject = name if own else self.context.subject

    def _colon_topic(self, found: list[Piece]) -> None:
        name = strip_code(re.split(r"\s{2,}", found[0].text)[-1])
        if not name.endswith(_COLON_LABELS) and (found[0].cut < 0 or is_name(name)):
            self.context.main = self.context.main or name
            self._set_subject(name)

    def _notice(self, tokens: tuple[Token, ...] | list[Token]) -> None:
        """Carry what times and status words say on to what follows."""
        for token in tokens:
            if token.time is not None:
                self._notice_time(token)
            elif token.groups:
                self._notice_word(token)

    def _notice_time(self, token: Token) -> None:
        time = token.time
        if time is None or not periods.governs(time, self.text):
            return
        context = self.context
        context.time = periods.until(time, context.day)
        context.time_sentence = context.sentence
        if time.grain == "day":
            context.day = time

    def _notice_word(self, token: Token) -> None:
        context = self.context
        if "forecast" in token.groups:
            context.status = Status.FORECAST
        elif "target" in token.groups and context.status is Status.ACTUAL:
            context.status = self._aimed(token)
        if "say" in token.groups and "预告" in self.text[token.start : token.end]:
            context.preview = True
            context.status = Status.FORECAST

    def _aimed(self, token: Token) -> Status:
        """Read 将: of a deal it is a plan, of a trend a forecast, and before an object no time word at all."""
        if self.text[token.start : token.end] != "将":
            return Status.TARGET
        following = next((t for t in self._around(token) if t.start == token.end), None)
        if following is None or following.kind != "word":
            return Status.ACTUAL
        if following.groups & _TRENDS:
            return Status.FORECAST
        return Status.TARGET if following.groups & {"act", "do", "adverb"} else Status.ACTUAL

    def _around(self, token: Token) -> tuple[Token, ...]:
        return next(c.tokens for c in self.tokens.clauses if c.start <= token.start < c.end)

    # -- clauses with quantities ---------------------------------------------------------------------------------

    def _figures(self, clause: Clause) -> None:
        previous_end = clause.start
        for group in self._groups(clause):
            first = group[0]
            window = [t for t in clause.tokens if t.start >= previous_end and t.end <= first.start]
            self._group(clause, window, previous_end, group)
            previous_end = group[-1].end
        self._notice([t for t in clause.tokens if t.start >= previous_end])
        self.context.basis = None

    def _groups(self, clause: Clause) -> list[list[Token]]:
        groups: list[list[Token]] = []
        for token in clause.quantities:
            if groups and self._listed(groups[-1][-1], token):
                groups[-1].append(token)
            else:
                groups.append([token])
        return groups

    def _listed(self, left: Token, right: Token) -> bool:
        assert left.quantity and right.quantity
        between = self.text[left.end : right.start]
        return bool(_LIST_GAP.fullmatch(between)) and left.quantity.unit == right.quantity.unit

    def _group(self, clause: Clause, window: list[Token], start: int, group: list[Token]) -> None:
        quantity = group[0].quantity
        assert quantity is not None
        chain = read_chain(self.text, window, quantity)
        self._notice(window[: chain.count] if chain.compared else window)
        found = pieces(self.text, max(start, self.consumed), chain.start, window[: chain.count])
        label = self._label(clause, found, chain, group[-1], window)
        if chain.rate:
            label = replace(label, metric=f"{label.metric or ''}{chain.rate}" if found else chain.rate)
        labels = self._aligned(label, found, chain, window, len(group))
        if labels is None:
            self.refused += [Refused(t.quantity, "分别 names and numbers differ in count") for t in group if t.quantity]
            return
        for token, one in zip(group, labels, strict=True):
            if token.quantity is not None:
                self._emit(token.quantity, chain, one, window)
        self.context.recent += labels

    def _emit(self, quantity: Quantity, chain: Chain, label: Label, window: list[Token]) -> None:
        context = self.context
        made = measure(quantity, chain, label.metric)
        if made.unit == "bp" and "利率" in self.text and _RATE_MOVE.search(label.metric or ""):
            label = replace(label, metric="利率")
        follows = context.quoting and (chain.reached or chain.level_to or not chain.words)
        context.quoting = chain.market or chain.quoted or follows
        leading = window[: chain.count] if chain.compared else window
        status = self._status(chain, leading, label.metric)
        asked = periods.Asked(chain, leading, self.published, status, label.metric)
        period, period_rule = periods.choose(context, asked)
        if status is Status.ACTUAL and period is not None and period.start > self.published:
            status = Status.TARGET if _PLANS.search(self.text) else Status.FORECAST
        basis = self._basis(made, chain, window, period_rule)
        self.drafts.append(
            Draft(quantity, made, basis, label, period, period_rule, status, (*chain.words, label.rule, period_rule))
        )
        if label.subject is not None:
            context.subject = label.subject
        context.metric = label.metric

    # -- fields --------------------------------------------------------------------------------------------------

    def _label(
        self, clause: Clause, found: list[Piece], chain: Chain, last: Token, window: list[Token]
    ) -> Label:
        context = self.context
        near = found[-1] if found and found[-1].after == "" else None
        earlier = [p for p in found if p is not near]
        after = self._after(clause, last)
        self.at = last.end
        if near is None and context.colon and not earlier and clause.opener in "：:":
            inner = pieces(context.colon, 0, len(context.colon), [])
            near = inner[-1] if inner and inner[-1].cut >= 0 else None
        if (near is None or near.cut < 0) and _measured_after(after):
            return self._measured(near, earlier, after)
        counted = self._counted(clause, last, chain, after) if near is None or near.cut < 0 else None
        if counted is not None:
            return counted
        if near is None:
            return self._inherited(earlier, chain)
        if near.cut < 0:
            return self._named(near, chain, last)
        prefix, metric = split_label(near)
        percent = last.quantity is not None and last.quantity.unit == "%"
        share = self._share_of(near, prefix, metric, after, earlier) if percent else None
        if share is not None:
            return share
        rest = after_pronoun(near.text)
        if rest or near.led:
            return Label(self._subject(earlier, "公司" if rest else ""), rest or metric, "metric after a pronoun")
        if not prefix or is_pronoun(prefix):
            return Label(self._subject(earlier, prefix), metric, "metric, subject inherited")
        if is_name(prefix) or (context.subject is None and context.main is None):
            return Label(strip_code(prefix), metric, "subject and metric")
        return Label(self._subject(earlier, ""), near.text, "metric with its modifier, subject inherited")

    def _share_of(
        self, near: Piece, prefix: str, metric: str, after: str, earlier: list[Piece]
    ) -> Label | None:
        """Read 收购利合公司26%的股权: whose shares change hands is the subject, and 股权 the measure."""
        shares = _SHARES.match(after)
        deal = _DEAL.match(metric)
        if shares is None or deal is None:
            return None
        target = metric[deal.end() :]
        if deal.group() in _HOLD:
            subject = prefix if prefix and not is_pronoun(prefix) else self._subject(earlier, prefix)
            return Label(subject, metric if not target else shares.group(), "share held")
        named = target and after_pronoun(target) is None
        return Label(strip_code(target) if named else self.context.main, shares.group(), "share that changes hands")

    def _subject(self, earlier: list[Piece], prefix: str) -> str | None:
        context = self.context
        if is_pronoun(prefix):
            return context.main or context.subject
        for piece in reversed(earlier):
            if is_pronoun(piece.text):
                return context.main or context.subject
            if is_name(piece.text) or (piece is earlier[0] and piece.cut < 0 and may_be_name(piece.text)):
                return strip_code(piece.text)
        return context.subject or context.main

    def _counted(self, clause: Clause, last: Token, chain: Chain, after: str) -> Label | None:
        """Read 26家券商 and 249家实现盈利: what is counted, or what it does, follows its number."""
        quantity = last.quantity
        if quantity is None or chain.direction or quantity.unit not in COUNTERS:
            return None
        predicate = self._predicate(clause, last, after)
        if after and may_be_name(after):
            return Label(after, predicate, "the noun that is counted")
        return Label(self.context.subject or self.context.main, predicate, "what is counted does") if predicate else None

    def _named(self, near: Piece, chain: Chain, last: Token) -> Label:
        quantity = last.quantity
        name = strip_code(near.text)
        if is_pronoun(name):
            name = self.context.main or self.context.subject or name
        counted = quantity is not None and quantity.dimension == "measure"
        if chain.market or chain.amplitude is not None:
            return Label(name, None, "name before a market move")
        if counted and self.context.metric and not chain.direction:
            if quantity and quantity.unit in _CASES and not is_place(name):
                return Label(self.context.subject, name, "what is counted, subject inherited")
            return Label(name, self.context.metric, "name, metric inherited")
        return Label(name, None if counted or not chain.direction else self.context.metric, "name alone")

    def _measured(self, near: Piece | None, earlier: list[Piece], after: str) -> Label:
        """Read 以1450万美元的价格, 26.66%的股权: the measure stands after its number."""
        metric = _measured_after(after)
        self.consumed = self.text.index(after, self.at) + len(after)
        if metric in _BOUGHT and after != metric:
            return Label(after[len(metric) :], metric, "measure after its number")
        if near is not None and (is_name(near.text) or self.context.subject is None):
            return Label(strip_code(near.text), metric, "measure after its number")
        return Label(self._subject(earlier, near.text if near else ""), metric, "measure after its number")

    def _inherited(self, earlier: list[Piece], chain: Chain) -> Label:
        context = self.context
        if earlier:
            subject = self._subject(earlier, "")
            return Label(subject, context.metric if subject == context.subject else None, "subject, metric inherited")
        return Label(context.subject or context.main, context.metric, "all inherited")

    def _after(self, clause: Clause, last: Token) -> str:
        """Give the nouns that directly follow a quantity: 25只|可转债|涨幅超2%."""
        stop = clause.end
        for token in clause.tokens:
            if token.start >= last.end and (token.kind != "word" or token.groups & BREAKS):
                stop = token.start
                break
        return self.text[last.end : stop].strip("的 、").removesuffix("中")

    def _predicate(self, clause: Clause, last: Token, noun: str) -> str | None:
        """Give what is said of what is counted: 涨幅超2% of 25只可转债涨幅超2%, 实现盈利 of 249家实现盈利."""
        start = self.text.index(noun, last.end) + len(noun) if noun else last.end
        following = [t for t in clause.quantities if t.start > last.start]
        end = following[0].end if following else clause.end
        words = self.text[start:end].strip("的 、")
        tokens = [t for t in clause.tokens if t.start == start and t.groups & _PREDICATES]
        return words if tokens and len(words) <= 16 else None

    def _aligned(
        self, label: Label, found: list[Piece], chain: Chain, window: list[Token], count: int
    ) -> list[Label] | None:
        if count == 1:
            return [label]
        distribute = chain.distribute or any("distribute" in t.groups for t in window)
        names = _NAME_SPLIT.split(label.subject or "") if found else []
        if len(names) == count:
            return [replace(label, subject=strip_code(name)) for name in names]
        metrics = _NAME_SPLIT.split(label.metric or "") if found else []
        if len(metrics) == count:
            return [replace(label, metric=name) for name in metrics]
        if distribute and not found and len(self.context.recent) >= count:
            return self.context.recent[-count:]
        return None if distribute and len(names) > 1 else [label] * count

    def _basis(self, made: Measure, chain: Chain, window: list[Token], period_rule: str) -> Basis | None:
        if made.kind is Kind.LEVEL:
            return None
        if chain.basis is not None:
            return chain.basis
        stated = _window_basis(window)
        if stated is not None:
            return stated
        if "短线" in chain.words:
            return None
        if chain.market:
            return periods.market_basis(self.context, period_rule)
        if self.context.basis is None and self.context.preview and chain.direction:
            return Basis.YOY
        return self.context.basis

    def _status(self, chain: Chain, window: list[Token], metric: str | None) -> Status:
        if chain.expected:
            return Status.FORECAST
        if chain.prior or any(t.time is not None and t.time.anchor == "base" for t in window):
            return Status.ACTUAL
        if metric is not None and metric.endswith(_EXPECTATIONS):
            return Status.FORECAST
        if _RATE_MOVE.search("".join((metric or "", *(self.text[t.start : t.end] for t in window)))) and self.context.status is Status.ACTUAL:
            decided = any("do" in t.groups or "say" in t.groups for t in window)
            return Status.ACTUAL if decided else Status.FORECAST
        return self.context.status


def _measured_after(after: str) -> str | None:
    """Give the measure that the words after a quantity begin with, or None."""
    match = measure_head().match(after)
    return match.group() if match else None


def _window_basis(window: list[Token]) -> Basis | None:
    for token in reversed(window):
        for group, basis in (
            ("basis_yoy", Basis.YOY),
            ("basis_previous_period", Basis.PREVIOUS_PERIOD),
            ("basis_year_start", Basis.YEAR_START),
        ):
            if group in token.groups:
                return basis
    return None
