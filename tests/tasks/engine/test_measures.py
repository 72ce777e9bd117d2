"""Measures: a quantity and its chain → kind, sign, unit and bound."""

from decimal import Decimal

import pytest

from models.vocabulary import Bound, Kind
from tasks.engine.grammar.chains import Chain
from tasks.engine.grammar.measures import Measure, bare_unit, exchange_unit, measure
from tasks.engine.grammar.quantities import Quantity, scan


def made(number: str, chain: Chain | None = None, metric: str | None = None, subject: str | None = None) -> Measure:
    return measure(quantity(number), chain or said(), metric, subject)


def quantity(number: str) -> Quantity:
    (found,) = scan(number).quantities
    return found


def said(**facts: object) -> Chain:
    return Chain(0, 0, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "facts", "kind", "value", "unit"),
    [
        ("5亿元", {}, Kind.LEVEL, "500000000", "CNY"),
        ("5%", {"direction": 1}, Kind.CHANGE_RATE, "5", "%"),
        ("5%", {"direction": -1}, Kind.CHANGE_RATE, "-5", "%"),
        ("5亿元", {"direction": -1}, Kind.CHANGE_AMOUNT, "-500000000", "CNY"),
        ("5%", {"direction": 1, "level_to": True}, Kind.LEVEL, "5", "%"),
        ("5%", {}, Kind.LEVEL, "5", "%"),
        ("5%", {"amplitude": -1}, Kind.CHANGE_RATE, "-5", "%"),
        ("5%", {"amplitude": 0}, Kind.CHANGE_RATE, "5", "%"),
        ("-5%", {"direction": 1}, Kind.CHANGE_RATE, "-5", "%"),
        ("-5%", {"direction": -1}, Kind.CHANGE_RATE, "-5", "%"),
        ("5个百分点", {}, Kind.CHANGE_AMOUNT, "5", "pp"),
        ("25个基点", {}, Kind.CHANGE_AMOUNT, "25", "bp"),
        ("0.9倍", {"direction": 1}, Kind.CHANGE_RATE, "90", "%"),
        ("0.4倍", {"direction": -1}, Kind.CHANGE_RATE, "-40", "%"),
        ("3倍", {"level_to": True, "words": ("增长至",)}, Kind.CHANGE_RATE, "200", "%"),
        ("9.8倍", {}, Kind.LEVEL, "9.8", "x"),
        ("翻一番", {}, Kind.CHANGE_RATE, "100", "%"),
    ],
)
def test_kind_value_and_unit(number: str, facts: dict[str, object], kind: Kind, value: str, unit: str) -> None:
    found = made(number, said(**facts))
    assert (found.kind, found.low, found.high, found.unit) == (kind, Decimal(value), None, unit)


def test_a_spread_in_basis_points_is_a_level() -> None:
    assert made("44个基点", metric="收益率利差").kind is Kind.LEVEL
    assert made("44个基点", metric="加息").kind is Kind.CHANGE_AMOUNT


def test_a_range_that_fell_runs_from_the_larger_fall_to_the_smaller() -> None:
    found = made("62.5%-68.14%", said(direction=-1))
    assert (found.low, found.high, found.bound) == (Decimal("-68.14"), Decimal("-62.5"), Bound.RANGE)


@pytest.mark.parametrize(
    ("number", "bound", "expected"),
    [
        ("5亿元", None, Bound.EXACT),
        ("5亿元", Bound.UNDER, Bound.UNDER),
        ("5亿元左右", None, Bound.ABOUT),
        ("5亿元左右", Bound.OVER, Bound.ABOUT),
        ("5亿元至6亿元", Bound.ABOUT, Bound.RANGE),
    ],
)
def test_a_range_wins_over_the_words_behind_and_these_over_the_chain(
    number: str, bound: Bound | None, expected: Bound
) -> None:
    assert made(number, said(bound=bound)).bound is expected


@pytest.mark.parametrize(
    ("number", "metric", "unit"),
    [
        ("0.32元", "基本每股收益", "CNY/股"),
        ("0.32美元", "每ADS摊薄收益", "USD/ADS"),
        ("0.32元", "EPS", "CNY/股"),
        ("5元", "收盘价", "CNY"),
        ("120", "每10万人感染数", "例/10万人"),
        ("30亿", "票房", "CNY"),
        ("4.84亿", "日活", "个"),
    ],
)
def test_the_measure_completes_the_unit(number: str, metric: str, unit: str) -> None:
    assert made(number, metric=metric).unit == unit


@pytest.mark.parametrize(
    ("subject", "unit"),
    [
        ("上证指数", "点"),
        ("沪指", "点"),
        ("在岸人民币兑美元", "CNY"),
        ("美元兑日元", "JPY"),
        ("青禾物流", "个"),
        (None, "个"),
    ],
)
def test_a_bare_number_takes_the_unit_of_what_it_is_said_of(subject: str | None, unit: str) -> None:
    assert bare_unit(None, subject) == unit


@pytest.mark.parametrize(
    ("pair", "unit"),
    [
        ("离岸人民币兑美元", "CNY"),
        ("美元兑人民币", "CNY"),
        ("欧元兑美元", "USD"),
        ("USD/JPY", "JPY"),
        ("贵州茅台", None),
    ],
)
def test_a_pair_is_quoted_in_its_second_currency(pair: str, unit: str | None) -> None:
    assert exchange_unit(pair) == unit
