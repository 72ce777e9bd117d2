"""The fields that a staged row and a published row share.

Vocabulary columns hold the words of `models.vocabulary` as text; the published tables check them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field, SQLModel

from models.types import ExactDecimal, Json, UtcTime


class ArticleFields(SQLModel):
    """What is known of an article; `raw_sha256` leads to the bytes that it was read from."""

    info_code: str
    source: str
    location: str
    raw_sha256: str = Field(foreign_key="raw_document.sha256")
    shape: str
    title: str | None = None
    text: str
    text_sha256: str
    digest: str | None = None
    medium: str | None = None
    published: datetime | None = Field(default=None, sa_type=UtcTime)
    published_written: str | None = None
    published_from: str | None = None
    category: str | None = None
    tags: str | None = None
    link: str | None = None
    return_links: list[str] = Field(sa_type=Json)
    mentions: list[dict[str, Any]] = Field(sa_type=Json)
    faults: list[str] = Field(sa_type=Json)
    engine_version: str


class SpanFields(SQLModel):
    """A stretch of the article's text: `text` is its characters `start` to `end`, end exclusive."""

    start: int
    end: int
    text: str


class FigureFields(SpanFields):
    """One figure, as `models.values.Figure` defines it, and the sentence around it.

    `sentence` begins at character `sentence_start` of the article's text; `rules` names what made the figure. The
    columns from `least` on follow from the others, as `models.implying.add_intervals` says.
    """

    kind: str
    value: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    low: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    high: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    bound: str
    unit: str
    basis: str | None = None
    metric: str | None = None
    subject: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    status: str
    metric_id: str | None = None
    entity_id: str | None = None
    sentence: str
    sentence_start: int
    rules: list[str] = Field(sa_type=Json)
    least: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    most: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    level_start: int | None = None
    implied_low: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    implied_high: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    earlier_start: date | None = None
    earlier_end: date | None = None


class NumberFields(SpanFields):
    """One number of the text with its one role: a row of the ledger."""

    role: str
    reason: str | None = None
