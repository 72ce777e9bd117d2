"""The earlier level that a level and its change imply."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.implying import DERIVED, add_intervals, earlier_period
from models.records import figure_rows
from models.values import Figure, Period
from models.vocabulary import Basis, Bound, Kind
from tests.models.making import SENTENCE, a_figure, a_reading

RATE: dict[str, Any] = {"kind": Kind.CHANGE_RATE, "unit": "%", "basis": Basis.YOY}
POINTS: dict[str, Any] = {"kind": Kind.CHANGE_AMOUNT, "unit": "pp", "basis": Basis.YOY}
WORDS = "营收655.58亿元，同比增长84.32%。"


def implied(words: str, *figures: Figure) -> list[tuple[str, str] | None]:
    rows = figure_rows(figures, words)
    return [None if row["level_start"] is None else (str(row["implied_low"]), str(row["implied_high"])) for row in rows]


def revenue(value: str = "65558000000", **changes: Any) -> Figure:
    return a_figure(WORDS, "655.58亿元", value, **changes)


def growth(value: str = "84.32", quantity: str = "84.32%", words: str = WORDS, **changes: Any) -> Figure:
    return a_figure(words, quantity, value, **(RATE | changes))


def test_a_level_and_its_growth_imply_the_level_of_the_year_before() -> None:
    level, change = figure_rows((revenue(), growth()), WORDS)
    assert {name: level[name] for name in DERIVED - {"least", "most"}} == dict.fromkeys(DERIVED - {"least", "most"})
    # 655.575 / 1.84325 and 655.585 / 1.84315, in 亿, each end outward
    assert (change["implied_low"], change["implied_high"]) == (Decimal("35566255255.6"), Decimal("35568727450.3"))
    assert (change["earlier_start"], change["earlier_end"]) == (date(2021, 1, 1), date(2021, 3, 31))
    assert (change["level_start"], change["least"], change["most"]) == (2, Decimal("84.315"), Decimal("84.325"))


def test_a_change_in_points_is_taken_off_a_share() -> None:
    words = "毛利率35.2%，同比提高5.45个百分点，环比下降20个基点。"
    share = a_figure(words, "35.2%", "35.2", unit="%")
    points = a_figure(words, "5.45个百分点", "5.45", **POINTS)
    basis = a_figure(words, "20个基点", "-20", **(POINTS | {"unit": "bp", "basis": Basis.PREVIOUS_PERIOD}))
    assert implied(words, share, points, basis) == [None, ("29.695", "29.805"), ("35.345", "35.455")]


def test_a_change_of_an_amount_is_taken_off_the_amount() -> None:
    words = "营收3.00亿元，同比增加0.50亿元。"
    level = a_figure(words, "3.00亿元", "300000000")
    change = a_figure(words, "0.50亿元", "50000000", kind=Kind.CHANGE_AMOUNT, basis=Basis.YOY)
    assert implied(words, level, change)[1] == ("249000000", "251000000")


@pytest.mark.parametrize(
    "change",
    [
        {"metric": "净利润", "metric_id": "net_profit"},  # of something else
        {"period": Period(date(2021, 1, 1), date(2021, 3, 31))},
        {"basis": None},  # against nobody knows what
        {"unit": "pp", "kind": Kind.CHANGE_AMOUNT},  # points of an amount of money
    ],
)
def test_a_change_that_is_not_of_the_level_implies_nothing(change: dict[str, Any]) -> None:
    assert implied(WORDS, revenue(), growth(**change)) == [None, None]


def test_what_has_two_answers_implies_nothing() -> None:
    profit = {"metric": "净利润", "metric_id": "net_profit"}
    # A profit that grew by 150 % may have been a loss; revenue cannot.
    assert implied(WORDS, revenue(**profit), growth("150", "84.32%", **profit)) == [None, None]
    assert implied(WORDS, revenue(**profit), growth(**profit))[1] is not None
    assert implied(WORDS, revenue(), growth("150", "84.32%"))[1] is not None
    # A loss tells nothing of what it fell from.
    assert implied(WORDS, revenue("-65558000000", **profit), growth("-250", "84.32%", **profit)) == [None, None]
    # A rate of a rate may be points.
    assert implied(WORDS, revenue(unit="%"), growth()) == [None, None]


def test_one_sided_words_imply_one_side() -> None:
    over = growth(bound=Bound.OVER)
    assert implied(WORDS, revenue(), over)[1] == ("None", "35567762586.9")
    assert implied(WORDS, revenue(bound=Bound.OVER), growth())[1] == ("35566526515.6", "None")


def test_a_fall_to_nothing_implies_no_upper_end() -> None:
    words = "营收3亿元，同比下降100.00%。"
    level, fall = a_figure(words, "3亿元", "300000000"), growth("-100.00", "100.00%", words)
    assert implied(words, level, fall)[1] == ("5000000000000", "None")  # 2.5亿 / 0.00005


def test_the_level_before_the_change_counts_and_not_one_of_another_sentence() -> None:
    words = "营收100亿元。营收200亿元，同比增长25.0%，营收300亿元。"
    levels = [a_figure(words, f"{hundreds}00亿元", f"{hundreds}0000000000") for hundreds in (1, 2, 3)]
    change = growth("25.0", "25.0%", words)
    assert figure_rows((*levels, change), words)[-1]["level_start"] == levels[1].start
    alone = "同比增长25.0%。营收200亿元。"
    level, change = a_figure(alone, "200亿元", "20000000000"), growth("25.0", "25.0%", alone)
    assert figure_rows((change, level), alone)[0]["level_start"] == level.start
    two = "同比增长25.0%。营收200亿元。营收201亿元。"
    figures = growth("25.0", "25.0%", two), a_figure(two, "200亿元", "2E10"), a_figure(two, "201亿元", "201E8")
    assert implied(two, *figures) == [None, None, None]


def test_the_columns_are_no_part_of_the_fingerprint_and_can_be_worked_out_again() -> None:
    rows = figure_rows(a_reading().figures, SENTENCE)
    assert add_intervals(rows) == rows
    bare = [{name: value for name, value in row.items() if name not in DERIVED} for row in rows]
    assert add_intervals(bare) == rows


@given(
    st.decimals(min_value=1, max_value=99999, places=2),
    st.decimals(min_value="-99.9", max_value=100, places=2),
    st.decimals(min_value="-0.5", max_value="0.5", places=3),
    st.decimals(min_value="-0.5", max_value="0.5", places=3),
)
def test_the_true_level_lies_between_the_ends(
    level: Decimal, rate: Decimal, level_off: Decimal, rate_off: Decimal
) -> None:
    """Whatever the true level and growth were that round to what is stated, the true base is between."""
    words = f"营收{level}亿元，同比{abs(rate)}%。"
    low, high = (
        Decimal(end) if end != "None" else None
        for end in implied(
            words, a_figure(words, f"{level}亿元", str(level * 10**8)), growth(str(rate), f"{abs(rate)}%", words)
        )[1]
        or ("None", "None")
    )
    true_level, true_rate = (level + level_off / 100) * 10**8, rate + rate_off / 100
    base = true_level / (1 + true_rate / 100)
    assert low is None or low <= base
    assert high is None or base <= high


@pytest.mark.parametrize(
    ("start", "end", "basis", "earlier"),
    [
        ("2022-01-01", "2022-03-31", "yoy", ("2021-01-01", "2021-03-31")),
        ("2021-02-01", "2021-02-28", "yoy", ("2020-02-01", "2020-02-29")),
        ("2020-02-29", "2020-02-29", "yoy", ("2019-02-28", "2019-02-28")),
        ("2022-01-01", "2022-03-31", "previous_period", ("2021-10-01", "2021-12-31")),
        ("2022-03-01", "2022-03-31", "previous_period", ("2022-02-01", "2022-02-28")),
        ("2022-04-11", "2022-04-17", "previous_period", ("2022-04-04", "2022-04-10")),
        ("2022-04-18", "2022-04-18", "previous_period", None),
        ("2022-03-31", "2022-03-31", "year_start", ("2021-12-31", "2021-12-31")),
        ("2022-04-18", "2022-04-18", "previous_close", None),
        ("2022-04-18", "2022-04-18", "other", None),
    ],
)
def test_the_earlier_period(start: str, end: str, basis: str, earlier: tuple[str, str] | None) -> None:
    found = earlier_period(date.fromisoformat(start), date.fromisoformat(end), basis)
    assert found == (tuple(map(date.fromisoformat, earlier)) if earlier else (None, None))
    assert earlier_period(None, None, basis) == (None, None)
