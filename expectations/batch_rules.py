"""What a good batch is: rows where there were documents, nothing gone blind, the declared columns."""

import polars as pl

from expectations.facts import BatchFacts
from expectations.rules import Row, Rule
from expectations.settings import AuditThresholds
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS, Schema
from models.vocabulary import Role


def batch_row(
    articles: pl.DataFrame,
    figures: pl.DataFrame,
    numbers: pl.DataFrame,
    facts: BatchFacts,
    thresholds: AuditThresholds,
    quarantined: int = 0,
) -> dict[str, int | float | str]:
    """Give the one row that the rules of the batch look at: its counts, and the thresholds that hold.

    `quarantined` counts the figures that other rules have rejected, by themselves or with their article.
    """
    roles = numbers["role"] if "role" in numbers.columns else pl.Series([], dtype=pl.String)
    return {
        "schema_breaks": ", ".join(schema_breaks(articles, figures, numbers)),
        "documents": facts.documents,
        "unreadable": facts.unreadable,
        "unchanged": facts.unchanged,
        "articles": articles.height,
        "figures": figures.height,
        "numbers": numbers.height,
        "unread": int((roles == Role.UNREAD).sum()),
        "quarantined": quarantined,
        "quarantined_share": thresholds.quarantined_share,
        "quarantined_counts_from": thresholds.quarantined_counts_from_figures,
        "unread_share": thresholds.unread_share,
        "unread_counts_from": thresholds.unread_counts_from_numbers,
        "unreadable_share": thresholds.unreadable_share,
        "unreadable_counts_from": thresholds.unreadable_counts_from_documents,
        "figures_expected_from": thresholds.figures_expected_from_articles,
    }


def schema_breaks(articles: pl.DataFrame, figures: pl.DataFrame, numbers: pl.DataFrame) -> list[str]:
    """Name the columns that are missing or of another type: "figures.value is Float64, not String"."""
    declared = (
        ("articles", articles, ARTICLE_COLUMNS),
        ("figures", figures, FIGURE_COLUMNS),
        ("numbers", numbers, NUMBER_COLUMNS),
    )
    return [broken for name, frame, schema in declared for broken in _breaks(name, frame, schema)]


def _breaks(name: str, frame: pl.DataFrame, schema: Schema) -> list[str]:
    found = frame.schema
    missing = [f"{name}.{column} is missing" for column in schema if column not in found]
    return missing + [
        f"{name}.{column} is {found[column]}, not {dtype}"
        for column, dtype in schema.items()
        if column in found and found[column] != dtype
    ]


def _broken_schema(row: Row) -> str | None:
    return row["schema_breaks"] or None


def _no_articles(row: Row) -> str | None:
    is_bad = row["documents"] > 0 and row["articles"] + row["unchanged"] == 0
    return f"0 articles from {row['documents']} documents" if is_bad else None


def _no_figures(row: Row) -> str | None:
    is_bad = row["articles"] >= row["figures_expected_from"] and row["figures"] == 0
    return f"0 figures in {row['articles']} articles" if is_bad else None


def _too_many_unread(row: Row) -> str | None:
    limit = row["unread_share"] * row["numbers"]
    is_bad = row["numbers"] >= row["unread_counts_from"] and row["unread"] > limit
    return f"{row['unread']} of {row['numbers']} numbers unread" if is_bad else None


def _too_many_unreadable(row: Row) -> str | None:
    limit = row["unreadable_share"] * row["documents"]
    is_bad = row["documents"] >= row["unreadable_counts_from"] and row["unreadable"] > limit
    return f"{row['unreadable']} of {row['documents']} documents unreadable" if is_bad else None


def _too_many_quarantined(row: Row) -> str | None:
    limit = row["quarantined_share"] * row["figures"]
    is_bad = row["figures"] >= row["quarantined_counts_from"] and row["quarantined"] > limit
    return f"{row['quarantined']} of {row['figures']} figures malformed" if is_bad else None


RULES = (
    Rule(
        "frames_are_as_declared",
        _broken_schema,
        allowed="the columns and types of models.frames",
        why="Rules that look at a column which is not there say nothing, so nothing may be published.",
        accepts={"schema_breaks": ""},
        rejects={"schema_breaks": "figures.value is missing"},
    ),
    Rule(
        "documents_gave_articles",
        _no_articles,
        allowed="at least one article, unless all were known already",
        why="The source listed documents but not one became an article: the reader is blind to them.",
        accepts={"documents": 40, "articles": 0, "unchanged": 40},
        rejects={"unchanged": 0},
    ),
    Rule(
        "articles_gave_figures",
        _no_figures,
        allowed="at least one figure",
        why="So many articles of financial news without any figure mean that the engine read none.",
        accepts={"articles": 40, "figures": 1, "figures_expected_from": 20},
        rejects={"figures": 0},
    ),
    Rule(
        "numbers_are_read",
        _too_many_unread,
        allowed="no more unread numbers than the threshold",
        why="Too many numbers without a role mean that the texts are not what the engine can read.",
        accepts={"numbers": 400, "unread": 200, "unread_share": 0.5, "unread_counts_from": 200},
        rejects={"unread": 201},
    ),
    Rule(
        "documents_are_readable",
        _too_many_unreadable,
        allowed="no more unreadable documents than the threshold",
        why="Too many documents that cannot be read mean that the source changed its format.",
        accepts={
            "documents": 40,
            "unreadable": 20,
            "unreadable_share": 0.5,
            "unreadable_counts_from": 20,
        },
        rejects={"unreadable": 21},
    ),
    Rule(
        "figures_are_sound",
        _too_many_quarantined,
        allowed="no more malformed figures than the threshold",
        why="Where so many figures are malformed, those that look sound are not to be trusted either.",
        accepts={"figures": 400, "quarantined": 100, "quarantined_share": 0.25, "quarantined_counts_from": 200},
        rejects={"quarantined": 101},
    ),
)
