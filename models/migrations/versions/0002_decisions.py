"""What reviewers decide on rows of the quarantine is kept as history."""

from alembic import op

from models.migrations.columns import check, count, json_text, moment, points, row_id, words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of decisions."""
    op.create_table(
        "decision",
        row_id(),
        count("quarantine_id"),
        *(words(name) for name in ("action", "state", "who", "reason")),
        moment("decided_at"),
        json_text("row"),
        words("outcome"),
        count("batch_id", null=True),
        points("quarantine_id", "quarantine.id"),
        points("batch_id", "batch.id"),
        check("decision", "action", "action IN ('release', 'reject', 'replay')"),
        check("decision", "state", "state IN ('open', 'released', 'rejected', 'superseded')"),
        check("decision", "who", "who <> ''"),
        check("decision", "reason", "reason <> ''"),
    )
    op.create_index("ix_decision_quarantine", "decision", ["quarantine_id"])
