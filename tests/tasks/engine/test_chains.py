"""Chains: the grammar words that lead into a quantity, and what they say of it."""

from datetime import date

import pytest

from models.vocabulary import Basis, Bound
from tasks.engine.fold import fold
from tasks.engine.grammar.chains import Chain, base_of, read_chain
from tasks.engine.grammar.tokens import tokenize


def chain(text: str) -> Chain:
    """Give the chain of the last quantity of the text's first clause."""
    clause = tokenize(fold(text), date(2022, 4, 18)).clauses[0]
    last = clause.quantities[-1]
    assert last.quantity is not None
    return read_chain(text, [token for token in clause.tokens if token.end <= last.start], last.quantity)


@pytest.mark.parametrize(
    ("text", "words", "nouns"),
    [
        ("净利润同比大幅增长超5%", ("同比", "大幅", "增长", "超"), "净利润"),
        ("失业率升至5.5%", ("升至",), "失业率"),
        ("营收5亿元", (), "营收"),
        ("股价跌破5元", ("跌破",), "股价"),
        ("杭州、宁波分别增长9%", ("分别", "增长"), "杭州、宁波"),
    ],
)
def test_a_chain_reaches_back_to_the_nouns(text: str, words: tuple[str, ...], nouns: str) -> None:
    found = chain(text)
    assert found.words == words
    assert text[: found.start] == nouns


@pytest.mark.parametrize(
    ("text", "direction", "market"),
    [
        ("营收增长5%", 1, False),
        ("营收下滑5%", -1, False),
        ("沪指跌0.6%", -1, True),
        ("金价走高1%", 1, True),
        ("营收5亿元", 0, False),
        ("失业率升至5.5%", 0, False),
        ("投资高于5亿元", 0, False),
        ("净利润比预期高5%", 1, False),
    ],
)
def test_a_word_of_rising_or_falling_gives_the_direction(text: str, direction: int, market: bool) -> None:
    found = chain(text)
    assert (found.direction, found.market) == (direction, market)


@pytest.mark.parametrize(
    ("text", "amplitude", "rate"),
    [
        ("降幅达4%", -1, ""),
        ("跌幅扩大至4%", -1, ""),
        ("涨幅收窄至4%", 1, ""),
        ("增速为4%", 0, ""),
        ("增速提高4.2个百分点", None, "增速"),
        ("营收4%", None, ""),
    ],
)
def test_a_noun_of_growth_is_the_change_unless_it_moved_itself(text: str, amplitude: int | None, rate: str) -> None:
    found = chain(text)
    assert (found.amplitude, found.rate) == (amplitude, rate)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("投资约5亿元", Bound.ABOUT),
        ("投资逾5亿元", Bound.OVER),
        ("订单已超过5亿元", Bound.OVER),
        ("两国出口均超过5亿元", Bound.OVER),
        ("股息每股约5元", Bound.ABOUT),
        ("投资不低于5亿元", Bound.OVER),
        ("投资不超过5亿元", Bound.UNDER),
        ("投资至多5亿元", Bound.UNDER),
        ("增幅略低于5%", Bound.UNDER),
        ("股价跌破5元", Bound.UNDER),
        ("股价站上5元", Bound.OVER),
        ("至少加息25个基点", Bound.OVER),
        ("最高预亏19亿元", Bound.UNDER),
        ("投资5亿元", None),
    ],
)
def test_a_word_before_the_number_bounds_it(text: str, bound: Bound | None) -> None:
    assert chain(text).bound is bound


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("营收同比增长5%", Basis.YOY),
        ("营收环比增长5%", Basis.PREVIOUS_PERIOD),
        ("余额较年初增长5%", Basis.YEAR_START),
        ("股价日内涨5%", Basis.PREVIOUS_CLOSE),
        ("营收比预期高5%", Basis.OTHER),
        ("营收比上年同期增长5%", Basis.YOY),
        ("营收与去年同期相比增长5%", Basis.YOY),
        ("汇率较周二夜盘收盘涨10点", Basis.PREVIOUS_CLOSE),
        ("收入较2019年增长5%", Basis.OTHER),
        ("病例较前一日新增9例", Basis.PREVIOUS_PERIOD),
        ("营收增长5%", None),
    ],
)
def test_the_basis_is_what_the_chain_states(text: str, basis: Basis | None) -> None:
    assert chain(text).basis is basis


def test_flags_of_lists_expectations_and_quotes() -> None:
    assert chain("沪铜、沪铝分别涨1%").distribute
    assert chain("预期升8.4%").expected
    assert chain("前值升8.4%").prior
    assert chain("现报23元").quoted
    assert chain("利润增长至3倍").level_to
    assert not chain("利润增长3倍").level_to


@pytest.mark.parametrize(
    ("phrase", "basis"),
    [
        ("上年同期", Basis.YOY),
        ("去年", Basis.YOY),
        ("年初", Basis.YEAR_START),
        ("上年末", Basis.YEAR_START),
        ("周五收盘", Basis.PREVIOUS_CLOSE),
        ("上一交易日", Basis.PREVIOUS_CLOSE),
        ("上月", Basis.PREVIOUS_PERIOD),
        ("上季度", Basis.PREVIOUS_PERIOD),
        ("前值", Basis.PREVIOUS_PERIOD),
        ("2019年", Basis.OTHER),
        ("市场平均水平", Basis.OTHER),
    ],
)
def test_what_a_comparison_names_tells_its_basis(phrase: str, basis: Basis) -> None:
    assert base_of(phrase) is basis
