"""What `find_figures` filters, sorts and remembers; on both databases."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models import answers, figures, naming
from models.database import open_database, reading
from models.figures import FIGURE_RESULT, FigureFilter, find_figures, stream_figures
from models.naming import SUBJECT, names_of
from models.past import tell_figure
from models.values import Mention, Period, Reading
from models.vocabulary import Bound, FigureOrder, Severity, Status
from tests.databases import DIALECTS, migrated_database
from tests.models.making import FACTS, FIRST_QUARTER, LATER, NOW, SENTENCE, SHANGHAI, a_figure, an_article, read_as, run

SAVED = Path(__file__).parent / "data" / "as_of.json"
YEAR = Period(date(2021, 1, 1), date(2021, 12, 31))


def one(words: str, quantity: str, value: str, day: int, **changes: Any) -> Any:
    """An article of one figure that is published on a day of April."""
    of_article = {name: changes.pop(name) for name in ("source", "mentions") if name in changes}
    published = datetime(2022, 4, day, 9, tzinfo=SHANGHAI)
    article = an_article(words, f"2022041800{day:02}", published=published, **of_article)
    return article, Reading((a_figure(words, quantity, value, **changes),), ())


@pytest.fixture(scope="module", params=DIALECTS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Four figures of four days, only to be read; in the order of their days 海峡, 青禾, BYD and 一汽."""
    with migrated_database(request.param, tmp_path_factory.mktemp("figures"), request) as url:
        engine = open_database(url)
        fill(engine)
        yield engine
        engine.dispose()


def fill(engine: Engine) -> None:
    mention = Mention(0, 4, "海峡重工", "SH", "600160", "1,600160")
    run(
        engine,
        [
            one("海峡重工营收9亿元。", "9亿元", "900000000", 1, mentions=(mention,)),
            one(
                "青禾物流预计净利润为-10万元。",
                "10万元",
                "-100000",
                2,
                subject="青禾物流",
                status=Status.FORECAST,
                metric="净利润",
                metric_id="net_profit",
            ),
            one(
                "BYD Auto全年营业收入100亿元。",
                "100亿元",
                "10000000000",
                3,
                subject="BYD Auto",
                period=YEAR,
                metric="营业收入",
                source="feed",
            ),
            one(
                "一汽50%_的销量。",
                "50%",
                "",
                4,
                subject="一汽",
                unit="%",
                bound=Bound.RANGE,
                low=Decimal(40),
                high=Decimal("50.5"),
                period=None,
                metric=None,
                metric_id=None,
            ),
        ],
    )


def found(engine: Engine, **wanted: Any) -> list[str]:
    return find_figures(engine, FigureFilter(**wanted))["text"].to_list()


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        ({}, ["50%", "100亿元", "10万元", "9亿元"]),
        ({"entity": "byd"}, ["100亿元"]),
        ({"entity": "600160"}, ["9亿元"]),
        ({"entity": "sh600160"}, ["9亿元"]),
        ({"entity": "600160.SH"}, ["9亿元"]),
        ({"entity": "600160.SZ"}, []),
        ({"entity": "%"}, []),
        ({"entity": "_"}, []),
        ({"metric": "revenue"}, ["100亿元", "9亿元"]),
        ({"metric": "营业收入"}, ["100亿元", "9亿元"]),
        ({"metric": "净利"}, ["10万元"]),
        ({"period": FIRST_QUARTER}, ["10万元", "9亿元"]),
        ({"period": Period(date(2021, 1, 1), date(2021, 3, 31))}, []),
        ({"period": Period(date(2020, 7, 1), date(2021, 12, 31)), "within": True}, ["100亿元"]),
        ({"period": YEAR, "metric": "收入"}, ["100亿元"]),
        ({"status": Status.FORECAST}, ["10万元"]),
        ({"source": "feed"}, ["100亿元"]),
        ({"source": "fee"}, []),
        ({"text": "全年"}, ["100亿元"]),
        ({"text": "50%_的"}, ["50%"]),
        ({"text": "%的"}, []),
        ({"text": "营", "since": date(2022, 4, 2)}, ["100亿元"]),
        ({"entity": "海峡", "metric": "净利润"}, []),
        ({"order": FigureOrder.AMOUNT}, ["100亿元", "9亿元", "50%", "10万元"]),
        ({"order": FigureOrder.AMOUNT, "ascending": True}, ["10万元", "50%", "9亿元", "100亿元"]),
        ({"order": FigureOrder.SUBJECT, "ascending": True}, ["100亿元", "50%", "9亿元", "10万元"]),
        ({"order": FigureOrder.PERIOD}, ["10万元", "9亿元", "100亿元", "50%"]),
        ({"order": FigureOrder.PERIOD, "ascending": True}, ["50%", "100亿元", "9亿元", "10万元"]),
        ({"order": FigureOrder.PUBLISHED, "ascending": True, "limit": 2}, ["9亿元", "10万元"]),
        ({"order": FigureOrder.METRIC, "limit": 1}, ["9亿元"]),  # 净利润, 营业收入, 营收
        ({"order": FigureOrder.KNOWN, "limit": 1}, ["50%"]),
    ],
)
def test_what_is_asked_for_is_found(filled: Engine, wanted: dict[str, Any], texts: list[str]) -> None:
    assert found(filled, **wanted) == texts


def test_all_ways_to_the_figures_find_the_same(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the few that an index gives, through all figures and through all articles; also with too many words."""
    wanted = [
        {"entity": "a"}, {"entity": "600160"}, {"metric": "收入"}, {"metric": "net_profit", "period": FIRST_QUARTER},
        {"period": YEAR}, {"entity": "suaee"},
    ]  # fmt: skip
    by_index = [found(filled, **each) for each in wanted]
    monkeypatch.setattr(figures, "_FEW", 0)
    assert [found(filled, **each) for each in wanted] == by_index
    monkeypatch.setattr(naming, "_MOST_KEYS", 0)
    assert [found(filled, **each) for each in wanted] == by_index
    monkeypatch.setattr(figures, "_is_told_by_figures", lambda _: False)
    assert [found(filled, **each) for each in wanted] == by_index
    assert by_index == [["100亿元"], ["9亿元"], ["100亿元"], ["10万元"], ["100亿元"], []]


def test_frames_come_in_pieces_and_at_least_one(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_PIECE", 3)
    assert [frame.height for frame in stream_figures(filled, FigureFilter())] == [3, 1]
    (nothing,) = stream_figures(filled, FigureFilter(entity="nobody"))
    assert nothing.columns == list(FIGURE_RESULT)


def test_names_that_a_released_row_brings_are_found(engine: Engine) -> None:
    """Whatever publishes figures writes down how they are called."""
    run(engine, [read_as()], "84.32%")
    with reading(engine) as connection:
        names = names_of(connection, SUBJECT, "海峡")
    assert names is not None
    assert names.keys == ("海峡重工",)


# ---- what was known then


def history(engine: Engine) -> None:
    """Five days of one archive: published, corrected, read by a better engine, withdrawn, and published again."""
    other = one("青禾物流营收9亿元。", "9亿元", "900000000", 2, subject="青禾物流")
    changed = SENTENCE.replace("655.58", "600.00")
    better = FACTS.__class__(FACTS.source, FACTS.since, FACTS.until, FACTS.strict, "engine 2", FACTS.started_at)
    corrected = an_article(changed), Reading((a_figure(changed, "600.00亿元", "60000000000"),), ())
    run(engine, [read_as(), other], now=NOW)
    run(engine, [corrected], now=NOW + timedelta(days=1))
    run(engine, [corrected], now=NOW + timedelta(days=2), facts=better)
    run(engine, [other], "9亿元", Severity.ARTICLE, now=NOW + timedelta(days=3))
    run(engine, [other], now=NOW + timedelta(days=4))


def answers_then(engine: Engine) -> dict[str, list[list[str]]]:
    """What each question gives at each moment: a second before and at each publication, and now."""
    moments = [NOW + timedelta(days=day, seconds=second) for day in range(5) for second in (-1, 0)]
    questions: dict[str, dict[str, Any]] = {"all": {}, "海峡": {"entity": "海峡"}, "营收": {"metric": "营收"}}
    columns = ("info_code", "revision", "text", "value", "engine_version")
    return {
        f"{name} {moment.isoformat() if moment else 'now'}": [
            [str(value) for value in row]
            for row in find_figures(engine, FigureFilter(**wanted, as_of=moment)).select(columns).rows()
        ]
        for name, wanted in questions.items()
        for moment in (*moments, None)
    }


def test_saved_answers_are_given_again(engine: Engine) -> None:
    """The answers in the file were saved when these days had been read; what was known then never changes."""
    history(engine)
    saved = json.loads(SAVED.read_text(encoding="utf-8"))
    assert answers_then(engine) == saved
    assert len(saved) == 33
    # What happens later does not change them either.
    run(engine, [read_as(code="202204180099")], now=NOW + timedelta(days=9))
    again = answers_then(engine)
    assert {name: answer for name, answer in again.items() if not name.endswith("now")} == {
        name: answer for name, answer in saved.items() if not name.endswith("now")
    }
    assert len(again["all now"]) == len(saved["all now"]) + 2


def test_a_moment_counts_in_whatever_zone_it_is_said(filled: Engine) -> None:
    moment = NOW.astimezone(SHANGHAI)
    assert len(found(filled, as_of=moment)) == 4
    assert found(filled, as_of=moment - timedelta(microseconds=1)) == []


# ---- one figure


def test_the_story_of_a_figure_tells_what_superseded_what(engine: Engine) -> None:
    history(engine)
    first = int(find_figures(engine, FigureFilter(entity="海峡", as_of=NOW))["id"][0])
    story = tell_figure(engine, first)
    assert story is not None
    assert story.figure["text"] == "655.58亿元"
    assert [(each.revision, each.engine_version, each.is_this) for each in story.readings] == [
        (1, "engine 1", True),
        (2, "engine 1", False),
        (2, "engine 2", False),
    ]
    assert [each.figure["text"] if each.figure else None for each in story.readings] == [
        "655.58亿元",
        "600.00亿元",
        "600.00亿元",
    ]
    assert [each.known_to for each in story.readings] == [LATER, NOW + timedelta(days=2), None]
    assert tell_figure(engine, 999) is None


def test_a_reading_without_the_figure_says_so(engine: Engine) -> None:
    run(engine, [read_as()])
    gone = an_article("海峡重工更名。"), Reading((), ())
    run(engine, [gone], now=LATER)
    story = tell_figure(engine, 1)
    assert story is not None
    assert [each.figure is None for each in story.readings] == [False, True]
