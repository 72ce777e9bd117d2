import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.publishing import PublishReport, publish_batch
from models.reviewing import Ruling, decide
from models.values import Reading
from models.vocabulary import ReviewAction, RowKind, Severity
from tests.models.making import NOW, SENTENCE, Read, a_reading, an_article, read_as, rows, stage

CHANGED = SENTENCE.replace("一季度", "第一季度")
STATES = "SELECT revision, text, state FROM quarantine ORDER BY id"


def run(engine: Engine, articles: list[Read], *bad: str, days: int = 0) -> PublishReport:
    """Stage and publish; every figure whose text is one of `bad` fails."""
    staged = stage(engine, articles)
    failed = staged.figures.filter(pl.col("text").is_in(bad)).select("row_id", "text").rows()
    failures = tuple(
        Failure(RowKind.FIGURE, row_id, "rate", Severity.ROW, words, "less", "Too much.") for row_id, words in failed
    )
    return publish_batch(engine, staged.batch_id, AuditOutcome(failures), now=NOW + timedelta(days=days))


def test_a_quarantined_row_is_kept_whole_with_its_sentence_and_the_rule_in_words(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    columns = 'start, "end", text, sentence, expectation, severity, observed, allowed, why'
    (found,) = rows(engine, f"SELECT {columns} FROM quarantine")
    assert found == (22, 28, "84.32%", SENTENCE, "rate", "row", "84.32%", "less", "Too much.")
    row = json.loads(str(rows(engine, "SELECT row FROM quarantine")[0][0]))
    assert row | {"rules": None} == row | {
        "info_code": "202204180001",
        "revision": 1,
        "engine_version": "engine 1",
        "value": "84.32",
        "unit": "%",
        "period_start": "2022-01-01",
        "rules": None,
    }
    assert set(row) >= {"kind", "bound", "basis", "metric", "subject", "period_end", "status", "rules"}
    assert "row_id" not in row


def test_a_quarantined_article_is_kept_with_its_text(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    bad = Failure(RowKind.ARTICLE, staged.articles["row_id"][0], "date", Severity.ARTICLE, "none", "one", "No date.")
    publish_batch(engine, staged.batch_id, AuditOutcome((bad,)), now=NOW)
    (found,) = rows(engine, "SELECT row FROM quarantine WHERE row_kind = 'article'")
    row = json.loads(str(found[0]))
    assert (row["text"], row["published"]) == (SENTENCE, "2022-04-18T01:30:00+00:00")
    sentences = rows(engine, "SELECT text, sentence FROM quarantine WHERE row_kind = 'number'")
    assert sentences == [("655.58", SENTENCE), ("84.32", SENTENCE)]


def test_a_row_that_comes_again_is_only_seen_again(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    report = run(engine, [read_as()], "84.32%", days=1)
    assert (report.quarantine.new, report.quarantine.seen_again, report.changes_nothing) == (0, 1, True)
    assert rows(engine, "SELECT first_seen_batch_id, last_seen_batch_id FROM quarantine") == [(1, 2)]


def test_a_row_that_is_clean_today_is_superseded_in_the_quarantine(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    report = run(engine, [read_as()], days=1)
    assert (report.quarantine.cleared, report.changes_nothing) == (1, False)
    assert rows(engine, STATES) == [(1, "84.32%", "superseded")]
    assert rows(engine, "SELECT count(*) FROM figure WHERE known_to IS NULL") == [(2,)]


def test_a_superseded_row_that_comes_back_is_open_again(engine: Engine) -> None:
    for days, bad in enumerate((("84.32%",), (), ("84.32%",))):
        run(engine, [read_as()], *bad, days=days)
    assert rows(engine, STATES) == [(1, "84.32%", "open")]


def test_rows_of_articles_that_are_not_in_the_batch_stay_open(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    run(engine, [read_as(code="202204180002")], days=1)
    assert rows(engine, STATES) == [(1, "84.32%", "open")]


def test_a_later_revision_clears_the_rows_of_the_earlier_one_for_good(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    run(engine, [read_as(CHANGED)], days=1)
    assert rows(engine, STATES) == [(1, "84.32%", "superseded")]
    run(engine, [read_as()], "84.32%", days=2)
    assert rows(engine, STATES) == [(1, "84.32%", "superseded")]


def test_a_revision_that_fails_like_the_one_before_has_a_row_of_its_own(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    run(engine, [read_as(CHANGED)], "84.32%", days=1)
    assert rows(engine, STATES) == [(1, "84.32%", "superseded"), (2, "84.32%", "open")]


def test_each_expectation_that_a_row_fails_is_a_row(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    one = Failure(RowKind.FIGURE, staged.figures["row_id"][1], "rate", Severity.ROW, "a", "b", "Why.")
    audit = AuditOutcome((one, replace(one, expectation="sign"), one))
    assert publish_batch(engine, staged.batch_id, audit, now=NOW).quarantine.new == 2
    assert rows(engine, "SELECT expectation FROM quarantine ORDER BY id") == [("rate",), ("sign",)]


def test_two_rows_alike_are_two_rows(engine: Engine) -> None:
    figure = a_reading().figures[1]
    article = (an_article(), Reading((figure, figure), ()))
    assert run(engine, [article], "84.32%").quarantine.new == 2
    assert run(engine, [article], "84.32%", days=1).quarantine.seen_again == 2


def test_what_the_reviewer_wrote_stays_and_the_row_is_brought_up_to_date(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    decide(engine, [1], Ruling(ReviewAction.REJECT, "李", "口径不同", NOW), "engine 1")
    figures = (replace(a_reading().figures[1], metric="净利润", metric_id="net_profit"),)
    run(engine, [(an_article(), Reading(figures, ()))], "84.32%", days=1)
    assert rows(engine, "SELECT state, who, reason FROM quarantine") == [("rejected", "李", "口径不同")]
    assert json.loads(str(rows(engine, "SELECT row FROM quarantine")[0][0]))["metric"] == "净利润"


@pytest.mark.parametrize("count", [1_100])
def test_many_failures_are_quarantined_in_chunks(engine: Engine, count: int) -> None:
    articles = [read_as(code=f"c{number:05}") for number in range(count)]
    assert run(engine, articles, "84.32%").quarantine.new == count
    assert rows(engine, "SELECT count(*) FROM figure") == [(count,)]
