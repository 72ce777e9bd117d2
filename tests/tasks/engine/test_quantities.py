"""Quantities: numbers with scale and unit, ranges, lists, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Bound
from tasks.engine.fold import fold
from tasks.engine.grammar.quantities import Quantity, scan
from tasks.engine.grammar.tokens import tokenize
from tests.tasks.engine.test_lexicon import PUBLISHED

Row = tuple[str, str, str]


def rows(text: str) -> list[Row]:
    """Give (text, value or low…high, unit) of each quantity."""
    return [(text[q.start : q.end], value(q), q.unit or "") for q in scan(fold(text)).quantities]


def value(quantity: Quantity) -> str:
    ends = [quantity.low] if quantity.high is None else [quantity.low, quantity.high]
    return "…".join(f"{end.normalize():f}" for end in ends)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # scales
        ("授信达一万二千亿元", ("一万二千亿元", "1200000000000", "CNY")),
        ("总资产四十万亿元", ("四十万亿元", "40000000000000", "CNY")),
        ("总资产二百一十万亿元", ("二百一十万亿元", "210000000000000", "CNY")),
        ("资产五千万亿元", ("五千万亿元", "5000000000000000", "CNY")),
        ("成交2,304.7亿元", ("2,304.7亿元", "230470000000", "CNY")),
        ("产量2,400万吨", ("2,400万吨", "24000000", "吨")),
        ("营收86.04亿元", ("86.04亿元", "8604000000", "CNY")),
        ("合同金额200000万美元", ("200000万美元", "2000000000", "USD")),
        ("债券4000亿日元", ("4000亿日元", "400000000000", "JPY")),
        ("贷款1.8万亿韩元", ("1.8万亿韩元", "1800000000000", "KRW")),
        ("派息30美分", ("30美分", "0.3", "USD")),
        ("项目投资六点四万元", ("六点四万元", "64000", "CNY")),
        ("出货二百三十万零四百五十六台", ("二百三十万零四百五十六台", "2300456", "台")),
        ("成交额超千亿元", ("千亿元", "100000000000", "CNY")),
        ("增持３１６２万股", ("３１６２万股", "31620000", "股")),
        ("成交７.２5亿元", ("７.２5亿元", "725000000", "CNY")),
        # 千 of 千瓦 is no scale
        ("装机突破百万千瓦", ("百万千瓦", "1000000", "千瓦")),
        ("发电两千亿千瓦时", ("两千亿千瓦时", "200000000000", "千瓦时")),
        ("铺路三千米", ("三千米", "3000", "米")),
        # a currency of several countries is named as far as the text names it
        ("合同额36亿菲律宾比索", ("36亿菲律宾比索", "3600000000", "PHP")),
        ("报51比索", ("51比索", "51", "比索")),
        ("收入4亿第纳尔", ("4亿第纳尔", "400000000", "第纳尔")),
        # per cent in words, tenths, doubling
        ("占比百分之八", ("百分之八", "8", "%")),
        ("税率千分之七", ("千分之七", "0.7", "%")),
        ("低开百分之二点三一", ("百分之二点三一", "2.31", "%")),
        ("近七成受访者", ("七成", "70", "%")),
        ("约四成五", ("四成五", "45", "%")),
        ("产值翻一番", ("翻一番", "100", "%")),
        ("产值翻两番", ("翻两番", "300", "%")),
        ("产值翻了三番", ("翻了三番", "700", "%")),
        ("利润预增翻倍以上", ("翻倍以上", "100", "%")),
        # points
        ("毛利率提升3.6个百分点", ("3.6个百分点", "3.6", "pp")),
        ("毛利率提升3．6个百分点", ("3．6个百分点", "3.6", "pp")),
        ("收益率跌2.85个基点", ("2.85个基点", "2.85", "bp")),
        ("利率下降15BP", ("15BP", "15", "bp")),
        # compound units, multiples, signs
        ("报价5.16万元/吨", ("5.16万元/吨", "51600", "CNY/吨")),
        ("报83.5美元/桶", ("83.5美元/桶", "83.5", "USD/桶")),
        ("市盈率14.2倍", ("14.2倍", "14.2", "x")),
        ("净利润-2,718,281.82元", ("-2,718,281.82元", "-2718281.82", "CNY")),
        ("同比+9.5%", ("+9.5%", "9.5", "%")),
        ("装机7.5GWh", ("7.5GWh", "7.5", "GWh")),
    ],
)
def test_one_quantity(text: str, expected: Row) -> None:
    assert rows(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预计募资130-180亿元", ("130-180亿元", "13000000000…18000000000", "CNY")),
        ("净利润3亿元-3.4亿元", ("3亿元-3.4亿元", "300000000…340000000", "CNY")),
        ("净利润7至8亿元", ("7至8亿元", "700000000…800000000", "CNY")),
        ("净利润9000万至1.3亿元", ("9000万至1.3亿元", "90000000…130000000", "CNY")),
        ("净利润9000万元—1.3亿元", ("9000万元—1.3亿元", "90000000…130000000", "CNY")),
        ("同比增长20%-35%", ("20%-35%", "20…35", "%")),
        ("同比增长20～35%", ("20～35%", "20…35", "%")),
        ("同比下降62.5%到68.14%", ("62.5%到68.14%", "62.5…68.14", "%")),
        ("亏损收窄至-5%~-3%", ("-5%~-3%", "-5…-3", "%")),
        ("价格5—6万元/吨", ("5—6万元/吨", "50000…60000", "CNY/吨")),
    ],
)
def test_a_range_is_one_quantity(text: str, expected: Row) -> None:
    assert rows(text) == [expected]


def test_a_section_number_behind_an_amount_takes_no_unit() -> None:
    assert rows("计划投资2764.2万元3.1本项目建设期两年") == [("2764.2万元", "27642000", "CNY"), ("3.1", "3.1", "")]


def test_from_and_to_are_two_quantities() -> None:
    assert rows("由5亿元至6亿元") == [("5亿元", "500000000", "CNY"), ("6亿元", "600000000", "CNY")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("营收为128/164亿元", ["12800000000", "16400000000"]),
        ("净利润2.1、2.8、3.5亿元", ["210000000", "280000000", "350000000"]),
        ("环比增长0.7、1.8、2.3个百分点", ["0.7", "1.8", "2.3"]),
    ],
)
def test_members_of_a_list_take_scale_and_unit_of_the_last(text: str, values: list[str]) -> None:
    found = scan(text).quantities
    assert [value(q) for q in found] == values
    assert len({q.unit for q in found}) == 1
    assert [q.borrowed for q in found] == [True] * (len(found) - 1) + [False]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("30多家", Bound.OVER),
        ("1200余万件", Bound.OVER),
        ("5亿元以上", Bound.OVER),
        ("2800元出头", Bound.OVER),
        ("5亿元左右", Bound.ABOUT),
        ("5%上下", Bound.ABOUT),
        ("5亿元以内", Bound.UNDER),
        ("30%以下", Bound.UNDER),
        ("5亿元", None),
    ],
)
def test_words_behind_a_number_bound_it_and_stay_inside(text: str, bound: Bound | None) -> None:
    (found,) = scan(text).quantities
    assert (found.start, found.end, found.bound) == (0, len(text), bound)


@pytest.mark.parametrize(
    ("text", "piece", "reason"),
    [
        ("营收712.46.3亿元", "712.46.3亿元", "decimal point"),
        ("增长63.15%%", "63.15%%", "percent sign"),
        ("净利润-万元", "-万元", "without a number"),
        ("成交2,34,5.6万元", "2,34,5.6万元", "digit groups"),
        ("成交12,34元", "12,34元", "digit groups"),
        ("成交1234,567万元", "1234,567万元", "digit groups"),
    ],
)
def test_malformed_numerals_are_named_and_never_read(text: str, piece: str, reason: str) -> None:
    found = scan(text)
    assert found.quantities == []
    assert [(text[bad.start : bad.end], reason in bad.reason) for bad in found.malformed] == [(piece, True)]


@pytest.mark.parametrize("text", ["移动4/5G用户", "CAC40指数", "A50期货", "COVID-19疫情", "https://a.example/?id=5亿"])
def test_names_with_digits_are_no_quantities(text: str) -> None:
    found = scan(text)
    assert [q for q in found.quantities if q.unit] == []
    assert found.names


@pytest.mark.parametrize("text", ["电话0571-12345678", "手机13812345678", "热线400-123-4567"])
def test_phone_numbers_are_codes(text: str) -> None:
    found = scan(text)
    assert found.quantities == []
    assert [text[start:end] for start, end in found.codes] == [text[2:]]


@pytest.mark.parametrize("text", ["22时37分", "5月至6月", "2022年3月1日", "为期3个月", "10年期"])
def test_times_are_masked_before_the_scan(text: str) -> None:
    assert tokenize(text, PUBLISHED).quantities == []


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_any_amount_written_with_groups_reads_back_exactly(amount: Decimal) -> None:
    text = f"金额{amount:,}元。"
    (found,) = scan(text).quantities
    assert (text[found.start : found.end], found.low, found.unit) == (f"{amount:,}元", amount, "CNY")


@given(
    st.decimals(min_value=1, max_value=9999, places=3),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]),
)
def test_a_scale_is_folded_in_without_loss(amount: Decimal, scale: tuple[str, int]) -> None:
    (found,) = scan(f"金额{amount}{scale[0]}元。").quantities
    assert found.low == amount * scale[1]
