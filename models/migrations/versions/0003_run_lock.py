"""Which runs are under way."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import check, moment, row_id, words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of the runs under way."""
    op.create_table(
        "run_lock",
        row_id(),
        words("source"),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        words("holder"),
        moment("started_at"),
        check("run_lock", "days", "since <= until"),
    )
    op.create_index("ix_run_lock_source", "run_lock", ["source"])
