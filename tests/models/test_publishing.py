from dataclasses import replace

import polars as pl
import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, BatchFailure, Failure, SuiteResult
from models.errors import DatabaseError
from models.publishing import publish_batch
from models.queries import count_current, find_batch
from models.staging import Unreadable
from models.values import Reading
from models.vocabulary import BatchState, RowKind, Severity
from tests.models.making import (
    FACTS,
    LATER,
    NOW,
    SENTENCE,
    a_reading,
    an_article,
    dump,
    failure,
    read_as,
    rows,
    run,
    stage,
)

CHANGED = SENTENCE.replace("一季度", "第一季度")
CURRENT = "SELECT info_code, revision, text FROM figure WHERE known_to IS NULL ORDER BY info_code, start"
CLEAN = AuditOutcome()


def test_a_clean_batch_is_published_whole_and_nothing_stays_staged(engine: Engine) -> None:
    report = run(engine, [read_as(), read_as(code="202204180002")])
    assert report.state is BatchState.PUBLISHED
    assert report.message.startswith("4 figures of 2 articles published, 0 unchanged, 0 superseded")
    assert rows(engine, "SELECT text, value, unit, known_to FROM figure LIMIT 2") == [
        ("655.58亿元", "65558000000", "CNY", None),
        ("84.32%", "84.32", "%", None),
    ]
    assert rows(engine, "SELECT count(*) FROM number") == [(4,)]
    assert rows(engine, "SELECT known_from FROM article") == [("2022-04-19 01:00:00.000000",)] * 2
    for table in ("staged_article", "staged_figure", "staged_number", "quarantine"):
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(0,)], table


def test_every_figure_is_the_slice_of_its_article(engine: Engine) -> None:
    run(engine, [read_as(), read_as("𠮷野家：" + SENTENCE, code="202204180002")])
    pairs = rows(engine, 'SELECT a.text, f.start, f."end", f.text FROM figure f JOIN article a ON a.id = article_id')
    assert len(pairs) == 4
    for text, start, end, piece in pairs:
        assert str(text)[int(str(start)) : int(str(end))] == piece


def test_the_same_run_twice_changes_no_row_and_says_so(engine: Engine) -> None:
    """Even with two revisions, a duplicate, an unreadable document, a failed row and a failed article."""
    articles = [
        read_as(location="a-1.md"),
        read_as(CHANGED, location="a-2.md"),
        read_as(location="a-3.md"),
        read_as(SENTENCE + "另有5%。", code="202204180002"),
        read_as(SENTENCE + "末段。", code="202204180003"),
    ]
    lost = [Unreadable("posts", "bad.md", None, "empty")]
    reports, dumps = [], []
    for now in (NOW, LATER):
        staged = stage(engine, articles, lost)
        codes = staged.figures.filter(pl.col("text") == "84.32%").select("info_code", "row_id").rows()
        by_code = dict(codes)
        failed = (
            Failure(RowKind.FIGURE, by_code["202204180002"], "rate", Severity.ROW, "84.32%", "less", "Why."),
            Failure(RowKind.FIGURE, by_code["202204180003"], "date", Severity.ARTICLE, "x", "y", "Why."),
        )
        reports.append(publish_batch(engine, staged.batch_id, AuditOutcome(failed), now=now))
        dumps.append(dump(engine))

    assert not reports[0].changes_nothing
    assert reports[1].changes_nothing
    assert reports[1].message == "no row changed"
    assert dumps[0] == dumps[1]
    assert (reports[1].readings.figures.published, reports[1].readings.figures.unchanged) == (0, 5)
    assert (reports[0].quarantine.new, reports[1].quarantine.seen_again) == (6, 6)
    assert len(dumps[1]["figure"]) == 5
    assert dumps[1]["staged_article"] == []
    assert rows(engine, "SELECT DISTINCT last_seen_batch_id FROM quarantine") == [(2,)]


def test_a_failed_row_is_quarantined_and_all_else_is_published(engine: Engine) -> None:
    report = run(engine, [read_as(), read_as(code="202204180002")], bad="84.32%")
    assert (report.readings.figures.published, report.quarantine.new) == (3, 1)
    assert rows(engine, "SELECT row_kind, info_code, text, expectation, state FROM quarantine") == [
        ("figure", "202204180001", "84.32%", "rate", "open")
    ]
    assert rows(engine, CURRENT) == [
        ("202204180001", 1, "655.58亿元"),
        ("202204180002", 1, "655.58亿元"),
        ("202204180002", 1, "84.32%"),
    ]
    assert rows(engine, "SELECT count(*) FROM number") == [(4,)]


def test_a_failure_of_the_article_quarantines_it_with_all_its_rows(engine: Engine) -> None:
    report = run(engine, [read_as(), read_as(code="202204180002")], "84.32%", Severity.ARTICLE)
    assert report.quarantine.new == 5
    assert rows(engine, "SELECT info_code FROM article") == [("202204180002",)]
    assert {row[0] for row in rows(engine, CURRENT)} == {"202204180002"}
    kept = rows(engine, "SELECT row_kind, text, expectation, why FROM quarantine ORDER BY id")
    assert kept == [
        ("article", "海峡重工季报", "rate", "84.32% is too much."),
        ("figure", "655.58亿元", "rate", "Its article failed: 84.32% is too much."),
        ("figure", "84.32%", "rate", "84.32% is too much."),
        ("number", "655.58", "rate", "Its article failed: 84.32% is too much."),
        ("number", "84.32", "rate", "Its article failed: 84.32% is too much."),
    ]


def test_every_staged_row_ends_in_exactly_one_place(engine: Engine) -> None:
    staged = stage(engine, [read_as(code=f"c{number}") for number in range(5)])
    failures = (
        failure(staged, "84.32%"),
        failure(staged, "84.32%", rule="another"),
        replace(failure(staged, "655.58亿元"), row_id=staged.figures["row_id"][4], severity=Severity.ARTICLE),
        Failure(RowKind.NUMBER, staged.numbers["row_id"][7], "role", Severity.ROW, "x", "y", "Why."),
        Failure(RowKind.ARTICLE, staged.articles["row_id"][4], "date", Severity.ARTICLE, "x", "y", "Why."),
    )
    publish_batch(engine, staged.batch_id, AuditOutcome(failures), now=NOW)
    for kind, frame in (("figure", staged.figures), ("number", staged.numbers)):
        place = f"SELECT info_code, start FROM {kind}"
        quarantined = f"SELECT DISTINCT info_code, start FROM quarantine WHERE row_kind = '{kind}'"
        ends = rows(engine, place) + rows(engine, quarantined)
        assert sorted(ends) == sorted(frame.select("info_code", "start").rows())
    codes = rows(engine, "SELECT info_code FROM article")
    codes += rows(engine, "SELECT info_code FROM quarantine WHERE row_kind = 'article'")
    assert sorted(codes) == [(f"c{number}",) for number in range(5)]


REFUSALS = {
    "batch": AuditOutcome(batch_failures=(BatchFailure("has_figures", "0", "1", "No article gave a figure."),)),
    "exception": AuditOutcome(exceptions=("figures.unit: no column unit",)),
}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("batch", "has_figures: 0, allowed is 1. No article gave a figure."),
        ("exception", "the audit could not be made: figures.unit: no column unit"),
    ],
)
def test_a_refused_batch_publishes_nothing_and_loses_nothing(engine: Engine, kind: str, message: str) -> None:
    run(engine, [read_as()])
    before = dump(engine)
    staged = stage(engine, [read_as(CHANGED)])
    report = publish_batch(engine, staged.batch_id, REFUSALS[kind], now=LATER)
    assert (report.state, report.message) == (BatchState.REFUSED, message)
    after = dump(engine)
    for table in ("article", "figure", "number", "quarantine"):
        assert after[table] == before[table]
    assert len(after["staged_figure"]) == 2
    assert rows(engine, "SELECT state, message FROM batch ORDER BY id DESC LIMIT 1") == [("refused", message)]


def test_a_strict_batch_is_refused_for_one_failed_row(engine: Engine) -> None:
    report = run(engine, [read_as()], bad="84.32%", facts=replace(FACTS, strict=True))
    assert report.state is BatchState.REFUSED
    assert report.message == "1 failures in a strict batch, first rate"
    assert rows(engine, "SELECT count(*) FROM figure") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM quarantine") == [(0,)]
    assert run(engine, [read_as()], facts=replace(FACTS, strict=True)).state is BatchState.PUBLISHED


def test_the_results_of_the_audit_are_kept_whatever_becomes_of_the_batch(engine: Engine) -> None:
    results = (
        SuiteResult("figures", "unit", 2, 0, True),
        SuiteResult("batch", "has_figures", 1, 1, False, "no column"),
    )
    for outcome in (CLEAN, REFUSALS["batch"]):
        staged = stage(engine, [read_as()])
        publish_batch(engine, staged.batch_id, replace(outcome, results=results), now=NOW)
    kept = rows(engine, "SELECT batch_id, suite, evaluated, failed, success, exception FROM expectation_result")
    one = [("figures", 2, 0, 1, None), ("batch", 1, 1, 0, "no column")]
    assert kept == [(batch, *row) for batch in (1, 2) for row in one]


def test_what_the_database_refuses_is_published_not_even_in_part(engine: Engine) -> None:
    crooked = replace(a_reading().figures[1], start=0)
    staged = stage(engine, [read_as(code="c1"), (an_article(code="c2"), Reading((crooked,), ()))])
    with pytest.raises(DatabaseError, match="figure: text is not the slice of its article"):
        publish_batch(engine, staged.batch_id, CLEAN, now=NOW)
    assert rows(engine, "SELECT count(*) FROM article") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM staged_figure") == [(3,)]
    assert rows(engine, "SELECT state FROM batch") == [("audited",)]
    bad = Failure(RowKind.FIGURE, staged.figures["row_id"][2], "slice", Severity.ROW, "x", "y", "Why.")
    assert publish_batch(engine, staged.batch_id, AuditOutcome((bad,)), now=NOW).readings.figures.published == 2


def test_a_batch_is_ended_once(engine: Engine) -> None:
    report = run(engine, [read_as()])
    with pytest.raises(DatabaseError, match=f"batch {report.batch_id} is published already"):
        publish_batch(engine, report.batch_id, CLEAN, now=NOW)
    with pytest.raises(DatabaseError, match="there is no batch 99"):
        publish_batch(engine, 99, CLEAN, now=NOW)


def test_a_failure_of_a_row_that_is_not_there_is_loud(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    for kind, severity in ((RowKind.FIGURE, Severity.ROW), (RowKind.NUMBER, Severity.ARTICLE)):
        lost = AuditOutcome((Failure(kind, 999, "rate", severity, "x", "y", "Why."),))
        with pytest.raises(DatabaseError, match=f"batch {staged.batch_id} does not have"):
            publish_batch(engine, staged.batch_id, lost, now=NOW)


def test_the_batch_tells_what_became_of_it(engine: Engine) -> None:
    run(engine, [read_as()])
    run(engine, [read_as(), read_as(code="202204180002")], bad="84.32%", now=LATER)
    batch = find_batch(engine)
    assert batch is not None
    assert (batch.state, batch.finished_at) == ("published", LATER)
    # The first article was published whole and now lacks its failed figure, so its reading is replaced.
    assert (batch.figures_published, batch.figures_superseded, batch.figures_unchanged) == (3, 2, 0)
    assert (batch.articles_published, batch.rows_quarantined) == (2, 1)
    counts = count_current(engine)
    assert (counts.articles, counts.figures, counts.numbers, counts.quarantined) == (2, 3, 4, 1)


def test_of_an_article_in_two_sources_the_fuller_text_stands(engine: Engine) -> None:
    full = SENTENCE + "完。"
    api = replace(FACTS, source="api")
    run(engine, [read_as(full)])
    for words in (SENTENCE, full):
        report = run(engine, [read_as(words, source="api", title="又")], facts=api)
        assert report.changes_nothing
    fuller = full + "又及。"
    assert run(engine, [read_as(fuller, source="api")], facts=api).readings.articles.published == 1
    assert run(engine, [read_as(full)]).changes_nothing
    current = "SELECT source, text FROM article WHERE known_to IS NULL"
    assert rows(engine, current) == [("api", fuller)]
    assert len(rows(engine, "SELECT sha256 FROM raw_document")) == 3
