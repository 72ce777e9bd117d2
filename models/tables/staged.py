"""The staged tables: rows of a batch that waits for its audit.

They hold whatever was read, malformed or not, so nothing but the keys is checked. `fingerprint` is the hash
of a row's content, `condemned` marks what the audit has rejected, `changed` an article whose reading is new.
"""

from sqlalchemy import Boolean, Index, false
from sqlmodel import Field, SQLModel

from models.tables.rows import ArticleFields, FigureFields, NumberFields


class Condemnable(SQLModel):
    """A staged row that the audit may condemn."""

    row_id: int | None = Field(default=None, primary_key=True)
    fingerprint: str
    condemned: bool = Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": false()})


class StagedArticleRow(ArticleFields, Condemnable, table=True):
    """A staged article; its revision is given when the whole batch is there, and is null until then."""

    __tablename__ = "staged_article"
    # One index of both: with two of one column each SQLite takes the wrong one, and every article all others.
    __table_args__ = (Index("ix_staged_article_batch", "batch_id", "info_code"),)

    batch_id: int = Field(foreign_key="batch.id")
    revision: int | None = None
    reading_sha256: str | None = None
    changed: bool = Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": false()})


class StagedFigureRow(FigureFields, Condemnable, table=True):
    """A staged figure; it goes when its staged article goes."""

    __tablename__ = "staged_figure"

    article_row_id: int = Field(foreign_key="staged_article.row_id", ondelete="CASCADE", index=True)


class StagedNumberRow(NumberFields, Condemnable, table=True):
    """A staged number; it goes when its staged article goes."""

    __tablename__ = "staged_number"

    article_row_id: int = Field(foreign_key="staged_article.row_id", ondelete="CASCADE", index=True)
