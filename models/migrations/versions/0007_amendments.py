"""Which article corrects which other one."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import check, count, moment, points, row_id, words

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of amendments; the next publication of an article fills it."""
    current = sa.text("known_to IS NULL")
    op.create_table(
        "amendment",
        *(row_id(), words("info_code"), words("amends"), words("word"), count("batch_id")),
        *(moment("known_from"), moment("known_to", null=True)),
        points("batch_id", "batch.id"),
        check("amendment", "known", "known_from <= known_to"),
        check("amendment", "itself", "info_code <> amends"),
    )
    op.create_index("ix_amendment_amends", "amendment", ["amends"])
    op.create_index(
        "ux_amendment_current", "amendment", ["info_code"], unique=True, sqlite_where=current, postgresql_where=current
    )
