"""The published tables: articles with their revisions, figures, and the ledger of numbers."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.tables.checks import (
    check,
    finite_amounts,
    newest_first,
    one_of,
    only_current,
    ordered_amounts,
)
from models.tables.rows import ArticleFields, FigureFields, NumberFields
from models.types import UtcTime
from models.vocabulary import Basis, Bound, DateOrigin, Kind, Role, Shape, Status

_SPAN = 'start >= 0 AND "end" > start'
# What a series is of, by id where the catalogue knows one: the expressions of `models.tables.views`.
_ENTITY, _METRIC = text("coalesce(entity_id, subject)"), text("coalesce(metric_id, metric)")
_KNOWN = "known_from <= known_to"
_REVISION_KEY = ["info_code", "revision"], ["article_revision.info_code", "article_revision.revision"]


class ArticleRevisionRow(SQLModel, table=True):
    """Which text of an article has which revision; a number once given is never given to another text."""

    __tablename__ = "article_revision"
    __table_args__ = (
        UniqueConstraint("info_code", "text_sha256", name="ux_article_revision_text"),
        check("article_revision", "revision", "revision >= 1"),
    )

    info_code: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    text_sha256: str


class Known(SQLModel):
    """A published row: which article, which batch, and when it was known.

    It was known from `known_from` on, and until `known_to` where it is superseded; a current row has no
    `known_to`.
    """

    id: int | None = Field(default=None, primary_key=True)
    info_code: str
    revision: int
    engine_version: str
    batch_id: int = Field(foreign_key="batch.id")
    known_from: datetime = Field(sa_type=UtcTime)
    known_to: datetime | None = Field(default=None, sa_type=UtcTime)


class KnownOfArticle(Known):
    """A published row that hangs on a published article, of the same batch."""

    article_id: int
    batch_id: int


def of_article(table: str) -> ForeignKeyConstraint:
    """Give the key that leads to the article and by it to the batch: one look for each row, where two keys take two."""
    return ForeignKeyConstraint(
        ["article_id", "batch_id"], ["article.id", "article.batch_id"], name=f"fk_{table}_article"
    )


class ArticleRow(ArticleFields, Known, table=True):
    """One reading of one revision of an article; at most one row of an info code is current.

    `reading_sha256` covers the article's content, its published figures and numbers, and the engine version:
    where it is the same, nothing has changed.
    """

    __tablename__ = "article"
    __table_args__ = (
        ForeignKeyConstraint(*_REVISION_KEY, name="fk_article_revision"),
        Index("ix_article_reading", "info_code", "revision"),
        *newest_first("ix_article_published", text("info_code DESC"), text("id DESC"), "known_from", "known_to"),
        Index("ux_article_batch", "id", "batch_id", unique=True),
        Index("ix_article_text", "text_sha256"),
        only_current("article", "info_code"),
        check("article", "known", _KNOWN),
        check("article", "text_sha256", "length(text_sha256) = 64"),
        one_of("article", "shape", Shape),
        one_of("article", "published_from", DateOrigin),
    )

    reading_sha256: str


class FigureRow(FigureFields, KnownOfArticle, table=True):
    """One published figure of one reading of an article; `published` is the article's, so that an index has it."""

    __tablename__ = "figure"
    __table_args__ = (
        UniqueConstraint("article_id", "start", "end", name="ux_figure_span"),
        of_article("figure"),
        Index("ix_figure_series", _ENTITY, _METRIC, "period_start"),
        Index("ix_figure_metric", _METRIC, "period_start", "period_end"),
        *newest_first("ix_figure_newest", _METRIC, "period_start", "period_end", "status"),
        check("figure", "span", _SPAN),
        check("figure", "known", _KNOWN),
        check("figure", "range", "(bound = 'range') = (low IS NOT NULL)"),
        check("figure", "range_ends", "(low IS NULL) = (high IS NULL)"),
        check("figure", "value_or_range", "(value IS NULL) = (bound = 'range')"),
        check("figure", "period_ends", "(period_start IS NULL) = (period_end IS NULL)"),
        check("figure", "period", "period_start <= period_end"),
        one_of("figure", "kind", Kind),
        one_of("figure", "bound", Bound),
        one_of("figure", "basis", Basis),
        one_of("figure", "status", Status),
        *finite_amounts("figure", ("value", "low", "high")),
        *ordered_amounts("figure"),
    )

    published: datetime | None = Field(default=None, sa_type=UtcTime)
    metric_id: str | None = Field(default=None, foreign_key="metric.id")
    entity_id: str | None = Field(default=None, foreign_key="entity.id")


class NumberRow(NumberFields, KnownOfArticle, table=True):
    """One number of the ledger of one reading of an article."""

    __tablename__ = "number"
    __table_args__ = (
        UniqueConstraint("article_id", "start", "end", name="ux_number_span"),
        of_article("number"),
        check("number", "span", _SPAN),
        check("number", "known", _KNOWN),
        one_of("number", "role", Role),
    )
