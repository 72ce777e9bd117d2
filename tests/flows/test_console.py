"""How amounts, periods and marked texts look."""

from datetime import date
from decimal import Decimal

import pytest

from flows.console import amount_words, cell, marked, period_words, scaled


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("65558000000", "CNY", "655.58亿 CNY"),
        ("-360000000.00", "CNY", "-3.6亿 CNY"),
        ("5500000000000", "USD", "5.5万亿 USD"),
        ("9999", "户", "9,999 户"),
        ("10000", "户", "1万 户"),
        ("84.320", "%", "84.32 %"),
        ("12345.6", "点", "12,345.6 点"),
        ("0", "CNY", "0 CNY"),
        ("1E+2", "%", "100 %"),
    ],
)
def test_an_amount_has_the_scale_that_keeps_it_short(amount: str, unit: str, shown: str) -> None:
    assert scaled(Decimal(amount), unit) == shown


def test_a_bound_and_a_range_are_shown() -> None:
    assert amount_words(Decimal(200), None, None, "over", "%") == "> 200 %"
    assert amount_words(Decimal(-3), None, None, "over", "%") == "< -3 %", "跌超3% lies below −3 %"
    assert amount_words(None, Decimal(500000000), Decimal(600000000), "range", "CNY") == "5亿 CNY … 6亿 CNY"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2022-04-18", "2022-04-18", "2022-04-18"),
        ("2022-01-01", "2022-03-31", "2022 Q1"),
        ("2021-01-01", "2021-12-31", "2021"),
        ("2021-01-01", "2021-06-30", "2021 H1"),
        ("2021-01-01", "2021-09-30", "2021-01 … 09"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2023-02-01", "2023-02-27", "2023-02-01 … 2023-02-27"),
        ("2021-04-01", "2022-03-31", "2021-04 … 2022-03"),
        ("2021-12-31", "2021-12-31", "2021-12-31"),
    ],
)
def test_a_period_has_its_short_name(start: str, end: str, shown: str) -> None:
    assert period_words(date.fromisoformat(start), date.fromisoformat(end)) == shown


def test_no_period_is_empty() -> None:
    assert period_words(None, None) == ""


def test_figures_are_marked_where_they_stand() -> None:
    text = "营收3亿元，同比增长5%。"
    assert marked(text, [(2, 5), (10, 12)]).plain == "营收⟦3亿元⟧，同比增长⟦5%⟧。"


def test_a_cell_shows_markup_as_it_is() -> None:
    assert cell("[bold]增长[/bold]") == "\\[bold]增长\\[/bold]"
    assert cell(None) == ""
