"""Which article corrects which other one."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.checks import check, only_current
from models.types import UtcTime


class AmendmentRow(SQLModel, table=True):
    """An article that says of itself that it corrects, updates or revises the article `amends`; both are info codes.

    `word` is what says so. Where it cannot be told which article is meant, there is no row.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        Index("ix_amendment_amends", "amends"),
        only_current("amendment", "info_code"),
        check("amendment", "known", "known_from <= known_to"),
        check("amendment", "itself", "info_code <> amends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    info_code: str
    amends: str
    word: str
    batch_id: int = Field(foreign_key="batch.id")
    known_from: datetime = Field(sa_type=UtcTime)
    known_to: datetime | None = Field(default=None, sa_type=UtcTime)
