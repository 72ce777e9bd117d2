"""Columns as the revisions write them: short, and the same on both databases."""

from typing import Any

import sqlalchemy as sa

from models.types import Json, UtcTime


def row_id(name: str = "id") -> sa.Column[int]:
    """Give a number that the database gives each row."""
    return sa.Column(name, sa.Integer(), primary_key=True)


def key(name: str) -> sa.Column[str]:
    """Give a primary key of words."""
    return sa.Column(name, sa.String(), primary_key=True)


def words(name: str, *, null: bool = False) -> sa.Column[str]:
    """Give a column of words."""
    return sa.Column(name, sa.String(), nullable=null)


def count(name: str, *, null: bool = False) -> sa.Column[int]:
    """Give a column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    """Give a column of aware times."""
    return sa.Column(name, UtcTime(), nullable=null)


def json_text(name: str) -> sa.Column[Any]:
    """Give a column of JSON."""
    return sa.Column(name, Json, nullable=False)


def flag(name: str) -> sa.Column[bool]:
    """Give a column of yes or no, no by default."""
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def points(column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """Give a foreign key of one column: `points("batch_id", "batch.id")`."""
    return sa.ForeignKeyConstraint([column], [to], ondelete=ondelete)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """Give a check by the name that `models.tables.checks` gives it."""
    return sa.CheckConstraint(condition, name=f"ck_{table}_{name}")
