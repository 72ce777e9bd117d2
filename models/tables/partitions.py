"""The ledger of partitions: which days of a source were worked through, by whom, and what came of it."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.tables.checks import check, one_of
from models.types import UtcTime
from models.vocabulary import PartitionState, Purpose

_UNDATED = text("first_day IS NULL")


class BackfillPartitionRow(SQLModel, table=True):
    """Some days of a source, both included; the partition without days holds the documents that nobody dated.

    `documents` is how many there were when it was last worked on, of which `unreadable` could not be read and
    `rows_failed` rows failed the audit. `batch_id` is the batch of the last attempt, `holder` the process that
    made it ("host:pid"), `error` why it failed.
    """

    __tablename__ = "backfill_partition"
    __table_args__ = (
        Index("ux_backfill_partition", "purpose", "source", "first_day", "last_day", unique=True),
        Index(
            "ux_backfill_partition_undated",
            "purpose",
            "source",
            unique=True,
            sqlite_where=_UNDATED,
            postgresql_where=_UNDATED,
        ),
        one_of("backfill_partition", "purpose", Purpose),
        one_of("backfill_partition", "state", PartitionState),
        check("backfill_partition", "days", "first_day <= last_day"),
        check("backfill_partition", "day_ends", "(first_day IS NULL) = (last_day IS NULL)"),
        check("backfill_partition", "counts", "attempts >= 0 AND documents >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    purpose: str
    source: str
    first_day: date | None = None
    last_day: date | None = None
    state: str = PartitionState.WAITING.value
    attempts: int = 0
    documents: int = 0
    articles: int = 0
    figures: int = 0
    figures_published: int = 0
    rows_failed: int = 0
    unreadable: int = 0
    batch_id: int | None = Field(default=None, foreign_key="batch.id")
    engine_version: str | None = None
    error: str | None = None
    holder: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
