"""The tables as they were before there were migrations: SQLite files with user_version 2 have them already."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import check, count, flag, json_text, key, moment, points, row_id, words
from models.types import ExactDecimal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REVIEW = "state IN ('open', 'released', 'rejected', 'superseded')"
_KNOWN = "known_from <= known_to"
_SPAN = 'start >= 0 AND "end" > start'
_CURRENT = sa.text("known_to IS NULL")
_ROLES = (
    "'figure', 'date', 'time', 'duration', 'age', 'code', 'ordinal', 'rank', 'name', 'enumeration', 'idiom',"
    " 'version', 'score', 'quote', 'unread', 'malformed'"
)


def upgrade() -> None:
    """Make all tables."""
    _catalogue()
    _documents()
    _runs()
    _articles()
    _figures()
    _numbers()
    _review()
    _staged()


def _catalogue() -> None:
    op.create_table("metric", key("id"), words("name"), json_text("aliases"), words("dimension"), words("definition"))
    op.create_table("entity", key("id"), words("kind"), words("name"), json_text("aliases"), words("parent", null=True))


def _documents() -> None:
    op.create_table(
        "raw_document",
        key("sha256"),
        count("size"),
        words("object_key"),
        moment("fetched_at"),
        check("raw_document", "sha256", "length(sha256) = 64"),
        check("raw_document", "size", "size >= 0"),
    )
    op.create_table(
        "raw_response",
        row_id(),
        words("source"),
        words("location"),
        words("sha256"),
        words("format"),
        count("status", null=True),
        json_text("headers"),
        words("etag", null=True),
        words("last_modified", null=True),
        json_text("listed"),
        sa.Column("published_on", sa.Date()),
        moment("fetched_at"),
        points("sha256", "raw_document.sha256"),
        check("raw_response", "format", "format IN ('jekyll_post', 'feed_entry', 'site_page', 'news_text', 'listing')"),
        sa.UniqueConstraint("source", "location", "sha256", name="ux_raw_response"),
    )
    op.create_index("ix_raw_response_sha256", "raw_response", ["sha256"])


def _runs() -> None:
    outcomes = [f"{table}_{what}" for table in ("articles", "figures", "numbers")
                for what in ("published", "unchanged", "superseded")]  # fmt: skip
    counts = "documents", "articles", "duplicates", "unreadable", "figures", "numbers", *outcomes
    op.create_table(
        "batch",
        row_id(),
        words("source"),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("strict", sa.Boolean(), nullable=False),
        words("state"),
        words("engine_version"),
        moment("started_at"),
        moment("finished_at", null=True),
        flag("is_staged"),
        words("message", null=True),
        *(count(name) for name in (*counts, "rows_quarantined", "rows_seen_again", "rows_cleared")),
        check("batch", "state", "state IN ('staged', 'audited', 'published', 'refused')"),
    )
    op.create_table(
        "expectation_result",
        row_id(),
        count("batch_id"),
        words("suite"),
        words("expectation"),
        count("evaluated"),
        count("failed"),
        sa.Column("success", sa.Boolean(), nullable=False),
        words("exception", null=True),
        points("batch_id", "batch.id"),
    )
    op.create_index("ix_expectation_result_batch_id", "expectation_result", ["batch_id"])


def _articles() -> None:
    op.create_table(
        "article_revision",
        words("info_code"),
        count("revision"),
        words("text_sha256"),
        sa.PrimaryKeyConstraint("info_code", "revision"),
        sa.UniqueConstraint("info_code", "text_sha256", name="ux_article_revision_text"),
        check("article_revision", "revision", "revision >= 1"),
    )
    op.create_table(
        "article",
        *_known(),
        *_article_fields(),
        words("reading_sha256"),
        points("batch_id", "batch.id"),
        points("raw_sha256", "raw_document.sha256"),
        sa.ForeignKeyConstraint(
            ["info_code", "revision"],
            ["article_revision.info_code", "article_revision.revision"],
            name="fk_article_revision",
        ),
        check("article", "known", _KNOWN),
        check("article", "text_sha256", "length(text_sha256) = 64"),
        check("article", "shape", "shape IN ('flash', 'digest', 'html')"),
        check("article", "published_from", "published_from IN ('front_matter', 'stated', 'info_code', 'file_name')"),
    )
    op.create_index("ix_article_reading", "article", ["info_code", "revision"])
    op.create_index("ix_article_published", "article", ["published"])
    op.create_index(
        "ux_article_current", "article", ["info_code"], unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT
    )


def _figures() -> None:
    op.create_table(
        "figure",
        *_known(),
        count("article_id"),
        *_figure_fields(),
        points("article_id", "article.id"),
        points("batch_id", "batch.id"),
        points("metric_id", "metric.id"),
        points("entity_id", "entity.id"),
        sa.UniqueConstraint("article_id", "start", "end", name="ux_figure_span"),
        check("figure", "span", _SPAN),
        check("figure", "known", _KNOWN),
        check("figure", "range", "(bound = 'range') = (low IS NOT NULL)"),
        check("figure", "range_ends", "(low IS NULL) = (high IS NULL)"),
        check("figure", "value_or_range", "(value IS NULL) = (bound = 'range')"),
        check("figure", "period_ends", "(period_start IS NULL) = (period_end IS NULL)"),
        check("figure", "period", "period_start <= period_end"),
        check("figure", "kind", "kind IN ('level', 'change_rate', 'change_amount')"),
        check("figure", "bound", "bound IN ('exact', 'about', 'over', 'under', 'range')"),
        check("figure", "basis", "basis IN ('yoy', 'previous_period', 'year_start', 'previous_close', 'other')"),
        check("figure", "status", "status IN ('actual', 'target', 'forecast')"),
        *_amount_checks(),
    )
    op.create_index("ix_figure_article", "figure", ["info_code", "revision"])
    op.create_index("ix_figure_metric", "figure", ["metric"])
    op.create_index("ix_figure_subject", "figure", ["subject"])


def _amount_checks() -> list[sa.CheckConstraint]:
    if op.get_bind().dialect.name != "sqlite":
        finite = "{0} NOT IN ('NaN', 'Infinity', '-Infinity')"
        ordered = "low <= high"
    else:
        finite = (
            "{0} NOT GLOB '*[^0-9.-]*' AND {0} GLOB '*[0-9]' AND {0} NOT GLOB '?*-*'"
            " AND {0} NOT GLOB '*.*.*' AND {0} NOT GLOB '.*' AND {0} NOT GLOB '-.*'"
        )
        ordered = "CAST(low AS REAL) <= CAST(high AS REAL) + 1e-15 * abs(CAST(high AS REAL))"
    checks = [check("figure", column, finite.format(column)) for column in ("value", "low", "high")]
    return [*checks, check("figure", "low_high", ordered)]


def _numbers() -> None:
    op.create_table(
        "number",
        *_known(),
        count("article_id"),
        *_number_fields(),
        points("article_id", "article.id"),
        points("batch_id", "batch.id"),
        sa.UniqueConstraint("article_id", "start", "end", name="ux_number_span"),
        check("number", "span", _SPAN),
        check("number", "known", _KNOWN),
        check("number", "role", f"role IN ({_ROLES})"),
    )


def _review() -> None:
    op.create_table(
        "quarantine",
        row_id(),
        words("row_key"),
        *(words("row_kind"), words("info_code"), count("revision")),
        *(count("start", null=True), count("end", null=True), words("text", null=True)),
        *(json_text("row"), words("sentence", null=True)),
        *(words(name) for name in ("expectation", "severity", "observed", "allowed", "why")),
        *(count("first_seen_batch_id"), count("last_seen_batch_id"), words("state")),
        *(words("reason", null=True), words("who", null=True)),
        *_seen(),
        sa.UniqueConstraint("row_key"),
        check("quarantine", "row_kind", "row_kind IN ('article', 'figure', 'number')"),
        check("quarantine", "severity", "severity IN ('row', 'article', 'batch')"),
        check("quarantine", "state", _REVIEW),
    )
    op.create_index("ix_quarantine_article", "quarantine", ["info_code", "revision"])
    op.create_index("ix_quarantine_state", "quarantine", ["state"])
    op.create_table(
        "unreadable_document",
        *(row_id(), words("source"), words("location"), words("sha256", null=True), words("error")),
        *(words("state"), count("first_seen_batch_id"), count("last_seen_batch_id")),
        *_seen(),
        points("sha256", "raw_document.sha256"),
        sa.UniqueConstraint("source", "location", name="ux_unreadable_document"),
        check("unreadable_document", "state", _REVIEW),
    )


def _staged() -> None:
    op.create_table(
        "staged_article",
        *_condemnable(),
        words("info_code"),
        *_article_fields(),
        words("engine_version"),
        *(count("batch_id"), count("revision", null=True), words("reading_sha256", null=True), flag("changed")),
        points("batch_id", "batch.id"),
        points("raw_sha256", "raw_document.sha256"),
    )
    op.create_index("ix_staged_article_batch", "staged_article", ["batch_id", "info_code"])
    for table, fields in (("staged_figure", _figure_fields()), ("staged_number", _number_fields())):
        op.create_table(
            table,
            *_condemnable(),
            *fields,
            count("article_row_id"),
            points("article_row_id", "staged_article.row_id", ondelete="CASCADE"),
        )
        op.create_index(f"ix_{table}_article_row_id", table, ["article_row_id"])


def _known() -> list[sa.Column[Any]]:
    keys = row_id(), words("info_code"), count("revision"), words("engine_version"), count("batch_id")
    return [*keys, moment("known_from"), moment("known_to", null=True)]


def _condemnable() -> list[sa.Column[Any]]:
    return [row_id("row_id"), words("fingerprint"), flag("condemned")]


def _article_fields() -> list[sa.Column[Any]]:
    return [
        *(words(name) for name in ("source", "location", "raw_sha256", "shape")),
        *(words("title", null=True), words("text"), words("text_sha256")),
        *(words("digest", null=True), words("medium", null=True), moment("published", null=True)),
        *(words(name, null=True) for name in ("published_written", "published_from", "category", "tags", "link")),
        *(json_text("return_links"), json_text("mentions"), json_text("faults")),
    ]


def _figure_fields() -> list[sa.Column[Any]]:
    return [
        *(count("start"), count("end"), words("text"), words("kind")),
        *(sa.Column(name, ExactDecimal()) for name in ("value", "low", "high")),
        *(words("bound"), words("unit"), words("basis", null=True)),
        *(words("metric", null=True), words("subject", null=True)),
        *(sa.Column("period_start", sa.Date()), sa.Column("period_end", sa.Date()), words("status")),
        *(words("metric_id", null=True), words("entity_id", null=True)),
        *(words("sentence"), count("sentence_start"), json_text("rules")),
    ]


def _number_fields() -> list[sa.Column[Any]]:
    return [count("start"), count("end"), words("text"), words("role"), words("reason", null=True)]


def _seen() -> list[sa.ForeignKeyConstraint]:
    return [points("first_seen_batch_id", "batch.id"), points("last_seen_batch_id", "batch.id")]
