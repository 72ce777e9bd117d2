"""By which indexes the documented queries go, as each database explains it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Engine, Executable, Select, text
from sqlalchemy.ext.compiler import compiles

from models import figures
from models.database import open_database, reading, writing
from models.figures import FigureFilter, figure_query
from models.series import SeriesFilter, series_query
from models.values import Period, Reading
from models.vocabulary import Basis, FigureOrder, Kind, Status
from tests.databases import DIALECTS, migrated_database
from tests.models.making import NOW, a_figure, an_article, run

MONTH = Period(date(2001, 4, 1), date(2001, 4, 28))

ARTICLE = r"Scan (Backward )?using (article_pkey|[iu]x_article_\w+) on article"
ARTICLES_FIRST = {
    "sqlite": (
        r"article USING INDEX ix_article_published",
        r"figure USING INDEX sqlite_autoindex_figure_1 \(article_id=\?\)",
    ),
    "postgresql": (r"Scan using ix_article_published on article", r"Scan using ux_figure_span on figure"),
}
FIGURES_FIRST = {
    "sqlite": (r"figure USING INDEX ix_figure_newest", r"article USING INTEGER PRIMARY KEY \(rowid=\?\)"),
    "postgresql": (
        r"Index Scan using ix_figure_newest on figure",
        ARTICLE,
    ),
}
# Where an index finds as few as the ids are, Postgres may take that one.
BY_ID = {
    "sqlite": (r"figure USING INTEGER PRIMARY KEY \(rowid=\?\)", r"article USING INTEGER PRIMARY KEY \(rowid=\?\)"),
    "postgresql": (
        r"Scan using (figure_pkey|ix_figure_\w+) on figure",
        ARTICLE,
    ),
}
# What a query must not do: read the largest table from end to end.
WHOLE = {"sqlite": ("SCAN figure",), "postgresql": ("Seq Scan on figure",)}


class Explained(Executable, ClauseElement):
    """A statement that the database explains instead of running it."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(Explained, "sqlite")
def _on_sqlite(element: Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.statement, **options)}"


@compiles(Explained, "postgresql")
def _on_postgres(element: Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **options)}"


@pytest.fixture(scope="module", params=DIALECTS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Some hundred articles of as many companies, so that an index is worth its while."""
    with migrated_database(request.param, tmp_path_factory.mktemp("plans"), request) as url:
        engine = open_database(url)
        run(engine, [of_company(number) for number in range(200)])
        if request.param == "postgresql":  # which does it by itself after a while; nobody does it for a file
            with writing(engine) as connection:
                connection.exec_driver_sql("ANALYZE")
        yield engine
        engine.dispose()


def of_company(number: int) -> Any:
    words = f"{number:03}重工一季度营收{number}.58亿元，同比增长84.32%。"
    level = a_figure(words, f"{number}.58亿元", f"{number}58000000", subject=f"{number:03}重工")
    rate = replace(level, text="84.32%", start=level.end + 5, end=level.end + 11, value=Decimal("84.32"))
    rate = replace(rate, kind=Kind.CHANGE_RATE, unit="%", basis=Basis.YOY)
    period = Period(date(2000 + number // 12, number % 12 + 1, 1), date(2000 + number // 12, number % 12 + 1, 28))
    figures = tuple(replace(each, period=period) for each in (level, rate))
    return an_article(words, f"20220418{number:04}"), Reading(figures, ())


def plan(engine: Engine, statement: Select[Any]) -> str:
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            # Some hundred rows are read sooner whole; a million are not.
            for setting in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{setting} = off")
        return "\n".join(str(row[-1]) for row in connection.execute(Explained(statement)))


def figure_plan(engine: Engine, **wanted: Any) -> str:
    with reading(engine) as connection:
        statement = figure_query(connection, FigureFilter(limit=51, **wanted))
    return plan(engine, statement)


def holds(found: str, engine: Engine, wanted: dict[str, tuple[str, ...]]) -> bool:
    return all(re.search(step, found) for step in wanted[engine.dialect.name])


@pytest.mark.parametrize("wanted", [{}, {"source": "posts"}, {"text": "营收"}, {"since": NOW.date()}, {"as_of": NOW}])
def test_the_newest_are_come_upon_in_the_order_of_an_index(
    filled: Engine, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_FEW_ARTICLES", 1)
    found = figure_plan(filled, **wanted)
    if "since" in wanted and filled.dialect.name == "sqlite":
        found = found.replace(
            "SEARCH article USING INDEX ix_article_published (published>?)", ARTICLES_FIRST["sqlite"][0]
        )
    assert holds(found, filled, ARTICLES_FIRST)
    assert "USE TEMP B-TREE" not in found  # nothing is sorted: the first rows come at once
    assert not holds(found, filled, WHOLE)


@pytest.mark.parametrize(
    "wanted",
    [
        {"status": Status.ACTUAL},
        {"period": MONTH},
        {"period": MONTH, "within": True, "since": NOW.date()},
        {"entity": "重工"},
        {"metric": "营收"},
        {"entity": "重工", "metric": "营收"},
    ],
)
def test_figures_that_are_everywhere_are_come_upon_by_an_index_that_tells_them(
    filled: Engine, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index has metric, period and status in it; what it leaves to be sorted is what was published at one time."""
    monkeypatch.setattr(figures, "_FEW", 1)
    found = figure_plan(filled, **wanted)
    assert holds(found, filled, FIGURES_FIRST)
    assert "USE TEMP B-TREE FOR ORDER BY" not in found
    if filled.dialect.name == "postgresql":
        assert "Presorted Key: figure.published" in found


@pytest.mark.parametrize(
    "wanted",
    [
        {"entity": "007"},
        {"entity": "007", "metric": "营收", "period": MONTH},
        {"metric": "营收", "period": MONTH, "order": FigureOrder.AMOUNT},
        {"entity": "007", "as_of": NOW},
    ],
)
def test_few_figures_are_fetched_by_their_ids(filled: Engine, wanted: dict[str, Any]) -> None:
    found = figure_plan(filled, **wanted)
    assert holds(found, filled, BY_ID)
    assert not holds(found, filled, WHOLE)


def test_the_articles_that_have_the_words_are_fetched_by_their_ids(filled: Engine) -> None:
    found = figure_plan(filled, text="营收7.58亿元")
    assert holds(found, filled, {"sqlite": (BY_ID["sqlite"][1],), "postgresql": (BY_ID["postgresql"][1],)})
    assert not holds(found, filled, WHOLE)


def test_which_figures_can_be_meant_is_told_by_indexes_alone(filled: Engine) -> None:
    """The look-ups before the query: by entity and metric, by metric and period."""
    entity, metric = "coalesce(entity_id, subject)", "coalesce(metric_id, metric)"
    lookups = {
        f"{entity} IN ('007重工', 'b') AND {metric} IN ('revenue', 'd')": "ix_figure_series",
        # So few rows are found as soon in the other index that has the metric.
        f"{metric} IN ('c', 'd')": "ix_figure_(metric|newest)",
        f"{metric} = 'c' AND period_start = '2001-04-01' AND period_end = '2001-04-28'": "ix_figure_(metric|newest)",
    }
    for condition, index in lookups.items():
        statement: Any = text(f"SELECT id FROM figure WHERE {condition} LIMIT 3001")
        found = plan(filled, statement)
        assert re.search(index, found)
        assert not holds(found, filled, WHOLE)


@pytest.mark.parametrize("view", ["series", "implied_level"])
def test_the_views_look_up_an_entity_and_a_metric(filled: Engine, view: str) -> None:
    """The condition goes through the view to the index, so that no other series is worked out."""
    statements: list[Any] = [
        text(f"SELECT * FROM {view} WHERE entity = '007重工' AND metric = 'revenue' ORDER BY period_start"),
    ]
    if view == "series":
        with reading(filled) as connection:
            statements.append(series_query(connection, SeriesFilter("007", "营收")))
    for statement in statements:
        found = plan(filled, statement)
        assert "ix_figure_series" in found
        assert not holds(found, filled, WHOLE)


def test_a_figure_and_its_history_are_looked_up(filled: Engine) -> None:
    statement: Any = text("SELECT * FROM figure WHERE article_id IN (1, 2)")
    index = {"sqlite": "sqlite_autoindex_figure_1", "postgresql": "ux_figure_span"}
    assert index[filled.dialect.name] in plan(filled, statement)
