"""What a decision does: to the published tables, to the quarantine, and to later runs."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.errors import ReviewError
from models.publishing import PublishReport, publish_batch
from models.reviewing import Decided, Ruling, decide
from models.staging import StagedBatch
from models.values import Reading
from models.vocabulary import BatchState, ReviewAction, RowKind, Severity
from tests.models.making import FACTS, NOW, SENTENCE, Read, a_reading, an_article, dump, read_as, rows, stage

CHANGED = SENTENCE.replace("一季度", "第一季度")
CURRENT = "SELECT text, value FROM figure WHERE known_to IS NULL ORDER BY start"
STATES = "SELECT id, row_kind, text, state FROM quarantine ORDER BY id"
RELEASE, REJECT = ReviewAction.RELEASE, ReviewAction.REJECT


def run(engine: Engine, articles: Sequence[Read], *bad: str, days: int = 0, strict: bool = False) -> PublishReport:
    """Stage and publish; a figure whose text is in `bad` fails, and "article" fails every article."""
    staged = stage(engine, articles, facts=replace(FACTS, strict=strict))
    return publish_batch(engine, staged.batch_id, AuditOutcome(failing(staged, bad)), now=at(days))


def failing(staged: StagedBatch, bad: Sequence[str]) -> tuple[Failure, ...]:
    figures = staged.figures.filter(pl.col("text").is_in(bad)).select("row_id", "text").rows()
    found = [Failure(RowKind.FIGURE, row, "rate", Severity.ROW, text, "less", "Too much.") for row, text in figures]
    articles = staged.articles["row_id"] if "article" in bad else []
    found += [Failure(RowKind.ARTICLE, row, "date", Severity.ARTICLE, "none", "one", "No date.") for row in articles]
    return tuple(found)


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


def judge(engine: Engine, action: ReviewAction, *ids: int, days: int = 1) -> Decided:
    return decide(engine, ids, Ruling(action, "李", "原文如此", at(days)), "engine 1")


def test_a_released_figure_is_published_as_it_is_from_now_on(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    before = rows(engine, "SELECT id, text FROM figure")
    decided = judge(engine, RELEASE, 1)
    assert (decided.ids, decided.along, decided.published) == ((1,), (), 1)
    assert rows(engine, CURRENT) == [("655.58亿元", "65558000000"), ("84.32%", "84.32")]
    known = "SELECT text FROM figure WHERE known_from <= :m AND (known_to IS NULL OR known_to > :m)"
    assert rows(engine, known.replace(":m", "'2022-04-19 12:00:00'")) == [("655.58亿元",)]
    assert before == [(1, "655.58亿元")]
    row = "kind, unit, metric, subject, period_start, sentence, rules, known_from"
    assert rows(engine, f"SELECT {row} FROM figure WHERE known_to IS NULL AND kind = 'change_rate'") == [
        (
            *("change_rate", "%", "营收", "海峡重工", "2022-01-01", SENTENCE),
            *('["quantity.money","metric.before"]', "2022-04-20 01:00:00.000000"),
        )
    ]


def test_the_decision_is_kept_with_who_when_why_and_what(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, REJECT, 1)
    judge(engine, RELEASE, 1, days=2)
    history = (
        "SELECT quarantine_id, action, state, who, reason, decided_at, outcome, batch_id FROM decision ORDER BY id"
    )
    assert rows(engine, history) == [
        (1, "reject", "rejected", "李", "原文如此", "2022-04-20 01:00:00.000000", "kept out", None),
        (
            *(1, "release", "released", "李", "原文如此", "2022-04-21 01:00:00.000000"),
            *("rejected before, published as it is", 2),
        ),
    ]
    assert json.loads(str(rows(engine, "SELECT row FROM decision")[0][0]))["value"] == "84.32"
    assert rows(engine, "SELECT state, who, reason FROM quarantine") == [("released", "李", "原文如此")]
    batch = "SELECT source, state, figures_published, articles_superseded FROM batch WHERE id = 2"
    assert rows(engine, batch) == [("review", "published", 2, 1)]


def test_a_released_row_that_fails_again_stays_published_and_the_run_is_good(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, RELEASE, 1)
    whole = dump(engine)
    report = run(engine, [read_as()], "84.32%", days=2, strict=True)
    assert (report.state, report.changes_nothing, report.settled.failures) == (BatchState.PUBLISHED, True, ())
    assert (report.quarantine.released, report.quarantine.seen_again, report.quarantine.new) == (1, 1, 0)
    assert report.message == "no row changed, failures known from review: 1 released"
    assert dump(engine) == whole
    assert rows(engine, "SELECT first_seen_batch_id, last_seen_batch_id FROM quarantine") == [(1, 3)]


def test_a_rejected_row_stays_out_whether_it_fails_again_or_not(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, REJECT, 1)
    whole = dump(engine)
    for days, bad in ((2, ["84.32%"]), (3, [])):
        report = run(engine, [read_as()], *bad, days=days, strict=True)
        assert (report.state, report.changes_nothing, report.settled.failures) == (BatchState.PUBLISHED, True, ())
        assert report.message == "no row changed, failures known from review: 1 rejected"
        assert dump(engine) == whole


def test_a_new_revision_is_judged_anew(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%", "655.58亿元")
    judge(engine, RELEASE, 1)
    judge(engine, REJECT, 2)
    report = run(engine, [read_as(CHANGED)], "84.32%", days=2)
    assert len(report.settled.failures) == 1
    assert rows(engine, CURRENT) == [("655.58亿元", "65558000000")]
    assert rows(engine, STATES)[2] == (3, "figure", "84.32%", "open")


def test_a_released_row_that_reads_otherwise_is_open_again(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, RELEASE, 1)
    first, rate = a_reading().figures
    otherwise = (an_article(), Reading((first, replace(rate, value=Decimal("-84.32"))), ()))
    assert len(run(engine, [otherwise], "84.32%", days=2).settled.failures) == 1
    assert rows(engine, "SELECT state, who FROM quarantine") == [("open", None)]
    assert rows(engine, CURRENT) == [("655.58亿元", "65558000000")]
    assert run(engine, [read_as()], "84.32%", days=3).settled.failures == ()
    assert rows(engine, "SELECT state, who FROM quarantine") == [("released", "李")]
    assert len(rows(engine, CURRENT)) == 2


def test_a_rejected_row_that_reads_otherwise_and_passes_is_published(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, REJECT, 1)
    first, rate = a_reading().figures
    mended = (an_article(), Reading((first, replace(rate, value=Decimal("-84.32"))), ()))
    assert run(engine, [mended], days=2).quarantine.rejected == 0
    assert rows(engine, CURRENT)[1] == ("84.32%", "-84.32")


def test_a_released_row_that_is_rejected_is_withdrawn(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%")
    judge(engine, RELEASE, 1)
    decided = judge(engine, REJECT, 1, days=2)
    assert (decided.published, decided.withdrawn) == (0, 1)
    assert rows(engine, CURRENT) == [("655.58亿元", "65558000000")]
    assert run(engine, [read_as()], "84.32%", days=3).changes_nothing


def test_all_expectations_that_a_row_fails_are_decided_on_together(engine: Engine) -> None:
    staged = stage(engine, [read_as()])
    (one,) = failing(staged, ["84.32%"])
    audit = AuditOutcome((one, replace(one, expectation="sign")))
    publish_batch(engine, staged.batch_id, audit, now=NOW)
    assert judge(engine, RELEASE, 2).along == (1,)
    staged = stage(engine, [read_as()])
    (one,) = failing(staged, ["84.32%"])
    third = AuditOutcome((replace(one, expectation="third"),))
    assert publish_batch(engine, staged.batch_id, third, now=at(2)).settled.failures == ()
    assert rows(engine, "SELECT state, who FROM quarantine") == [("released", "李")] * 3
    assert len(rows(engine, CURRENT)) == 2


@pytest.mark.parametrize("named", [1, 3])
def test_an_article_quarantined_whole_is_released_with_its_rows(engine: Engine, named: int) -> None:
    run(engine, [read_as()], "84.32%", "article")
    assert rows(engine, STATES) == [
        (1, "article", "海峡重工季报", "open"),
        (2, "figure", "655.58亿元", "open"),
        (3, "figure", "84.32%", "open"),
        (4, "number", "655.58", "open"),
        (5, "number", "84.32", "open"),
    ]
    decided = judge(engine, RELEASE, named)
    alone = [row[0] for row in rows(engine, STATES) if row[3] == "open"]
    assert (decided.published, alone) == ((4, [3]) if named == 1 else (5, []))
    assert len(rows(engine, CURRENT)) == decided.published - 3
    assert rows(engine, "SELECT count(*) FROM number WHERE known_to IS NULL") == [(2,)]
    assert rows(engine, "SELECT published, title FROM article") == [("2022-04-18 01:30:00.000000", "海峡重工季报")]
    again = run(engine, [read_as()], "84.32%", "article", days=2)
    assert again.changes_nothing
    assert [f.expectation for f in again.settled.failures] == (["rate"] if named == 1 else [])


def test_an_article_that_is_rejected_takes_all_its_rows_along_for_good(engine: Engine) -> None:
    run(engine, [read_as()], "84.32%", "article")
    assert judge(engine, REJECT, 1).along == (2, 3, 4, 5)
    for bad in (["84.32%", "article"], []):
        report = run(engine, [read_as()], *bad, days=2)
        assert report.settled.failures == ()
        assert report.changes_nothing
        assert rows(engine, CURRENT) == []
    with pytest.raises(ReviewError, match="2 stands in an article that was rejected"):
        judge(engine, RELEASE, 2)
    assert judge(engine, RELEASE, 1, days=3).along == (2, 4, 5)
    assert rows(engine, STATES)[2] == (3, "figure", "84.32%", "rejected")
    assert rows(engine, CURRENT) == [("655.58亿元", "65558000000")]


def test_a_row_that_was_rejected_stays_out_when_its_article_is_released(engine: Engine) -> None:
    run(engine, [read_as()], "article")
    judge(engine, REJECT, 2)
    judge(engine, RELEASE, 1, days=2)
    assert rows(engine, CURRENT) == [("84.32%", "84.32")]
    assert run(engine, [read_as()], "article", days=3).changes_nothing


def test_a_row_that_condemns_its_article_is_released_with_it(engine: Engine) -> None:
    rate_alone = (an_article(), Reading(a_reading().figures[1:], ()))
    staged = stage(engine, [rate_alone])
    (one,) = failing(staged, ["84.32%"])
    publish_batch(engine, staged.batch_id, AuditOutcome((replace(one, severity=Severity.ARTICLE),)), now=NOW)
    judge(engine, RELEASE, 2)
    assert rows(engine, CURRENT) == [("84.32%", "84.32")]
    staged = stage(engine, [read_as()])
    grave = tuple(replace(each, severity=Severity.ARTICLE) for each in failing(staged, ["84.32%", "655.58亿元"]))
    report = publish_batch(engine, staged.batch_id, AuditOutcome(grave), now=at(2))
    assert [failure.observed for failure in report.settled.failures] == ["655.58亿元"]
    assert rows(engine, CURRENT) == [("84.32%", "84.32")]


def test_what_the_database_refuses_cannot_be_released_and_nothing_is_decided(engine: Engine) -> None:
    _, rate = a_reading().figures
    broken = (an_article(), Reading((replace(rate, start=21, end=27),), ()))
    run(engine, [broken, read_as(code="202204180002")], "84.32%")
    before = dump(engine)
    with pytest.raises(ReviewError, match=r"cannot be published as it is: 1, 2: the database refuses it: figure: text"):
        judge(engine, RELEASE, 1, 2)
    assert dump(engine) == before
    assert rows(engine, "SELECT count(*) FROM decision") == [(0,)]
    assert judge(engine, RELEASE, 2).published == 1


@pytest.mark.parametrize(
    ("action", "ids", "said"),
    [
        (RELEASE, (9, 1, 12), "the quarantine has no row 9, 12"),
        (RELEASE, (2,), "2 is released already"),
        (REJECT, (3,), "3 is superseded: its article no longer fails there"),
        (RELEASE, (1,), "1 is of revision 1 of the article 202204180001, which has revision 2"),
    ],
)
def test_what_cannot_be_decided_is_said(engine: Engine, action: ReviewAction, ids: tuple[int, ...], said: str) -> None:
    run(engine, [read_as(), read_as(code="202204180002"), read_as(code="202204180003")], "84.32%")
    judge(engine, REJECT, 1)
    judge(engine, RELEASE, 2)
    run(engine, [read_as(CHANGED), read_as(code="202204180003")], days=2)
    with pytest.raises(ReviewError) as error:
        judge(engine, action, *ids, days=3)
    assert error.value.what == said
    assert error.value.next_step


def test_a_trial_says_what_would_happen_and_writes_nothing(engine: Engine) -> None:
    run(engine, [read_as()], "article")
    before = dump(engine)
    ruling = Ruling(RELEASE, "李", "试", NOW)
    assert decide(engine, [1], ruling, "engine 1", try_only=True).published == 5
    assert dump(engine) == before
    assert rows(engine, "SELECT count(*) FROM batch") == [(1,)]


def test_of_rows_alike_the_second_is_rejected_alone(engine: Engine) -> None:
    figure = a_reading().figures[1]
    article = (an_article(), Reading((figure, figure), ()))
    staged = stage(engine, [article])
    second = replace(failing(staged, ["84.32%"])[1], expectation="overlap")
    publish_batch(engine, staged.batch_id, AuditOutcome((second,)), now=NOW)
    judge(engine, REJECT, 1)
    staged = stage(engine, [article])
    second = replace(second, row_id=staged.figures["row_id"][1])
    assert publish_batch(engine, staged.batch_id, AuditOutcome((second,)), now=at(2)).changes_nothing
    assert rows(engine, CURRENT) == [("84.32%", "84.32")]


@pytest.mark.parametrize(("field", "said"), [("who", "a name"), ("reason", "a reason")])
def test_a_decision_needs_a_name_and_a_reason(engine: Engine, field: str, said: str) -> None:
    run(engine, [read_as()], "84.32%")
    words = {"who": "李", "reason": "原文如此"} | {field: " "}
    with pytest.raises(ReviewError, match=f"a decision needs {said}"):
        decide(engine, [1], Ruling(REJECT, now=NOW, **words), "engine 1")
