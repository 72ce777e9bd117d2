"""What a reader of the tables sees over time: revisions, better readings, withdrawals."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from models.values import Reading
from models.vocabulary import Severity
from tests.models.making import FACTS, LATER, NOW, SENTENCE, a_reading, an_article, dump, read_as, rows, run

CHANGED = SENTENCE.replace("一季度", "第一季度")
CURRENT = "SELECT info_code, revision, text FROM figure WHERE known_to IS NULL ORDER BY info_code, start"


def test_of_two_revisions_in_one_batch_the_later_place_is_current(engine: Engine) -> None:
    run(engine, [read_as(CHANGED, location="x-2.md"), read_as(location="x-1.md")])
    query = "SELECT revision, location, known_from = known_to FROM article ORDER BY revision"
    assert rows(engine, query) == [(1, "x-1.md", 1), (2, "x-2.md", None)]
    assert {row[1] for row in rows(engine, CURRENT)} == {2}
    assert rows(engine, "SELECT count(*) FROM figure") == [(4,)]


def test_a_new_revision_supersedes_the_old_rows_and_overwrites_nothing(engine: Engine) -> None:
    run(engine, [read_as()])
    before = rows(engine, "SELECT id, text, value, rules, known_from FROM figure")
    report = run(engine, [read_as(CHANGED)], now=LATER)
    assert (report.readings.figures.published, report.readings.figures.superseded) == (2, 2)
    assert (report.readings.articles.superseded, report.readings.numbers.superseded) == (1, 2)
    after = rows(engine, "SELECT id, text, value, rules, known_from FROM figure WHERE known_to IS NOT NULL")
    assert after == before
    assert rows(engine, "SELECT DISTINCT known_to FROM figure WHERE revision = 1") == [("2022-04-20 01:00:00.000000",)]
    assert rows(engine, CURRENT) == [("202204180001", 2, "655.58亿元"), ("202204180001", 2, "84.32%")]


def test_an_old_revision_that_comes_again_stays_superseded(engine: Engine) -> None:
    run(engine, [read_as()])
    run(engine, [read_as(CHANGED)])
    before = dump(engine)
    assert run(engine, [read_as()], now=LATER).changes_nothing
    assert dump(engine) == before


def test_a_better_engine_supersedes_the_reading_of_the_old_one(engine: Engine) -> None:
    run(engine, [read_as()])
    better = replace(FACTS, engine_version="engine 2")
    report = run(engine, [read_as()], now=LATER, facts=better)
    assert (report.readings.articles.published, report.readings.articles.superseded) == (1, 1)
    versions = rows(engine, "SELECT engine_version, known_to IS NULL FROM figure ORDER BY id")
    assert versions == [("engine 1", 0), ("engine 1", 0), ("engine 2", 1), ("engine 2", 1)]
    assert run(engine, [read_as()], now=LATER, facts=better).changes_nothing


def test_a_figure_read_otherwise_supersedes_the_reading(engine: Engine) -> None:
    run(engine, [read_as()])
    first, second = a_reading().figures
    otherwise = Reading((first, replace(second, metric="净利润", metric_id="net_profit")), a_reading().numbers)
    run(engine, [(an_article(), otherwise)], now=LATER)
    assert rows(engine, "SELECT metric FROM figure WHERE known_to IS NULL ORDER BY start") == [
        ("营收",),
        ("净利润",),
    ]
    run(engine, [read_as()], now=LATER + timedelta(days=1))  # and back again
    assert rows(engine, "SELECT DISTINCT metric FROM figure WHERE known_to IS NULL") == [("营收",)]
    assert rows(engine, "SELECT count(*) FROM figure") == [(6,)]


def test_a_moved_file_changes_nothing(engine: Engine) -> None:
    run(engine, [read_as(location="old_post/a.md")])
    assert run(engine, [read_as(location="_posts/a.md")], now=LATER).changes_nothing


def test_a_new_title_is_a_new_reading_of_the_same_revision(engine: Engine) -> None:
    run(engine, [read_as()])
    report = run(engine, [read_as(title="更正：季报")], now=LATER)
    assert report.readings.articles.published == 1
    titles = rows(engine, "SELECT revision, title, known_to IS NULL FROM article ORDER BY id")
    assert titles == [(1, "海峡重工季报", 0), (1, "更正：季报", 1)]


def test_an_article_that_fails_today_is_withdrawn_and_comes_back_when_it_passes(engine: Engine) -> None:
    run(engine, [read_as()])
    report = run(engine, [read_as()], "84.32%", Severity.ARTICLE, now=LATER)
    assert report.readings.articles.superseded == 1
    assert rows(engine, CURRENT) == []
    report = run(engine, [read_as()], now=LATER + timedelta(days=1))
    assert (report.readings.figures.published, report.quarantine.cleared) == (2, 5)
    assert len(rows(engine, CURRENT)) == 2


def test_a_failed_new_revision_leaves_the_old_one_standing(engine: Engine) -> None:
    run(engine, [read_as()])
    run(engine, [read_as(CHANGED)], "84.32%", Severity.ARTICLE, now=LATER)
    assert {row[1] for row in rows(engine, CURRENT)} == {1}
    assert run(engine, [read_as(CHANGED)], "84.32%", Severity.ARTICLE, now=LATER).changes_nothing


def test_history_goes_forward_though_a_clock_was_set_back(engine: Engine) -> None:
    run(engine, [read_as()], now=LATER)
    run(engine, [read_as(CHANGED)], now=NOW)
    moments = rows(engine, "SELECT known_from, known_to FROM article ORDER BY id")
    at = "2022-04-20 01:00:00.000000"
    assert moments == [(at, at), (at, None)]
