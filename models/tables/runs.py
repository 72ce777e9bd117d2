"""The tables of what ran and what was kept back: documents, batches, audits, quarantine."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from models.tables.checks import check, one_of
from models.types import Json, UtcTime
from models.vocabulary import BatchState, DocumentFormat, ReviewState, RowKind, Severity


class RawDocumentRow(SQLModel, table=True):
    """The index of the raw archive: which bytes are kept, and under which key of the object store.

    `size` is before compression.
    """

    __tablename__ = "raw_document"
    __table_args__ = (
        check("raw_document", "sha256", "length(sha256) = 64"),
        check("raw_document", "size", "size >= 0"),
    )

    sha256: str = Field(primary_key=True)
    size: int
    object_key: str
    fetched_at: datetime = Field(sa_type=UtcTime)


class RawResponseRow(SQLModel, table=True):
    """How bytes came: one row for each source, location and content; the latest `fetched_at` is what is there now.

    `etag` and `last_modified` are what a conditional request sends back; `listed` and `published_on` what the
    listing said of the document.
    """

    __tablename__ = "raw_response"
    __table_args__ = (
        UniqueConstraint("source", "location", "sha256", name="ux_raw_response"),
        Index("ix_raw_response_sha256", "sha256"),
        one_of("raw_response", "format", DocumentFormat),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    location: str
    sha256: str = Field(foreign_key="raw_document.sha256")
    format: str
    status: int | None = None
    headers: list[list[str]] = Field(sa_type=Json)
    etag: str | None = None
    last_modified: str | None = None
    listed: list[list[str]] = Field(sa_type=Json)
    published_on: date | None = None
    fetched_at: datetime = Field(sa_type=UtcTime)


class UnreadableDocumentRow(SQLModel, table=True):
    """A document that could not be read, and why; superseded once an article is read from its location.

    `sha256` is null where not even its bytes could be had.
    """

    __tablename__ = "unreadable_document"
    __table_args__ = (
        UniqueConstraint("source", "location", name="ux_unreadable_document"),
        one_of("unreadable_document", "state", ReviewState),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    location: str
    sha256: str | None = Field(default=None, foreign_key="raw_document.sha256")
    error: str
    state: str = ReviewState.OPEN.value
    first_seen_batch_id: int = Field(foreign_key="batch.id")
    last_seen_batch_id: int = Field(foreign_key="batch.id")


class BatchRow(SQLModel, table=True):
    """One run over one source: what was asked for, how far it came, and what it counted.

    `documents` = `articles` + `duplicates` + `unreadable`. `is_staged` says that every row is there. The
    counts of `rows_…` take rows of the quarantine, one for each row and expectation.
    """

    __tablename__ = "batch"
    __table_args__ = (one_of("batch", "state", BatchState),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    since: date | None = None
    until: date | None = None
    strict: bool
    state: str
    engine_version: str
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    is_staged: bool = Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": false()})
    message: str | None = None
    documents: int = 0
    articles: int = 0
    duplicates: int = 0
    unreadable: int = 0
    figures: int = 0
    numbers: int = 0
    articles_published: int = 0
    articles_unchanged: int = 0
    articles_superseded: int = 0
    figures_published: int = 0
    figures_unchanged: int = 0
    figures_superseded: int = 0
    numbers_published: int = 0
    numbers_unchanged: int = 0
    numbers_superseded: int = 0
    rows_quarantined: int = 0
    rows_seen_again: int = 0
    rows_cleared: int = 0


class ExpectationResultRow(SQLModel, table=True):
    """How one expectation went on one batch; `evaluated` and `failed` count rows."""

    __tablename__ = "expectation_result"

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    suite: str
    expectation: str
    evaluated: int
    failed: int
    success: bool
    exception: str | None = None


class QuarantineRow(SQLModel, table=True):
    """One row that one expectation rejected, kept whole for review.

    `row` is every column of the staged row, `text` the characters of a figure or number, or the title of an
    article. `reason` and `who` belong to the review; `why` is the expectation's sentence.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        Index("ix_quarantine_article", "info_code", "revision"),
        Index("ix_quarantine_state", "state"),
        one_of("quarantine", "row_kind", RowKind),
        one_of("quarantine", "severity", Severity),
        one_of("quarantine", "state", ReviewState),
    )

    id: int | None = Field(default=None, primary_key=True)
    row_key: str = Field(unique=True)
    row_kind: str
    info_code: str
    revision: int
    start: int | None = None
    end: int | None = None
    text: str | None = None
    row: dict[str, Any] = Field(sa_type=Json)
    sentence: str | None = None
    expectation: str
    severity: str
    observed: str
    allowed: str
    why: str
    first_seen_batch_id: int = Field(foreign_key="batch.id")
    last_seen_batch_id: int = Field(foreign_key="batch.id")
    state: str = ReviewState.OPEN.value
    reason: str | None = None
    who: str | None = None
