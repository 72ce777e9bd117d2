from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from models.audit import AuditOutcome, Failure
from models.publishing import publish_batch
from models.queries import (
    FIGURE_RESULT,
    QUARANTINE_RESULT,
    FigureFilter,
    count_current,
    find_batch,
    find_figures,
    list_quarantine,
    list_unreadable,
)
from models.values import Reading
from models.vocabulary import ReviewState, RowKind, Severity
from tests.models.making import LATER, NOW, SENTENCE, a_figure, an_article, read_as, stage

CARBON = "上海联交所碳配额累计成交量2245.28万吨，成交额超9.51亿元。"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Two articles of two days; the second one's 9.51亿元 is the only one with an entity."""
    amount = {"subject": "上海联交所", "metric": "成交额", "metric_id": "turnover", "entity_id": "suaee"}
    volume = amount | {"metric": "累计成交量", "metric_id": "trading_volume", "entity_id": None, "unit": "吨"}
    figures = (
        a_figure(CARBON, "2245.28万吨", "22452800", **volume),
        a_figure(CARBON, "9.51亿元", "951000000", **amount),
    )
    # Half past midnight of the 20th in Shanghai is still the 19th in UTC.
    day = datetime(2022, 4, 19, 16, 30, tzinfo=UTC)
    carbon = an_article(CARBON, "202204200001", published=day, title="碳市场")
    batch = stage(engine, [read_as(), (carbon, Reading(figures, ()))])
    publish_batch(engine, batch.batch_id, AuditOutcome(), now=NOW)
    return engine


def texts(engine: Engine, **wanted: object) -> list[str]:
    return find_figures(engine, FigureFilter(**wanted))["text"].to_list()  # type: ignore[arg-type]


def test_all_figures_the_newest_article_first_and_in_text_order(filled: Engine) -> None:
    assert texts(filled) == ["2245.28万吨", "9.51亿元", "655.58亿元", "84.32%"]
    assert texts(filled, limit=3) == ["2245.28万吨", "9.51亿元", "655.58亿元"]


def test_a_figure_comes_with_its_article_and_exact_amounts(filled: Engine) -> None:
    frame = find_figures(filled, FigureFilter(metric="营收", limit=1))
    assert frame.columns == list(FIGURE_RESULT)
    row = frame.row(0, named=True)
    assert Decimal(row["value"]) == Decimal("65558000000")
    assert (row["title"], row["subject"], row["unit"]) == ("海峡重工季报", "海峡重工", "CNY")
    assert row["published"].isoformat() == "2022-04-18T09:30:00+08:00"
    assert (row["period_start"], row["sentence"]) == (date(2022, 1, 1), SENTENCE)
    assert SENTENCE[row["start"] : row["end"]] == row["text"] == "655.58亿元"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"entity": "海峡"}, ["655.58亿元", "84.32%"]),
        ({"entity": "联交所"}, ["2245.28万吨", "9.51亿元"]),
        ({"entity": "suaee"}, ["9.51亿元"]),
        ({"entity": "上海联合产权交易所"}, ["9.51亿元"]),  # a name of suaee that is not in the text
        ({"entity": "%"}, []),
        ({"metric": "成交"}, ["2245.28万吨", "9.51亿元"]),
        ({"metric": "turnover"}, ["9.51亿元"]),
        ({"metric": "营业收入"}, ["655.58亿元", "84.32%"]),  # the same metric by another name
        ({"metric": "成交量", "entity": "海峡"}, []),
    ],
)
def test_figures_of_an_entity_or_a_metric(filled: Engine, wanted: dict[str, object], found: list[str]) -> None:
    assert texts(filled, **wanted) == found


@pytest.mark.parametrize(
    ("since", "until", "articles"),
    [
        (date(2022, 4, 18), date(2022, 4, 18), {"202204180001"}),
        (date(2022, 4, 19), None, {"202204200001"}),
        (date(2022, 4, 20), date(2022, 4, 20), {"202204200001"}),
        (None, date(2022, 4, 19), {"202204180001"}),
        (date(2022, 4, 21), None, set()),
    ],
)
def test_days_of_publication_are_days_in_shanghai(
    filled: Engine, since: date | None, until: date | None, articles: set[str]
) -> None:
    frame = find_figures(filled, FigureFilter(since=since, until=until))
    assert set(frame["info_code"]) == articles


def test_superseded_figures_are_found_only_as_of_their_time(filled: Engine) -> None:
    changed = SENTENCE.replace("655.58", "600.00")
    figures = (a_figure(changed, "600.00亿元", "60000000000"),)
    batch = stage(filled, [(an_article(changed), Reading(figures, ()))])
    publish_batch(filled, batch.batch_id, AuditOutcome(), now=LATER)
    assert texts(filled, entity="海峡") == ["600.00亿元"]
    assert texts(filled, entity="海峡", as_of=LATER) == ["600.00亿元"]
    assert texts(filled, entity="海峡", as_of=LATER - timedelta(seconds=1)) == ["655.58亿元", "84.32%"]
    assert texts(filled, entity="海峡", as_of=NOW - timedelta(seconds=1)) == []


def test_the_quarantine_is_listed_by_state_and_article(engine: Engine) -> None:
    staged = stage(engine, [read_as(), read_as(code="202204180002")])
    failures = tuple(
        Failure(RowKind.FIGURE, row_id, "rate", Severity.ROW, "84.32%", "less", "Too much.")
        for row_id in staged.figures["row_id"].to_list()[1::2]
    )
    publish_batch(engine, staged.batch_id, AuditOutcome(failures), now=NOW)
    everything = list_quarantine(engine)
    assert everything.columns == list(QUARANTINE_RESULT)
    assert everything["info_code"].to_list() == ["202204180002", "202204180001"]
    assert list_quarantine(engine, limit=1).height == 1
    one = list_quarantine(engine, info_code="202204180001").row(0, named=True)
    assert (one["text"], one["sentence"], one["expectation"]) == ("84.32%", SENTENCE, "rate")
    assert list_quarantine(engine, state=ReviewState.REJECTED).is_empty()
    assert list_quarantine(engine, state=None).height == 2


def test_an_empty_database_gives_empty_answers_of_the_same_shape(engine: Engine) -> None:
    assert dict(find_figures(engine, FigureFilter()).schema).keys() == FIGURE_RESULT.keys()
    assert list_quarantine(engine).is_empty()
    assert list_unreadable(engine).is_empty()
    assert find_batch(engine) is None
    assert count_current(engine).figures == 0


def test_a_batch_is_found_by_its_id_and_the_last_one_without(filled: Engine) -> None:
    second = stage(filled, [read_as(code="202204180009")]).batch_id
    last, first = find_batch(filled), find_batch(filled, 1)
    assert last is not None
    assert first is not None
    assert (last.id, last.state, last.articles) == (second, "staged", 1)
    assert (first.id, first.state, first.figures_published) == (1, "published", 4)
    assert find_batch(filled, 99) is None
