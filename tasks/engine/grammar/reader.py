"""Clauses → figures: the walk through a text from left to right."""

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date

from models.catalogue import find_metric, find_unit
from models.vocabulary import Basis, Kind, Status
from tasks.engine.grammar import context as contexts
from tasks.engine.grammar import judging, lists, periods
from tasks.engine.grammar.chains import Chain, read_chain
from tasks.engine.grammar.context import Context
from tasks.engine.grammar.drafts import Draft, Refused
from tasks.engine.grammar.labels import Label, pieces
from tasks.engine.grammar.measures import Measure, exchange_unit, measure
from tasks.engine.grammar.names import central_banks
from tasks.engine.grammar.naming import ITEM, Place, name
from tasks.engine.grammar.quantities import Quantity
from tasks.engine.grammar.ratings import TARGET_PRICE, Rated
from tasks.engine.grammar.times import TimeExpression
from tasks.engine.grammar.tokens import Clause, Token, Tokens
from tasks.engine.grammar.topics import read_topic

# What parallel items share, where only the first one states it.
_SHARED = (Basis.YOY, Basis.PREVIOUS_PERIOD)
_FRACTION = re.compile(r"/\d")
_WIDEST = 1000
_LOSS = re.compile(r"(.*(?:净利润?|利润总额|纯利))(?:为)?亏损")


class Reader:
    """Reads the clauses of one text; `drafts` are the figures found, `refused` what the grammar abstains from."""

    def __init__(self, tokens: Tokens, published: date) -> None:
        self.text = tokens.text
        self.clauses = tokens.clauses
        self.published = published
        self.context: Context = contexts.opening(tokens.text)
        self.outer: list[Context] = []
        self.drafts: list[Draft] = []
        self.refused: list[Refused] = []
        self.consumed = 0
        self.rated = Rated(tokens.text)
        self.banks = list(central_banks().finditer(tokens.text)) if self.context.of_interest else []

    def read(self) -> None:
        """Read all clauses."""
        last = max((index for index, clause in enumerate(self.clauses) if clause.quantities), default=-1)
        for clause in self.clauses[: last + 1]:
            self._enter(clause)
            if clause.quantities:
                self._read_figures(clause)
            else:
                if clause.tokens:
                    contexts.notice(self.context, self.text, _not_compared(self.text, clause.tokens), clause)
                read_topic(self.context, self.text, clause, bool(self.drafts))
            contexts.leave(self.context, self.text, clause)

    def _enter(self, clause: Clause) -> None:
        while len(self.outer) < clause.depth:
            self.outer.append(self.context)
            self.context = self.context.bracket()
        while len(self.outer) > clause.depth:
            self.context = self.outer.pop()
        contexts.enter(self.context, clause)

    def _read_figures(self, clause: Clause) -> None:
        start, tokens = clause.start, clause.tokens
        for group in lists.groups(self.text, clause.quantities):
            window = [token for token in tokens if token.end <= group[0].start and token.start >= start]
            self._read_group(clause, window, start, group)
            start = group[-1].end
        rest = [token for token in tokens if token.start >= start]
        contexts.notice(self.context, self.text, rest, clause)
        self.context.basis = None

    def _read_group(self, clause: Clause, window: list[Token], start: int, group: list[Token]) -> None:
        quantities = [token.quantity for token in group if token.quantity is not None]
        chain = judging.of_prices(self.context, read_chain(self.text, window, quantities[0]), quantities[0])
        leading = window[: chain.count] if chain.compared else window
        before = len(self.context.times)
        contexts.notice(self.context, self.text, leading, clause)
        named_times = self.context.times[before:]
        found = pieces(self.text, max(start, self.consumed), chain.start, window[: chain.count])
        named = name(self.context, Place(self.text, clause, chain, found, group[-1], quantities[0]))
        self.consumed = max(self.consumed, named.consumed)
        label, quantities = _with_loss(_with_rate(named.label.cleaned(), chain, bool(found)), quantities)
        labels: list[Label] | None = [label]
        times = None
        if len(group) > 1:
            distributed = chain.distribute or any("distribute" in token.groups for token in window)
            before_list = lists.Before(self.context.recent, self.context.listed)
            labels = lists.aligned(label, before_list, len(group), distributed, bool(found))
            slashed = "/" in self.text[group[0].start : group[-1].end]
            times = lists.times_in_order(named_times, self.context.times, len(group), distributed or slashed)
        if labels is None:
            self.refused += [Refused(one, "names and numbers after 分别 differ in count") for one in quantities]
            return
        told = self.context.time
        for index, (quantity, one) in enumerate(zip(quantities, labels, strict=True)):
            if _makes_no_sense(quantity, self.text):
                self.refused.append(Refused(quantity, "a range that makes no sense"))
                continue
            self.context.time = times[index] if times else self.context.time
            self._draft(quantity, chain, one, leading)
        self.context.time = told
        self.context.recent += labels

    def _draft(self, quantity: Quantity, chain: Chain, label: Label, window: list[Token]) -> None:
        context = self.context
        made = measure(quantity, chain, label.metric, label.subject)
        if not _fits(label, quantity, made):
            label = replace(label, metric=None, rule=f"{label.rule}; {label.metric} cannot be in {made.unit}")
            made = measure(quantity, chain, None, label.subject)
        made = self._like_the_last(made, chain)
        label = self._of_rated(self._of_central_bank(label, quantity, made), quantity)
        rated = quantity.unit is None and exchange_unit(label.subject or "") is not None
        context.quoting = chain.market or chain.quoted or rated or (context.quoting and chain.follows())
        base = periods.base_time(window)
        status = judging.status(context, self.text, quantity.end, chain, window, label.metric, base is not None)
        period, rule = periods.choose(self._asked(chain, base, status, label.metric))
        if _is_target(label, made) and all(token.time is None for token in window):
            period, rule = None, "no period of a target price"
        if status is Status.ACTUAL and period is not None and judging.lies_ahead(period, self.published):
            status = judging.ahead_of_time(self.text, window)
        basis = judging.basis(context, made, chain, window, label.metric, rule == periods.TODAY)
        if chain.compared:
            year = (period.end if period else self.published).year
            basis = judging.against_year(basis, self.text[chain.start : quantity.start], year)
        if basis in _SHARED and (not chain.market or chain.basis is basis):
            context.parallel, context.priced = basis, context.priced or chain.market
        rules = (*chain.words, label.rule, rule)
        self.drafts.append(Draft(quantity, made, basis, label, period, status, rules))
        if label.rule == ITEM:
            context.item = label.subject
        elif label.subject != context.item:
            context.item, context.subject = None, label.subject or context.subject
        context.metric = label.metric

    def _of_central_bank(self, label: Label, quantity: Quantity, made: Measure) -> Label:
        """Name the bank that raises or lowers rates: the last one named before the figure, else the text's first."""
        if not self.context.of_interest or not judging.moves_rates(self.text, [], label.metric):
            return label
        before = bisect_right(self.banks, quantity.start, key=lambda bank: bank.end())
        bank = self.banks[max(0, before - 1)].group() if self.banks else label.subject
        metric = "利率" if made.unit == "bp" and "利率" in self.text else label.metric
        return replace(label, subject=bank, metric=metric)

    def _of_rated(self, label: Label, quantity: Quantity) -> Label:
        """Name the stock whose target price it is, and not the analyst who sets it."""
        if not (label.metric or "").startswith(TARGET_PRICE):
            return label
        return replace(label, subject=self.rated.whose(label.subject, quantity.start))

    def _like_the_last(self, made: Measure, chain: Chain) -> Measure:
        """Read 预期23.9%, 前值20% behind a change as changes of the same thing."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or not (chain.expected or chain.prior) or made.unit != "%":
            return made
        if last.measure.kind is Kind.CHANGE_RATE and made.kind is Kind.LEVEL:
            self.context.basis = last.basis
            return replace(made, kind=Kind.CHANGE_RATE)
        return made

    def _asked(self, chain: Chain, base: TimeExpression | None, status: Status, metric: str | None) -> periods.Asked:
        context = self.context
        fresh = context.time_sentence == context.sentence
        time = context.time
        if chain.market:
            # 甲涨2%，12月销量增5%；乙涨4%: the month was said of sales, and the next move is of the day again.
            if context.moved_sentence == context.sentence and context.time_part < context.part:
                time = context.moved
            context.moved, context.moved_sentence = time, context.sentence
        return periods.Asked(time, fresh, context.quoting, chain, base, self.published, status, metric)


def _fits(label: Label, quantity: Quantity, made: Measure) -> bool:
    """Tell whether a measure can have the quantity's unit; one that was inherited may not (91只 of 发行价)."""
    if label.metric is None or quantity.unit is None:
        return True
    metric, unit = find_metric(label.metric), find_unit(made.unit)
    return metric is None or unit is None or metric.allows(unit, made.kind)


def _is_target(label: Label, made: Measure) -> bool:
    """Tell whether it is an analyst's target price, which no period of the text before speaks of."""
    return made.kind is Kind.LEVEL and (label.metric or "").startswith(TARGET_PRICE)


def _not_compared(text: str, tokens: tuple[Token, ...]) -> list[Token] | tuple[Token, ...]:
    """Leave out the times behind 较 or 比: 较2019年春运同期仍处于低位 speaks of no 2019."""
    at = next((token.end for token in tokens if "compare" in token.groups and text[token.start] in "较比"), None)
    return tokens if at is None else [token for token in tokens if token.time is None or token.start < at]


def _makes_no_sense(quantity: Quantity, text: str) -> bool:
    """Tell whether a range is a price in fractions (报7.42-3/4美元) or wider than a thousand times.

    One that goes from more to less is a range: 盘中交投于1.7956%-1.7263%.
    """
    if quantity.high is None:
        return False
    low, high = sorted((abs(quantity.low), abs(quantity.high)))
    return bool(_FRACTION.match(text, quantity.end)) or (low > 0 and high > _WIDEST * low)


def _with_loss(label: Label, quantities: list[Quantity]) -> tuple[Label, list[Quantity]]:
    """Read 净利润亏损5亿元 as a profit of −5亿元; a 亏损 that stands alone is a positive amount."""
    match = _LOSS.fullmatch(label.metric) if label.metric and label.metric.endswith("亏损") else None
    if match is None or any(quantity.signed or quantity.dimension != "money" for quantity in quantities):
        return label, quantities
    lost = [replace(one, low=-one.low, high=None if one.high is None else -one.high, signed=True) for one in quantities]
    return replace(label, metric=match.group(1)), lost


def _with_rate(label: Label, chain: Chain, has_nouns: bool) -> Label:
    """Name the growth itself where it is what moved: 增速提高4.2个百分点."""
    if not chain.rate:
        return label
    return replace(label, metric=f"{label.metric or ''}{chain.rate}" if has_nouns else chain.rate)
