"""The engine: Chinese financial text → figures and a ledger of its numbers.

It knows no Prefect, no database and no network, and never reads the clock: `published` is the only anchor.
"""

from dataclasses import replace
from datetime import date

from models.catalogue import find_entity, find_metric
from models.values import Figure, Reading
from tasks.engine.explain import Explanation, explain_reading
from tasks.engine.fold import fold
from tasks.engine.grammar import read_tokens
from tasks.engine.grammar.drafts import Draft

__all__ = ["ENGINE_VERSION", "Explanation", "explain", "read_text"]

ENGINE_VERSION = "0.2.0"


def read_text(text: str, published: date) -> Reading:
    """Give the figures and the number ledger of a text that was published on a day.

    >>> reading = read_text("今年一季度，公司实现营收5亿元，同比增长8%。", date(2022, 4, 18))
    >>> [(f.text, f.metric, f.value) for f in reading.figures]
    [('5亿元', '营收', Decimal('500000000')), ('8%', '营收', Decimal('8'))]
    """
    folded = fold(text)
    drafts, numbers = read_tokens(folded, published)
    if folded != text:
        numbers = [replace(number, text=text[number.start : number.end]) for number in numbers]
    return Reading(tuple(_figure(draft, text) for draft in drafts), tuple(numbers))


def explain(text: str, published: date) -> Explanation:
    """Give the reading of a text together with the lines that explain each of its numbers."""
    return explain_reading(text, published, read_text(text, published))


def _figure(draft: Draft, text: str) -> Figure:
    quantity, made = draft.quantity, draft.measure
    metric, entity = find_metric(draft.label.metric), find_entity(draft.label.subject)
    single = made.high is None
    return Figure(
        start=quantity.start,
        end=quantity.end,
        text=text[quantity.start : quantity.end],
        kind=made.kind,
        value=made.low if single else None,
        low=None if single else made.low,
        high=made.high,
        bound=made.bound,
        unit=made.unit,
        basis=draft.basis,
        metric=draft.label.metric,
        subject=draft.label.subject,
        period=draft.period,
        status=draft.status,
        metric_id=metric.id if metric else None,
        entity_id=entity.id if entity else None,
        rules=draft.rules,
    )
