"""What readers need: what amounts leave open and imply, the words of figures, indexes, and the views."""

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.implying import add_intervals
from models.migrations.columns import check, count, key
from models.types import ExactDecimal

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AMOUNTS = ("least", "most", "implied_low", "implied_high")
_DAYS = ("earlier_start", "earlier_end")
_CHUNK = 2_000
_LONGER = {
    "ix_figure_subject": ["subject", "metric"],
    "ix_figure_metric": ["metric", "period_start", "period_end"],
}

_NAMES = """
INSERT INTO figure_name (role, words, key)
SELECT DISTINCT '{role}', {role}, coalesce({id}, {role}) FROM figure WHERE {role} IS NOT NULL
"""
_SECURITIES = {
    "sqlite": """
INSERT INTO security (code, exchange, name)
SELECT DISTINCT json_extract(mention.value, '$.code'), json_extract(mention.value, '$.exchange'),
    json_extract(mention.value, '$.text') FROM article, json_each(article.mentions) AS mention
""",
    "postgresql": """
INSERT INTO security (code, exchange, name)
SELECT DISTINCT mention.value ->> 'code', mention.value ->> 'exchange', mention.value ->> 'text'
FROM article, jsonb_array_elements(article.mentions) AS mention(value)
""",
}


def upgrade() -> None:
    """Add columns, tables and indexes, and fill them from the rows that are there."""
    for table in ("figure", "staged_figure"):
        _add_columns(table)
    op.create_table("figure_name", key("role"), key("words"), key("key"), _ROLES)
    op.create_table("security", key("code"), key("exchange"), key("name"))
    _fill_columns()
    _fill_names()
    _make_indexes()


_ROLES = check("figure_name", "role", "role IN ('subject', 'metric')")


def _add_columns(table: str) -> None:
    for name in _AMOUNTS[:2]:
        op.add_column(table, sa.Column(name, ExactDecimal()))
    op.add_column(table, count("level_start", null=True))
    for name in _AMOUNTS[2:]:
        op.add_column(table, sa.Column(name, ExactDecimal()))
    for name in _DAYS:
        op.add_column(table, sa.Column(name, sa.Date()))


def _fill_columns() -> None:
    figure = sa.table(
        "figure",
        *(sa.column(name) for name in ("id", "article_id", "start", "text", "kind", "bound", "unit", "basis")),
        *(sa.column(name) for name in ("metric", "subject", "status", "metric_id", "sentence_start", "level_start")),
        *(sa.column(name, ExactDecimal()) for name in ("value", "low", "high", *_AMOUNTS)),
        *(sa.column(name, sa.Date()) for name in ("period_start", "period_end", *_DAYS)),
    )
    connection = op.get_bind()
    # All ids first: the rows change while they are gone through.
    articles = connection.scalars(sa.select(figure.c.article_id).distinct().order_by(figure.c.article_id)).all()
    derived = ("level_start", *_AMOUNTS, *_DAYS)
    change = sa.update(figure).where(figure.c.id == sa.bindparam("of_id"))
    for ids in _chunks(iter(articles)):
        query = sa.select(figure).where(figure.c.article_id.in_(ids)).order_by(figure.c.article_id, figure.c.start)
        rows = connection.execute(query).all()
        values = [
            {"of_id": row["id"]} | {name: row[name] for name in derived}
            for _, same in groupby(rows, key=attrgetter("article_id"))
            for row in add_intervals([dict(each._mapping) for each in same])
        ]
        connection.execute(change, values)


def _chunks(ids: Iterator[int]) -> Iterator[list[int]]:
    while chunk := list(islice(ids, _CHUNK)):
        yield chunk


def _fill_names() -> None:
    for role, id_ in (("subject", "entity_id"), ("metric", "metric_id")):
        op.execute(_NAMES.format(role=role, id=id_))
    op.execute(sa.text(_SECURITIES[op.get_context().dialect.name]))


def _make_indexes() -> None:
    undated_last = " NULLS LAST" if op.get_context().dialect.name == "postgresql" else ""
    newest_first: list[Any] = [sa.text(f"published DESC{undated_last}"), sa.text("info_code DESC"), sa.text("id DESC")]
    op.drop_index("ix_article_published", "article")
    op.create_index("ix_article_published", "article", [*newest_first, "known_from", "known_to"])
    for name, columns in _LONGER.items():
        op.drop_index(name, "figure")
        op.create_index(name, "figure", columns)
    keys = sa.text("coalesce(entity_id, subject)"), sa.text("coalesce(metric_id, metric)")
    op.create_index("ix_figure_series", "figure", [*keys, "period_start"])
    op.create_index("ix_figure_period", "figure", ["period_start", "period_end"])
