"""Extracting: an article is read against its local day, and an engine that fails costs one article."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.values import Article, Period, Reading
from models.vocabulary import DateOrigin, Shape
from tasks import extract, reading

ARTICLE = Article(
    info_code="202204182200000001",
    source="shelf",
    location="one.md",
    raw_sha256="0" * 64,
    shape=Shape.FLASH,
    title="一",
    text="今年一季度，青禾物流营业收入5.32亿元。",
    digest=None,
    medium=None,
    published=datetime(2022, 4, 18, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    published_written="2022-04-18 00:30:00 +0800",
    published_from=DateOrigin.FRONT_MATTER,
    category=None,
    tags=None,
    link=None,
    return_links=(),
    mentions=(),
)


def test_an_article_is_read_against_its_local_day() -> None:
    just_after_new_year = datetime(2022, 1, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    today = replace(ARTICLE, text="青禾物流今日收盘价12.5元。", published=just_after_new_year)
    (figure,) = reading.read_figures(today).figures
    assert figure.period == Period(date(2022, 1, 1), date(2022, 1, 1))


def test_an_article_without_a_day_has_no_figures() -> None:
    assert reading.read_figures(replace(ARTICLE, published=None)) == Reading((), ())


def test_an_engine_that_fails_costs_one_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_text: str, published: date) -> Any:
        raise IndexError("list index out of range")

    good = replace(ARTICLE, published=None, location="two.md")
    monkeypatch.setattr(reading, "read_text", fail)
    extracted = extract.extract.fn([ARTICLE, good])
    assert [article.location for article, _ in extracted.readings] == ["two.md"]
    (lost,) = extracted.lost
    assert (lost.location, lost.sha256) == ("one.md", "0" * 64)
    assert lost.error == "the engine failed on one.md: IndexError: list index out of range"
