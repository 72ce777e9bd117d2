"""One audit: what becomes of each row, of whole articles and of the batch."""

import threading
from datetime import UTC, datetime

import polars as pl
import pytest

from expectations import BatchFacts, audit, read_audit_settings
from models.audit import AuditOutcome, Failure
from models.frames import ARTICLE_COLUMNS, FIGURE_COLUMNS, NUMBER_COLUMNS
from models.vocabulary import RowKind, Severity
from tests.expectations.making import Staged, article, day, figure, frame, staged

SENTENCE = "交易规模[[655.58亿元]]，占比[[65%]]。"
CELLS = [
    figure(value="65558000000", unit="CNY", metric="交易规模"),
    figure(value="65", unit="%", metric="占比"),
]


def audited(batch: Staged, facts: BatchFacts | None = None) -> AuditOutcome:
    return audit(batch.articles, batch.figures, batch.numbers, facts or BatchFacts(batch.articles.height))


def empty() -> Staged:
    return Staged(frame([], ARTICLE_COLUMNS), frame([], FIGURE_COLUMNS), frame([], NUMBER_COLUMNS))


def numbered(count: int, role: str) -> Staged:
    """Give an article of `count` numbers of one digit each."""
    text = "1 " * count
    rows = [
        {"row_id": i, "article_row_id": 1, "start": 2 * i, "end": 2 * i + 1, "text": "1", "role": role}
        for i in range(count)
    ]
    articles = frame([article(1, text)], ARTICLE_COLUMNS)
    return Staged(articles, frame([], FIGURE_COLUMNS), frame(rows, NUMBER_COLUMNS))


def period(start: str, end: str) -> dict[str, object]:
    return {"period_start": day(start), "period_end": day(end)}


def test_a_clean_batch_is_clean_and_every_expectation_was_evaluated() -> None:
    outcome = audited(staged((SENTENCE, CELLS)))
    assert outcome.is_clean
    figures = [result for result in outcome.results if result.suite == "figures"]
    assert len(figures) > 20
    assert all(result.success and result.evaluated == 2 and result.failed == 0 for result in figures)


def test_a_failure_points_at_its_row_and_says_what_was_seen_allowed_and_why() -> None:
    share = figure(value="135", unit="%", metric="占比")
    outcome = audited(staged(("交易规模[[655.58亿元]]，占比[[135%]]。", [CELLS[0], share])))
    assert outcome.failures == (
        Failure(
            RowKind.FIGURE,
            2,
            "share_is_within_whole",
            Severity.ROW,
            "占比 of 135 %",
            "0 … 100 %",
            "A part cannot be more than its whole.",
        ),
    )
    assert outcome.batch_failures == ()
    failed = {result.expectation: result.failed for result in outcome.results if not result.success}
    assert failed == {"share_is_within_whole": 1}


def test_each_malformed_numeral_fails_as_a_row() -> None:
    numerals = ["655.58.1亿元", "84.32%%", "-亿元", "1,23,4.5万元", "2022年13月"]
    articles = frame([article(i, f"营收{numeral}。") for i, numeral in enumerate(numerals)], ARTICLE_COLUMNS)
    spots = [
        {"row_id": i + 50, "article_row_id": i, "start": 2, "end": 2 + len(numeral), "text": numeral}
        for i, numeral in enumerate(numerals)
    ]
    numbers = frame([spot | {"role": "malformed", "reason": "no number"} for spot in spots], NUMBER_COLUMNS)
    failures = audited(Staged(articles, empty().figures, numbers)).failures
    assert [(f.row_kind, f.row_id, f.expectation, f.observed) for f in failures] == [
        (RowKind.NUMBER, i + 50, "numeral_is_well_formed", f"{numeral} (no number)")
        for i, numeral in enumerate(numerals)
    ]


BAD_ARTICLES: tuple[tuple[dict[str, object], str], ...] = (
    ({"info_code": " "}, "article_has_info_code"),
    ({"text": ""}, "article_has_text"),
    ({"text": "成交5\ufffd元"}, "article_text_is_undamaged"),
    ({"text": "成交5\x00元"}, "article_text_is_undamaged"),
    ({"title": "锟斤拷"}, "article_text_is_undamaged"),
    ({"published": None, "published_from": None}, "article_is_dated"),
    ({"published_from": "clock"}, "article_date_origin_is_known"),
    ({"shape": "table"}, "article_shape_is_known"),
    ({"mentions": '[{"start": 1, "end": 3, "text": "成交"}]'}, "mentions_are_in_text"),
)


def test_a_bad_article_fails_as_a_whole() -> None:
    bad = [article(i, "成交活跃。") | damage for i, (damage, _) in enumerate(BAD_ARTICLES)]
    articles = frame([*bad, article(99, "成交平淡。")], ARTICLE_COLUMNS)
    failures = audited(Staged(articles, empty().figures, empty().numbers)).failures
    expected = {(i, expectation) for i, (_, expectation) in enumerate(BAD_ARTICLES)}
    assert {(f.row_id, f.expectation) for f in failures} == expected
    assert {(f.row_kind, f.severity) for f in failures} == {(RowKind.ARTICLE, Severity.ARTICLE)}


def test_two_numbers_of_a_ledger_must_not_overlap_but_those_of_two_articles_may() -> None:
    spots = [(1, 1, 0, 4), (2, 1, 2, 3), (3, 1, 3, 6), (4, 2, 0, 4)]
    text = "123456"
    rows = [
        {"row_id": i, "article_row_id": a, "start": s, "end": e, "text": text[s:e], "role": "code"}
        for i, a, s, e in spots
    ]
    articles = frame([article(1, text), article(2, text)], ARTICLE_COLUMNS)
    outcome = audited(Staged(articles, empty().figures, frame(rows, NUMBER_COLUMNS)))
    assert [(f.row_id, f.observed) for f in outcome.failures] == [
        (2, "begins at 2, before 4 where another ends"),
        (3, "begins at 3, before 4 where another ends"),
    ]


@pytest.mark.parametrize(
    ("hour", "is_fact"),
    [(15, False), (17, True)],
)
def test_the_day_of_publication_is_that_of_china(hour: int, is_fact: bool) -> None:
    """15:00 UTC is 23:00 of the 18th in Shanghai, 17:00 UTC is 01:00 of the 19th."""
    today = figure(value="500000000", unit="CNY", metric="成交额", **period("2022-04-19", "2022-04-19"))
    batch = staged(("成交额[[5亿元]]。", [today]))
    published = pl.lit(datetime(2022, 4, 18, hour, tzinfo=UTC)).cast(ARTICLE_COLUMNS["published"])
    articles = batch.articles.with_columns(published.alias("published"))
    outcome = audited(Staged(articles, batch.figures, batch.numbers))
    expected = [] if is_fact else ["fact_is_not_of_the_future"]
    assert [failure.expectation for failure in outcome.failures] == expected


def test_a_running_week_is_a_fact_and_next_year_only_an_aim() -> None:
    cases = [
        ("actual", "2022-04-18", "2022-04-24"),
        ("actual", "2022-04-19", "2022-04-24"),
        ("target", "2023-01-01", "2023-12-31"),
        ("forecast", "2022-07-01", "2022-09-30"),
    ]
    money = figure(value="500000000", unit="CNY", metric="成交额")
    outcome = audited(
        staged(
            *[("成交额[[5亿元]]。", [money | {"status": status, **period(start, end)}]) for status, start, end in cases]
        )
    )
    assert [(f.row_id, f.observed) for f in outcome.failures] == [(2, "actual for 2022-04-19, published 2022-04-18")]


def test_documents_without_any_article_refuse_the_batch() -> None:
    (failure,) = audited(empty(), BatchFacts(documents=3)).batch_failures
    assert (failure.expectation, failure.observed) == (
        "documents_gave_articles",
        "0 articles from 3 documents",
    )
    assert audited(empty(), BatchFacts(documents=3, unchanged=3)).is_clean
    assert audited(empty(), BatchFacts(documents=0)).is_clean


def test_twenty_articles_without_a_figure_refuse_the_batch() -> None:
    def batch(count: int) -> Staged:
        articles = frame([article(i, "无数字。") for i in range(count)], ARTICLE_COLUMNS)
        return Staged(articles, empty().figures, empty().numbers)

    assert audited(batch(19)).batch_failures == ()
    assert [f.expectation for f in audited(batch(20)).batch_failures] == ["articles_gave_figures"]


def test_too_many_unread_numbers_refuse_the_batch_but_a_few_numbers_say_nothing() -> None:
    (failure,) = audited(numbered(200, "unread")).batch_failures
    assert failure.observed == "200 of 200 numbers unread"
    assert audited(numbered(199, "unread")).batch_failures == ()
    assert audited(numbered(200, "code")).batch_failures == ()


def test_the_thresholds_can_be_set() -> None:
    batch = numbered(200, "unread")
    lenient = read_audit_settings(unread_share=1.0)
    assert audit(batch.articles, batch.figures, batch.numbers, BatchFacts(1), lenient).is_clean


def test_too_many_unreadable_documents_refuse_the_batch() -> None:
    batch = staged((SENTENCE, CELLS))
    (failure,) = audited(batch, BatchFacts(documents=20, unreadable=11)).batch_failures
    assert failure.observed == "11 of 20 documents unreadable"
    assert audited(batch, BatchFacts(documents=20, unreadable=10)).is_clean
    assert audited(batch, BatchFacts(documents=19, unreadable=18)).is_clean


def test_a_schema_break_refuses_the_batch_and_judges_no_row() -> None:
    batch = staged((SENTENCE, CELLS))
    figures = batch.figures.drop("basis").with_columns(pl.col("value").cast(pl.Float64))
    outcome = audit(batch.articles, figures, batch.numbers, BatchFacts(1))
    (failure,) = outcome.batch_failures
    assert failure.expectation == "frames_are_as_declared"
    assert failure.observed == "figures.basis is missing, figures.value is Float64, not String"
    assert outcome.failures == ()
    assert {result.suite for result in outcome.results} == {"batch"}


def test_a_rule_that_raises_is_an_exception_and_no_failure_of_a_row() -> None:
    articles = frame([article(1, "成交平淡。", mentions="{broken")], ARTICLE_COLUMNS)
    outcome = audited(Staged(articles, empty().figures, empty().numbers))
    assert outcome.failures == ()
    assert len(outcome.exceptions) == 1
    assert outcome.exceptions[0].startswith("articles: mentions_are_in_text could not be evaluated: ")
    assert not outcome.is_clean


@pytest.mark.long
def test_audits_in_threads_do_not_disturb_each_other() -> None:
    batch = staged((SENTENCE, [CELLS[0], figure(value="64", unit="%", metric="占比")]))
    outcomes: list[AuditOutcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(audited(batch))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[f.expectation for f in outcome.failures] for outcome in outcomes] == [["figure_reads_as_stored"]] * 3


@pytest.mark.long
def test_ten_thousand_figures_are_audited_in_seconds() -> None:
    """About 1.7 s on two cores; the limit leaves room for a busy machine."""
    batch = staged(*[(SENTENCE, CELLS)] * 5000)
    audited(staged((SENTENCE, CELLS)))
    began = datetime.now(UTC)
    assert audited(batch).is_clean
    assert (datetime.now(UTC) - began).total_seconds() < 15
