"""The table of what the audit warned of: rows that are published, and that a reader should know of."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.checks import one_of
from models.vocabulary import RowKind


class AuditWarningRow(SQLModel, table=True):
    """One row that an expectation warns of; where it contradicts another article, that one's info code too.

    The warnings of an article are those of the last audit that saw it. What is said of a batch or of a day has
    no article.
    """

    __tablename__ = "audit_warning"
    __table_args__ = (
        Index("ix_audit_warning_article", "info_code"),
        one_of("audit_warning", "row_kind", RowKind),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    row_kind: str | None = None
    info_code: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    sentence: str | None = None
    expectation: str
    observed: str
    allowed: str
    why: str
    other_info_code: str | None = None
