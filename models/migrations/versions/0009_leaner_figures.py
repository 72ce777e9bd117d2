"""Figures and numbers point at their article and its batch by one key, and have the indexes that are needed."""

import re

import sqlalchemy as sa
from alembic import op

from models.errors import DatabaseError
from models.migrations.columns import moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEEDLESS = ("ix_figure_article", "ix_figure_subject", "ix_figure_metric", "ix_figure_period")
_PUBLISHED = """
UPDATE figure SET published = (SELECT article.published FROM article WHERE article.id = figure.article_id)
"""
_POINTS = "FOREIGN KEY(article_id, batch_id) REFERENCES article (id, batch_id)"
# As SQLite keeps the statement that made the table.
_TO_ARTICLE = re.compile(r"FOREIGN KEY\s*\(article_id\)\s*REFERENCES article\s*\(id\)")
_TO_BATCH = re.compile(r"FOREIGN KEY\s*\(batch_id\)\s*REFERENCES batch\s*\(id\)\s*,")


def upgrade() -> None:
    """Give figures the time of their article, and both tables the one key."""
    for name in _NEEDLESS:
        op.drop_index(name, "figure")
    op.add_column("figure", moment("published", null=True))
    op.execute(_PUBLISHED)
    op.create_index("ux_article_batch", "article", ["id", "batch_id"], unique=True)
    for table in ("figure", "number"):
        if op.get_context().dialect.name == "sqlite":
            _make_anew(table)
        else:
            _change_keys(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE staged_article SET (fillfactor = 50)")
    _make_indexes()


def _change_keys(table: str) -> None:
    for column in ("article_id", "batch_id"):
        op.drop_constraint(f"{table}_{column}_fkey", table)
    columns = ["article_id", "batch_id"], ["id", "batch_id"]
    op.create_foreign_key(f"fk_{table}_article", table, "article", *columns)


def _make_anew(table: str) -> None:
    """Make the table anew, for SQLite changes no key: the same statement, but for the keys."""
    connection = op.get_bind()
    made = connection.scalar(sa.text(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'"))
    kept = f"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL"
    indexes = connection.scalars(sa.text(kept)).all()
    statement, batches = _TO_BATCH.subn("", str(made))
    statement, articles = _TO_ARTICLE.subn(f"CONSTRAINT fk_{table}_article {_POINTS}", statement)
    if (batches, articles) != (1, 1):
        raise DatabaseError(f"the table {table} has other keys than it was made with", "move the database away")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {table}_before")
    connection.exec_driver_sql(f"DROP TABLE {table}_before")
    for index in indexes:
        connection.exec_driver_sql(index)


def _make_indexes() -> None:
    undated_last = " NULLS LAST" if op.get_context().dialect.name == "postgresql" else ""
    metric = sa.text("coalesce(metric_id, metric)")
    op.create_index("ix_figure_metric", "figure", [metric, "period_start", "period_end"])
    newest_first = sa.text(f"published DESC{undated_last}")
    op.create_index("ix_figure_newest", "figure", [newest_first, metric, "period_start", "period_end", "status"])
