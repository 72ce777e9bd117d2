"""The table of what reviewers decided: never changed, only added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.checks import check, one_of
from models.types import Json, UtcTime
from models.vocabulary import ReviewAction, ReviewState


class DecisionRow(SQLModel, table=True):
    """One decision on one row of the quarantine: who, when, why, what was done and what came of it.

    `row` is the row as it was decided on: a decision holds for what the row said then. `state` is the row's
    state after the decision. `batch_id` is the batch that published or withdrew something by it, if one did.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_quarantine", "quarantine_id"),
        one_of("decision", "action", ReviewAction),
        one_of("decision", "state", ReviewState),
        check("decision", "who", "who <> ''"),
        check("decision", "reason", "reason <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarantine_id: int = Field(foreign_key="quarantine.id")
    action: str
    state: str
    who: str
    reason: str
    decided_at: datetime = Field(sa_type=UtcTime)
    row: dict[str, Any] = Field(sa_type=Json)
    outcome: str
    batch_id: int | None = Field(default=None, foreign_key="batch.id")
