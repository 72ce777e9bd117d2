"""A publication that would leave much less than stands is refused, an ordinary day never is."""

import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.publishing import PublishReport, publish_batch
from models.values import Reading
from models.vocabulary import BatchState, RowKind, Severity
from tests.models.making import LATER, NOW, SENTENCE, Read, a_reading, an_article, dump, read_as, rows, stage

CURRENT = "SELECT count(*) FROM figure WHERE known_to IS NULL"


def articles(count: int, *, figures: int = 2, first: int = 0) -> list[Read]:
    """Articles that say the same, of which only so many figures are read."""
    reading = a_reading()
    read = Reading(reading.figures[:figures], reading.numbers)
    return [(an_article(SENTENCE, f"c{number:03}"), read) for number in range(first, first + count)]


def publish(engine: Engine, batch: list[Read], *, allow_shrink: bool = False) -> PublishReport:
    staged = stage(engine, batch)
    return publish_batch(engine, staged.batch_id, AuditOutcome(), now=LATER, allow_shrink=allow_shrink)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Forty articles of two figures each."""
    publish_batch(engine, stage(engine, articles(40)).batch_id, AuditOutcome(), now=NOW)
    return engine


def test_an_empty_reading_of_all_is_refused_and_changes_no_row(filled: Engine) -> None:
    before = dump(filled)
    report = publish(filled, articles(40, figures=0))
    assert report.state is BatchState.REFUSED
    assert report.message == (
        "of 80 figures that stand published of 40 articles it would leave 0; look at the source and at "
        "`tongbi diff`; where less is right, run again with --allow-shrink"
    )
    staged = {"staged_article", "staged_figure", "staged_number"}
    assert {name: found for name, found in dump(filled).items() if name not in staged} == {
        name: found for name, found in before.items() if name not in staged
    }
    assert rows(filled, "SELECT state FROM batch ORDER BY id") == [("published",), ("refused",)]


def test_it_is_published_where_it_is_asked_for(filled: Engine) -> None:
    report = publish(filled, articles(40, figures=0), allow_shrink=True)
    assert (report.state, report.readings.figures.superseded) == (BatchState.PUBLISHED, 80)
    assert rows(filled, CURRENT) == [(0,)]


def test_half_may_go_and_not_more(filled: Engine) -> None:
    half = [*articles(40, figures=1)]
    assert publish(filled, half).state is BatchState.PUBLISHED
    assert rows(filled, CURRENT) == [(40,)]


def test_more_than_half_of_what_is_changed_may_not_go_though_much_else_stands(filled: Engine) -> None:
    report = publish(filled, [*articles(11, figures=0), *articles(29, first=11)])
    assert report.state is BatchState.REFUSED
    assert report.message.startswith("of 22 figures that stand published of 11 articles it would leave 0")


def test_a_withdrawal_counts_like_an_empty_reading(filled: Engine) -> None:
    staged = stage(filled, articles(40))
    failures = tuple(
        Failure(RowKind.ARTICLE, row_id, "date", Severity.ARTICLE, "none", "one", "No date.")
        for row_id in staged.articles["row_id"].to_list()[:30]
    )
    report = publish_batch(filled, staged.batch_id, AuditOutcome(failures), now=LATER)
    assert report.state is BatchState.REFUSED
    assert report.message.startswith("of 60 figures that stand published of 30 articles it would leave 0")
    assert rows(filled, "SELECT count(*) FROM quarantine") == [(0,)]


@pytest.mark.parametrize(
    "batch",
    [
        articles(9, figures=0),  # 18 figures
        articles(3, first=37),  # a short listing takes nothing away
        articles(30, first=40),  # nor does a day of other articles
        [*articles(40), *articles(3, figures=0, first=100)],
    ],
)
def test_ordinary_days_are_published(filled: Engine, batch: list[Read]) -> None:
    assert publish(filled, batch).state is BatchState.PUBLISHED


def test_one_long_article_that_says_less_is_a_correction(engine: Engine) -> None:
    words = "".join(f"第{number}项营收{number}.5亿元。" for number in range(60))
    from tests.models.making import a_figure

    many = tuple(a_figure(words, f"{number}.5亿元", f"{number}50000000") for number in range(10, 60))
    publish(engine, [(an_article(words), Reading(many, ()))])
    assert publish(engine, [read_as()]).state is BatchState.PUBLISHED
    assert rows(engine, CURRENT) == [(2,)]
