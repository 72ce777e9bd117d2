"""The table of how far the daily runs have come."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.types import UtcTime


class WatermarkRow(SQLModel, table=True):
    """How far the daily runs have read a source.

    `through` is the last day of publication that they read to its end, `checked_at` when the last of them began
    that read all that was there, and `batch_id` the batch of that run.
    """

    __tablename__ = "watermark"

    source: str = Field(primary_key=True)
    through: date | None = None
    checked_at: datetime = Field(sa_type=UtcTime)
    batch_id: int = Field(foreign_key="batch.id")
