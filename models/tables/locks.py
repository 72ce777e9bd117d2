"""Which runs are under way, so that no two read the same days of a source at once."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.checks import check
from models.types import UtcTime


class RunLockRow(SQLModel, table=True):
    """One run under way: the source and the days that it works on, and who it is.

    The row alone locks nothing: it counts as long as its holder lives, which `models.locks` asks the database.
    """

    __tablename__ = "run_lock"
    __table_args__ = (
        Index("ix_run_lock_source", "source"),
        check("run_lock", "days", "since <= until"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    since: date | None = None
    until: date | None = None
    holder: str
    started_at: datetime = Field(sa_type=UtcTime)
