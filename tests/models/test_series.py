"""The views `series` and `implied_level`: their columns, what is one row, and what agrees; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, text

from models.database import reading
from models.queries import (
    IMPLIED_RESULT,
    SERIES_RESULT,
    SeriesFilter,
    find_implied_levels,
    find_series,
)
from models.tables import all_tables
from models.values import Figure, Mention, Period, Reading
from models.vocabulary import Basis, Bound, Kind, Status
from tests.models.making import LATER, SHANGHAI, a_figure, an_article, run

VIEWS = {"series": SERIES_RESULT, "implied_level": IMPLIED_RESULT}
KINDS = {
    "sqlite": {pl.String: {"TEXT", "VARCHAR"}, pl.Int64: {"INTEGER"}, pl.Date: {"DATE"}, pl.Boolean: {"INTEGER"}},
    "postgresql": {
        pl.String: {"text", "character varying", "numeric"},
        pl.Int64: {"integer", "bigint"},
        pl.Date: {"date"},
        pl.Boolean: {"boolean"},
        pl.Datetime: {"timestamp with time zone"},
    },
}
PAST = Period(date(2021, 1, 1), date(2021, 3, 31))


def publish(engine: Engine, *articles: tuple[str, list[Figure]], first: int = 1, **changes: Any) -> None:
    """Publish articles of one day after the other, each with its figures."""
    made = [
        (
            an_article(
                words,
                f"2022041800{number:02}",
                published=datetime(2022, 4, number, 9, tzinfo=SHANGHAI),
                **changes,
            ),
            Reading(tuple(figures), ()),
        )
        for number, (words, figures) in enumerate(articles, start=first)
    ]
    run(engine, made)


def said(quantity: str, value: str, **changes: Any) -> tuple[str, list[Figure]]:
    words = f"海峡重工一季度营收{quantity}。"
    return words, [a_figure(words, quantity, value, **changes)]


@pytest.mark.parametrize("view", VIEWS)
def test_the_columns_are_those_that_are_documented(engine: Engine, view: str) -> None:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            found = {row[1]: None for row in connection.exec_driver_sql(f"PRAGMA table_info({view})")}
        else:
            query = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :view"
            found = dict(connection.execute(text(f"{query} ORDER BY ordinal_position"), {"view": view}).all())
            for name, kind in VIEWS[view].items():
                assert found[name] in KINDS["postgresql"][type(kind)], name
    assert list(found) == list(VIEWS[view])
    from models.tables import views

    documented = (views.__doc__ or "").split(f"`{view}` has one row")[1].split("` has one row")[0]
    assert [name for name in VIEWS[view] if name not in documented.replace(",", " ").split()] == []


def test_no_view_is_called_as_a_table_is() -> None:
    assert {table.name for table in all_tables()}.isdisjoint(VIEWS)


def test_a_row_has_the_latest_value_and_counts_all_who_say_so(engine: Engine) -> None:
    publish(engine, said("655.6亿元", "65560000000"), said("655.58亿元", "65558000000"), said("656亿元", "65600000000"))
    row = find_series(engine, SeriesFilter("海峡重工", "营收")).row(0, named=True)
    assert find_series(engine, SeriesFilter()).height == 1
    assert (row["entity"], row["entity_name"], row["metric"], row["metric_name"]) == (
        "海峡重工",
        "海峡重工",
        "revenue",
        "营业收入",
    )
    assert (row["period_start"], row["period_end"]) == (date(2022, 1, 1), date(2022, 3, 31))
    assert (row["kind"], row["basis"], row["unit"], row["status"], row["bound"]) == (
        "level",
        None,
        "CNY",
        "actual",
        "exact",
    )
    assert Decimal(row["value"]) == 65600000000
    assert (Decimal(row["least"]), Decimal(row["most"])) == (65550000000, 65650000000)
    assert (row["articles"], row["figures"], row["agree"], row["same_words"]) == (3, 3, True, True)
    assert (row["info_code"], row["published"].isoformat()) == ("202204180003", "2022-04-03T09:00:00+08:00")


AGREEMENT: list[tuple[Any, Any, bool]] = [
    (("655.58亿元", "65558000000", {}), ("655.6亿元", "65560000000", {}), True),
    (("655.58亿元", "65558000000", {}), ("655.57亿元", "65557000000", {}), False),  # they only touch
    (("655.58亿元", "65558000000", {}), ("655.56亿元", "65556000000", {}), False),
    (("655.58亿元", "65558000000", {}), ("-655.58亿元", "-65558000000", {}), False),
    (("9.6亿元", "960000000", {}), ("9.5亿元", "950000000", {"bound": Bound.OVER}), True),
    (("9.4亿元", "940000000", {}), ("9.5亿元", "950000000", {"bound": Bound.OVER}), False),
    (("9亿元", "900000000", {"bound": Bound.ABOUT}), ("9.35亿元", "935000000", {}), True),
    (("9亿元", "900000000", {"bound": Bound.ABOUT}), ("9.65亿元", "965000000", {}), False),
    (("100亿元", "10000000000", {}), ("9.5亿元", "950000000", {}), False),  # as text 1 comes before 9
    (("3亿元", "300000000", {"bound": Bound.UNDER}), ("3亿元", "300000000", {"bound": Bound.OVER}), False),
    (("零", "0", {"bound": Bound.UNDER}), ("零", "0", {"bound": Bound.UNDER}), True),
    (("9.9亿元", "990000000", {"bound": Bound.OVER}), ("9.8亿元", "980000000", {"bound": Bound.OVER}), True),
]


def test_they_agree_where_one_amount_fits_all(engine: Engine) -> None:
    """Each pair is said of a company of its own, whose number is that of the pair."""
    articles = [
        said(quantity, value, **changes, subject=f"{number:02}公司")
        for number, pair in enumerate(AGREEMENT)
        for quantity, value, changes in pair[:2]
    ]
    publish(engine, *articles)
    found = find_series(engine, SeriesFilter())
    assert set(found["articles"]) == {2}
    assert found["agree"].to_list() == [agree for _, _, agree in AGREEMENT]


def test_what_is_another_series_is_another_row(engine: Engine) -> None:
    others: list[dict[str, Any]] = [
        {},
        {"status": Status.FORECAST},
        {"unit": "USD"},
        {"period": PAST},
        {"kind": Kind.CHANGE_AMOUNT, "basis": Basis.YOY},
        {"kind": Kind.CHANGE_AMOUNT, "basis": Basis.PREVIOUS_PERIOD},
        {"metric": "自造指标", "metric_id": None},
        {"subject": "另一公司"},
        {"subject": "上海联交所", "entity_id": "suaee"},
        {"subject": "上海联合产权交易所", "entity_id": "suaee"},  # the same by another name
        {"subject": None},
        {"metric": None, "metric_id": None},
        {"period": None},
    ]
    publish(engine, *(said("1亿元", "100000000", **changes) for changes in others))
    found = find_series(engine, SeriesFilter())
    assert found.height == 9
    assert found.filter(pl.col("entity") == "suaee").select(
        "entity_name", "articles", "agree", "same_words"
    ).rows() == [("上海联交所", 2, True, False)]
    assert set(found["metric"]) == {"revenue", "自造指标"}


def test_one_article_that_says_it_twice_is_one_article(engine: Engine) -> None:
    words = "海峡重工营收5.0亿元，即营收5.04亿元。"
    publish(engine, (words, [a_figure(words, "5.0亿元", "500000000"), a_figure(words, "5.04亿元", "504000000")]))
    row = find_series(engine, SeriesFilter()).row(0, named=True)
    assert (row["articles"], row["figures"], row["agree"], Decimal(row["value"])) == (1, 2, True, 504000000)


def test_what_is_superseded_counts_no_more(engine: Engine) -> None:
    publish(engine, said("655.58亿元", "65558000000"))
    words, figures = said("600.00亿元", "60000000000")
    article = an_article(words, "202204180001", published=datetime(2022, 4, 1, 9, tzinfo=SHANGHAI))
    run(engine, [(article, Reading(tuple(figures), ()))], now=LATER)
    (row,) = find_series(engine, SeriesFilter()).to_dicts()
    assert (Decimal(row["value"]), row["articles"]) == (60000000000, 1)


def test_series_are_found_by_name_code_period_and_status(engine: Engine) -> None:
    words, figures = said("1亿元", "100000000", subject="海峡重工")
    mention = Mention(0, 4, "海峡重工", "SH", "600160", "1,600160")
    publish(engine, (words, figures), said("2亿元", "200000000", period=PAST), mentions=(mention,))
    publish(engine, said("3亿元", "300000000", subject="别家", status=Status.TARGET), first=3)

    def entities(*wanted: Any, **more: Any) -> list[str]:
        return find_series(engine, SeriesFilter(*wanted, **more))["entity"].to_list()

    assert entities() == ["别家", "海峡重工", "海峡重工"]
    for code in ("600160", "SH600160", "sh600160", "600160.SH", "SH.600160"):
        assert entities(code) == ["海峡重工", "海峡重工"]
    assert entities("600161") == entities("SZ600160") == []
    assert entities("海峡", period=PAST) == ["海峡重工"]
    assert entities(period=Period(date(2021, 1, 1), date(2021, 12, 31)), within=True) == ["海峡重工"]
    assert entities(status=Status.TARGET) == ["别家"]
    assert entities(limit=1) == ["别家"]
    assert entities(metric="revenue") == entities(metric="营业收入") == entities(metric="营收") == entities()
    assert entities(metric="利润") == []


def test_implied_levels_stand_with_the_two_figures_that_imply_them(engine: Engine) -> None:
    words = "海峡重工一季度营收655.58亿元，同比增长84.32%。"
    rate = a_figure(words, "84.32%", "84.32", kind=Kind.CHANGE_RATE, unit="%", basis=Basis.YOY)
    publish(engine, (words, [a_figure(words, "655.58亿元", "65558000000"), rate]))
    (row,) = find_implied_levels(engine, SeriesFilter("海峡重工")).to_dicts()
    assert (Decimal(row["low"]), Decimal(row["high"])) == (Decimal("35566255255.6"), Decimal("35568727450.3"))
    assert (row["period_start"], row["period_end"]) == (date(2021, 1, 1), date(2021, 3, 31))
    assert (row["later_start"], row["later_end"]) == (date(2022, 1, 1), date(2022, 3, 31))
    assert (row["metric"], row["metric_name"], row["unit"], row["basis"], row["status"]) == (
        "revenue",
        "营业收入",
        "CNY",
        "yoy",
        "actual",
    )
    with reading(engine) as connection:
        figures = dict(connection.execute(text("SELECT id, text FROM figure")).all())
    assert (figures[row["level_id"]], figures[row["change_id"]]) == ("655.58亿元", "84.32%")
    assert find_implied_levels(engine, SeriesFilter(period=PAST)).height == 1
    assert find_implied_levels(engine, SeriesFilter("别家")).is_empty()


def test_a_level_that_the_audit_kept_back_implies_nothing(engine: Engine) -> None:
    words = "海峡重工一季度营收655.58亿元，同比增长84.32%。"
    rate = a_figure(words, "84.32%", "84.32", kind=Kind.CHANGE_RATE, unit="%", basis=Basis.YOY)
    article = an_article(words)
    run(engine, [(article, Reading((a_figure(words, "655.58亿元", "65558000000"), rate), ()))], "655.58亿元")
    assert find_implied_levels(engine, SeriesFilter()).is_empty()
    assert find_series(engine, SeriesFilter())["kind"].to_list() == ["change_rate"]


def test_undated_articles_are_not_the_latest(engine: Engine) -> None:
    publish(engine, said("5亿元", "500000000"))
    words, figures = said("6亿元", "600000000")
    undated = an_article(words, "x", published=None, published_written=None, published_from=None)
    run(engine, [(undated, Reading(tuple(figures), ()))], now=LATER + timedelta(days=1))
    (row,) = find_series(engine, SeriesFilter()).to_dicts()
    assert (Decimal(row["value"]), row["articles"], row["agree"]) == (500000000, 2, False)
    assert row["published"] == datetime(2022, 4, 1, 1, tzinfo=UTC)
