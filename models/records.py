"""Values as rows: an article, a figure or a number as columns, and their fingerprints."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

from models.implying import DERIVED, add_intervals
from models.tables.rows import ArticleFields, FigureFields, NumberFields
from models.text import sentence_span
from models.types import plain_decimal
from models.values import Article, Figure, Number

Row = dict[str, Any]

SHANGHAI = ZoneInfo("Asia/Shanghai")
_READ_AGAIN: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("value", "low", "high"), Decimal),
    **dict.fromkeys(("period_start", "period_end"), date.fromisoformat),
    "published": datetime.fromisoformat,
}

# Where a document lay, how its bytes were and how it wrote its time is no part of what the article says: a
# moved file changes nothing, nor a post that the feed has today and its own page tomorrow.
_PROVENANCE = frozenset({"source", "location", "raw_sha256", "published_written", "published_from"})


def article_row(article: Article, engine_version: str) -> Row:
    """Give the columns of an article, but for its revision and batch."""
    row: Row = {name: getattr(article, name) for name in Article.__slots__}
    row |= {
        "shape": _word(article.shape),
        "published_from": _word(article.published_from),
        "return_links": list(article.return_links),
        "mentions": [asdict(mention) for mention in article.mentions],
        "faults": list(article.faults),
        "text_sha256": _sha256(article.text),
        "engine_version": engine_version,
    }
    return row | {"fingerprint": _article_fingerprint(row)}


def article_again(stored: Mapping[str, Any]) -> Row:
    """Give the columns of an article as they were staged, from a row of the database or of the quarantine."""
    row = _again(stored, ArticleFields)
    return row | {"fingerprint": _article_fingerprint(row)}


def figure_again(stored: Mapping[str, Any]) -> Row:
    """Give the columns of a figure as they were read, from a row of the database or of the quarantine.

    `figure_again({…, "value": "84.32", "period_start": "2022-01-01"})` has a Decimal and a day again.
    """
    row = {name: value for name, value in _again(stored, FigureFields).items() if name not in DERIVED}
    return row | {"fingerprint": fingerprint(row)}


def number_again(stored: Mapping[str, Any]) -> Row:
    """Give the columns of a number as they were staged, from a row of the database or of the quarantine."""
    row = _again(stored, NumberFields)
    return row | {"fingerprint": fingerprint(row)}


def figure_rows(figures: Sequence[Figure], text: str) -> list[Row]:
    """Give the columns of an article's figures, those too that follow from the others (see `models.implying`).

    The fingerprint leaves these out: a better rule for them makes no other reading.
    """
    return add_intervals([figure_row(figure, text) for figure in figures])


def figure_row(figure: Figure, text: str) -> Row:
    """Give the columns of a figure with the sentence of the article's `text` around it."""
    row: Row = {name: getattr(figure, name) for name in Figure.__slots__ if name != "period"}
    first, last = _sentence(text, figure.start, figure.end)
    row |= {
        "kind": _word(figure.kind),
        "bound": _word(figure.bound),
        "basis": _word(figure.basis),
        "status": _word(figure.status),
        "period_start": figure.period.start if figure.period else None,
        "period_end": figure.period.end if figure.period else None,
        "rules": list(figure.rules),
        "sentence": text[first:last],
        "sentence_start": first,
    }
    return row | {"fingerprint": fingerprint(row)}


def number_row(number: Number) -> Row:
    """Give the columns of a number."""
    row: Row = {name: getattr(number, name) for name in Number.__slots__}
    row |= {"role": _word(number.role)}
    return row | {"fingerprint": fingerprint(row)}


def sentence_around(text: str, start: int, end: int) -> str:
    """Give the sentence around a span, or "" where the span does not lie in the text."""
    first, last = _sentence(text, start, end)
    return text[first:last]


def fingerprint(row: Mapping[str, Any], without: frozenset[str] = frozenset()) -> str:
    """Give the SHA-256 of the content of a row: the same for the same columns in any order."""
    content = {name: value for name, value in row.items() if name not in without}
    return _sha256(_JSON.encode(content))


def json_word(value: Any) -> str:
    """Give a decimal, a day or a time as text for JSON; raises TypeError for anything else."""
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"no column holds a {type(value).__name__}")


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=json_word)


def _again(stored: Mapping[str, Any], fields: type[SQLModel]) -> Row:
    return {name: _typed(name, stored.get(name)) for name in fields.model_fields}


def _typed(name: str, value: Any) -> Any:
    """Give the value of a column that JSON has as text."""
    read = _READ_AGAIN.get(name)
    return read(value) if read is not None and isinstance(value, str) else value


def _article_fingerprint(row: Row) -> str:
    """Give the fingerprint of an article; its time counts as the moment that it is, in whatever zone it came."""
    published = row["published"].astimezone(SHANGHAI) if row["published"] else None
    return fingerprint(row | {"published": published}, without=_PROVENANCE)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the span of the sentence, or (0, 0) for a malformed span outside the text: the audit says so."""
    return sentence_span(text, start, end) if 0 <= start < end <= len(text) else (0, 0)


def _word(word: str | None) -> str | None:
    return None if word is None else str(word)


def _sha256(text: str) -> str:
    # A lone surrogate has no bytes in UTF-8; it must not keep the row from being hashed.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
