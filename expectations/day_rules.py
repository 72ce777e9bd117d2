"""What a good day of a source is: about as many articles and figures as on the days before, and never none."""

from expectations.rules import Row, Rule


def _silent(row: Row) -> str | None:
    is_silent = row["articles"] == 0 and row["usual_articles"] >= row["silent_from"]
    return _told(row, "articles") if _is_known(row) and is_silent else None


def _few_articles(row: Row) -> str | None:
    is_few = 0 < row["articles"] < row["least_of_usual"] * row["usual_articles"]
    return _told(row, "articles") if _is_known(row) and is_few else None


def _few_figures(row: Row) -> str | None:
    is_few = row["figures"] < row["least_of_usual"] * row["usual_figures"]
    return _told(row, "figures") if _is_known(row) and row["articles"] and is_few else None


def _is_known(row: Row) -> bool:
    return bool(row["days_before"] >= row["usual_counts_from"])


def _told(row: Row, what: str) -> str:
    return f"{row['source']}, {row['day']}: {row[what]:,} {what}, usual are {row[f'usual_{what}']:,g}"


_DAY = {"source": "feed", "day": "2022-04-18", "days_before": 28, "usual_counts_from": 14}

RULES = (
    Rule(
        "source_is_not_silent",
        _silent,
        allowed="some articles, where silent_from_articles or more are usual",
        why="A source that always has articles and suddenly none has gone silent, or its listing is not what it was.",
        accepts={**_DAY, "articles": 1, "usual_articles": 120.0, "silent_from": 5},
        rejects={"articles": 0},
    ),
    Rule(
        "day_has_its_articles",
        _few_articles,
        allowed="at least least_of_usual of the articles of a usual day",
        why="A day with a small part of its usual articles was listed or fetched in part.",
        accepts={**_DAY, "articles": 100, "usual_articles": 120.0, "least_of_usual": 0.1},
        rejects={"articles": 8},
    ),
    Rule(
        "day_has_its_figures",
        _few_figures,
        allowed="at least least_of_usual of the figures of a usual day",
        why="A day of articles with a small part of its usual figures was not read as it is written.",
        accepts={**_DAY, "articles": 100, "figures": 260, "usual_figures": 300.0, "least_of_usual": 0.1},
        rejects={"figures": 12},
    ),
)
