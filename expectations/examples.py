"""Rows of an article for the examples of rules that look at several figures."""

from typing import Any

from models.text import sentence_span

_BLANK: dict[str, Any] = {
    "article_row_id": 1,
    "start": 0,
    "end": 0,
    "text": "",
    "kind": "level",
    "value": None,
    "bound": "exact",
    "unit": "CNY",
    "basis": None,
    "metric": None,
    "subject": None,
    "period_start": "2022-01-01",
    "period_end": "2022-03-31",
    "status": "actual",
    "sentence": "",
    "sentence_start": 0,
}


def example(text: str, *figures: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Give the rows of an article of this text for the examples: each figure says its text and what it is."""
    rows: list[dict[str, Any]] = []
    place = 0
    for cells in figures:
        start = text.index(cells["text"], place)
        place = start + len(cells["text"])
        first, last = sentence_span(text, start, place)
        placed = {"start": start, "end": place, "sentence": text[first:last], "sentence_start": first}
        rows.append(_BLANK | placed | cells)
    return tuple(rows)
