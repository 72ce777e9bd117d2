"""What an audit warns of, and the index by which it finds a text that was published before."""

from alembic import op

from models.migrations.columns import check, count, points, row_id, words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of warnings and the index."""
    op.create_table(
        "audit_warning",
        row_id(),
        count("batch_id"),
        words("row_kind", null=True),
        words("info_code", null=True),
        count("start", null=True),
        count("end", null=True),
        *(words(name, null=True) for name in ("text", "sentence")),
        *(words(name) for name in ("expectation", "observed", "allowed", "why")),
        words("other_info_code", null=True),
        points("batch_id", "batch.id"),
        check("audit_warning", "row_kind", "row_kind IN ('article', 'figure', 'number')"),
    )
    op.create_index("ix_audit_warning_article", "audit_warning", ["info_code"])
    op.create_index("ix_audit_warning_batch_id", "audit_warning", ["batch_id"])
    op.create_index("ix_article_text", "article", ["text_sha256"])
