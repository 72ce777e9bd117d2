"""The examples of the README for readers run as they stand there, and give what they should, on both databases."""

import contextlib
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.database import open_database, reading
from models.values import Period, Reading
from models.vocabulary import Basis, Kind
from tests.models.making import FIRST_QUARTER, a_figure, an_article, run

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"<!-- runs -->\n```python\n(.*?)```", README, re.DOTALL)
SQL = re.findall(r"<!-- runs -->\n```sql\n(.*?)```", README, re.DOTALL)
FILE = "sqlite:///.tongbi/tongbi.db"
NOW_WORDS = "青禾物流一季度营业收入5.32亿元，同比增长12.5%。"
THEN_WORDS = "去年一季度青禾物流营业收入4.73亿元。"


@pytest.fixture
def filled(database_url: str) -> str:
    """A quarter with its growth, and the quarter of the year before as an article of then stated it."""
    engine = open_database(database_url)
    level: dict[str, Any] = {"subject": "青禾物流", "metric": "营业收入"}
    rate = level | {"kind": Kind.CHANGE_RATE, "unit": "%", "basis": Basis.YOY}
    before = level | {"period": Period(*(day.replace(year=2021) for day in (FIRST_QUARTER.start, FIRST_QUARTER.end)))}
    now = (a_figure(NOW_WORDS, "5.32亿元", "532000000", **level), a_figure(NOW_WORDS, "12.5%", "12.5", **rate))
    then = (a_figure(THEN_WORDS, "4.73亿元", "473000000", **before),)
    run(
        engine,
        [
            (an_article(NOW_WORDS, "1"), Reading(now, ())),
            (an_article(THEN_WORDS, "2"), Reading(then, ())),
        ],
    )
    engine.dispose()
    return database_url


def run_example(source: str, url: str) -> tuple[dict[str, Any], str]:
    assert FILE in source
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        exec(compile(source.replace(FILE, url), "README.md", "exec"), names)
    return names, shown.getvalue()


def test_there_are_three_examples() -> None:
    assert (len(PYTHON), len(SQL)) == (2, 1)


def test_figures_as_a_polars_frame(filled: str) -> None:
    names, shown = run_example(PYTHON[0], filled)
    found = names["figures"]
    assert sorted(zip(found["text"], found["value"], strict=True)) == [
        ("12.5%", Decimal("12.5")),
        ("4.73亿元", Decimal(473000000)),
        ("5.32亿元", Decimal(532000000)),
    ]
    assert "5.32亿元" in shown


def test_series_as_a_pandas_frame(filled: str) -> None:
    names, shown = run_example(PYTHON[1], filled)
    series = names["series"]
    levels = series[series["kind"] == "level"]
    assert levels["value"].tolist() == [Decimal(473000000), Decimal(532000000)]
    assert [bool(agree) for agree in levels["agree"]] == [True, True]
    assert "青禾物流" in shown


def test_what_is_implied_beside_what_was_stated(filled: str) -> None:
    engine = open_database(filled)
    with reading(engine) as connection:
        (row,) = connection.execute(text(SQL[0])).all()
    engine.dispose()
    assert row.metric_name == "营业收入"
    # 5.315 / 1.1255 … 5.325 / 1.1245, in 亿
    assert (Decimal(row.low), Decimal(row.high)) == (Decimal("472234562.416"), Decimal("473543797.244"))
    assert Decimal(row.low) <= Decimal(row.value) <= Decimal(row.high)
