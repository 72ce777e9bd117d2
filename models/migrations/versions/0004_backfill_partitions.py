"""The ledger of partitions of backfills and of readings anew."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import check, count, moment, points, row_id, words

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = "backfill_partition"
_COUNTS = ("documents", "articles", "figures", "figures_published", "rows_failed", "unreadable")


def upgrade() -> None:
    """Make the table; what has no days is one partition a source, and NULLs do not make that unique."""
    op.create_table(
        _TABLE,
        row_id(),
        words("purpose"),
        words("source"),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        words("state"),
        count("attempts"),
        *(count(name) for name in _COUNTS),
        count("batch_id", null=True),
        words("engine_version", null=True),
        words("error", null=True),
        words("holder", null=True),
        moment("started_at", null=True),
        moment("finished_at", null=True),
        points("batch_id", "batch.id"),
        check(_TABLE, "purpose", "purpose IN ('backfill', 'reextract')"),
        check(_TABLE, "state", "state IN ('waiting', 'running', 'done', 'failed')"),
        check(_TABLE, "days", "first_day <= last_day"),
        check(_TABLE, "day_ends", "(first_day IS NULL) = (last_day IS NULL)"),
        check(_TABLE, "counts", "attempts >= 0 AND documents >= 0"),
    )
    op.create_index("ux_backfill_partition", _TABLE, ["purpose", "source", "first_day", "last_day"], unique=True)
    undated = sa.text("first_day IS NULL")
    op.create_index(
        "ux_backfill_partition_undated",
        _TABLE,
        ["purpose", "source"],
        unique=True,
        sqlite_where=undated,
        postgresql_where=undated,
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table(_TABLE)
