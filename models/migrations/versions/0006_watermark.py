"""How far the daily runs have read each source."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import key, moment, points

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "watermark",
        key("source"),
        sa.Column("through", sa.Date(), nullable=True),
        moment("checked_at"),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        points("batch_id", "batch.id"),
    )
