"""A batch against what was published before: figures of one thing, one body, the days of a source."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from expectations import AuditSettings, BatchFacts, Consequence, audit, read_audit_settings
from models.audit import AuditOutcome
from models.precedents import BODY_COLUMNS, DAY_COLUMNS, PRECEDENT_COLUMNS, History
from tests.expectations.making import day, figure, frame, staged

QUARTER = {"period_start": day("2022-01-01"), "period_end": day("2022-03-31")}
YEAR_BEFORE = {"period_start": day("2021-01-01"), "period_end": day("2021-03-31")}
SALES: dict[str, Any] = {"metric": "营业收入", "subject": "青禾物流", "metric_id": "revenue"}
GROWTH = {"kind": "change_rate", "unit": "%", "basis": "yoy"}
NOW = staged(
    (
        "青禾物流一季度营业收入[[655.58亿元]]，同比增长[[84.32%]]。",
        [
            figure(value="65558000000", unit="CNY", **SALES, **QUARTER),
            figure(value="84.32", **GROWTH, **SALES, **QUARTER),
        ],
    )
)


def told(text: str, value: str, code: str = "before", **other: Any) -> dict[str, Any]:
    cells = figure(value=value, text=text, unit="CNY", info_code=code, published_on=day("2022-04-10"), **SALES)
    return cells | QUARTER | other


def audited(history: History, settings: AuditSettings | None = None, **facts: Any) -> AuditOutcome:
    articles = NOW.articles
    codes = articles.select(article_row_id="row_id", info_code="info_code")
    figures = NOW.figures.drop("info_code").join(codes, on="article_row_id").select(NOW.figures.columns)
    return audit(articles, figures, NOW.numbers, BatchFacts(1, **facts), settings, history=history)


def published(*rows: dict[str, Any]) -> History:
    return History(figures=frame(rows, PRECEDENT_COLUMNS))


def test_another_value_of_one_thing_is_a_warning_that_names_both_articles() -> None:
    outcome = audited(published(told("665.58亿元", "66558000000")))
    (warning,) = outcome.warnings
    assert warning.expectation == "articles_agree"
    assert (warning.info_code, warning.other_info_code) == (NOW.articles["info_code"][0], "before")
    assert warning.observed == "青禾物流 营业收入: 655.58亿元, but 665.58亿元 in before"
    assert (warning.text, warning.sentence) == ("655.58亿元", NOW.articles["text"][0])
    assert outcome.is_clean


def test_it_fails_where_it_is_set_to() -> None:
    settings = read_audit_settings().with_consequence("articles_agree", Consequence.ROW)
    outcome = audited(published(told("665.58亿元", "66558000000")), settings)
    assert [failure.expectation for failure in outcome.failures] == ["articles_agree"]
    assert outcome.warnings == ()


def test_a_rounded_value_agrees_and_a_running_period_is_left_alone() -> None:
    assert audited(published(told("656亿元", "65600000000"))).warnings == ()
    later = told("665.58亿元", "66558000000", published_on=day("2022-02-10"))
    assert audited(published(later)).warnings == ()


def test_the_level_of_the_year_before_is_the_one_that_is_implied() -> None:
    """655.58亿元 after +84.32 % was 355.67亿元."""
    assert audited(published(told("355.67亿元", "35567000000", **YEAR_BEFORE))).warnings == ()
    (warning,) = audited(published(told("395.67亿元", "39567000000", **YEAR_BEFORE))).warnings
    assert warning.expectation == "implied_level_was_told"
    assert "imply 3556" in warning.observed
    assert "395.67亿元 in before" in warning.observed


def test_a_level_a_hundred_times_the_usual_one_is_told() -> None:
    usual = [told(f"{n}.5亿元", f"{n}50000000", f"a{n}", **YEAR_BEFORE) for n in (5, 6, 7)]
    named = {warning.expectation for warning in audited(published(*usual)).warnings}
    assert "level_does_not_jump" in named


def test_a_body_that_was_published_under_another_code_fails_its_article() -> None:
    text = NOW.articles["text"][0] * 2
    articles = NOW.articles.with_columns(pl.lit(text).alias("text"), pl.lit("ab" * 32).alias("text_sha256"))
    known = frame([{"text_sha256": "ab" * 32, "info_code": "before"}], BODY_COLUMNS)
    outcome = audit(articles, NOW.figures, NOW.numbers, BatchFacts(1), history=History(bodies=known))
    assert ("body_has_one_article", "the body of before") in {(f.expectation, f.observed) for f in outcome.failures}


def days_of(source_day: date, articles: int) -> pl.DataFrame:
    rows = [{"day": source_day - timedelta(days=n), "articles": articles, "figures": 300} for n in range(1, 29)]
    return frame(rows, DAY_COLUMNS)


def test_a_silent_source_refuses_the_batch_and_says_so() -> None:
    """The batch has an article of 18 April, none of the 19th."""
    silent, asked = date(2022, 4, 19), {"since": date(2022, 4, 19), "until": date(2022, 4, 19)}
    history = History(days=days_of(silent, 120))
    outcome = audited(history, source="feed", today=date(2022, 4, 20), **asked)
    (failure,) = outcome.batch_failures
    assert failure.expectation == "source_is_not_silent"
    assert failure.observed == "feed, 2022-04-19: 0 articles, usual are 120"
    assert audited(history, source="feed", today=date(2022, 4, 19), **asked).batch_failures == ()
    assert audited(History(), source="feed", today=date(2022, 4, 20), **asked).batch_failures == ()


def test_a_day_with_a_few_articles_of_many_is_a_warning() -> None:
    seen = date(2022, 4, 18)
    outcome = audited(History(days=days_of(seen, 120)), source="feed", since=seen, until=seen, today=date(2022, 4, 20))
    assert outcome.batch_failures == ()
    assert {warning.expectation for warning in outcome.warnings} == {"day_has_its_articles", "day_has_its_figures"}


def test_an_article_of_another_day_than_was_asked_for_fails() -> None:
    outcome = audited(History(), since=date(2022, 4, 25), until=date(2022, 4, 26))
    (failure,) = outcome.failures
    assert (failure.expectation, failure.observed) == (
        "article_is_of_the_days_asked_for",
        "published 2022-04-18, asked for 2022-04-25 … 2022-04-26",
    )
