"""A headline says in short what the body says in full: its figures take from the body what they leave out."""

import re
from dataclasses import replace

from tasks.engine.grammar.drafts import Draft

_HEADLINE = re.compile(r"【[^】]*】|(?:[^\n]*\n){0,2}原标题：[^\n]*\n")


def complete(text: str, drafts: list[Draft]) -> list[Draft]:
    """Give the drafts; those of a headline get period and label of the body's same number where they lack them."""
    headline = _HEADLINE.match(text)
    if headline is None:
        return drafts
    end = headline.end()
    body = [draft for draft in drafts if draft.quantity.start > end]
    return [_completed(draft, _twin(draft, body)) if draft.quantity.start < end else draft for draft in drafts]


def _twin(draft: Draft, body: list[Draft]) -> Draft | None:
    """Give the body's figure that says the same: the same number, or else the same measure, rounded."""
    same = next((other for other in body if _stated(other) == _stated(draft)), None)
    return same or next((other for other in body if _measured(other) == _measured(draft)), None)


def _measured(draft: Draft) -> tuple[object, ...]:
    return draft.measure.kind, draft.measure.unit, draft.label.metric or draft


def _stated(draft: Draft) -> tuple[object, ...]:
    made = draft.measure
    return made.kind, made.low, made.high, made.unit


def _completed(draft: Draft, twin: Draft | None) -> Draft:
    if twin is None:
        return draft
    label = draft.label
    if label.metric is None and label.subject is None:
        label = twin.label
    elif label.subject is None:
        label = replace(label, subject=twin.label.subject)
    rules = (*draft.rules, "completed from the body")
    return replace(draft, label=label, period=twin.period or draft.period, basis=draft.basis or twin.basis, rules=rules)
