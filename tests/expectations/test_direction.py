"""The sign of an amount against the words beside it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.direction import wrong_sign

RATE, LEVEL = "change_rate", "level"


def judged(before: str, text: str, after: str, *amounts: str, kind: str = RATE) -> str | None:
    return wrong_sign(text, kind, tuple(Decimal(amount) for amount in amounts), before, after)


@pytest.mark.parametrize(
    ("before", "text", "after", "amounts"),
    [
        ("净利润同比增长", "84.32%", "。", ["84.32"]),
        ("净利润同比下降", "15%", "。", ["-15"]),
        ("同比下降", "71.5%-76.43%", "。", ["-76.43", "-71.5"]),
        ("跌幅约", "3%", "。", ["-3"]),
        ("降幅分别为3%、", "5%", "。", ["-5"]),
        ("分别下降3个百分点、4个百分点和", "5个百分点", "。", ["-5"]),
        ("由跌转涨", "2%", "。", ["2"]),
        ("上季度下降3%，本季度增长", "2%", "。", ["2"]),
        ("今年的涨跌幅为", "2%", "。", ["2"]),
        ("出现", "3%", "的跌幅", ["-3"]),
        ("油价现跌", "0%", "。", ["0"]),
        ("年初至今", "-3.2%", "。", ["-3.2"]),
        ("净利润变动幅度为", "-5%至10%", "。", ["-5", "10"]),
        ("降幅收窄", "3个百分点", "。", ["3"]),
    ],
)
def test_a_sign_that_agrees_passes(before: str, text: str, after: str, amounts: list[str]) -> None:
    assert judged(before, text, after, *amounts) is None


@pytest.mark.parametrize(
    ("before", "text", "after", "amounts", "fault"),
    [
        ("净利润同比增长", "-15%", "。", ["-15"], "增长 beside a fall"),
        ("净利润同比增长", "84.32%", "。", ["-84.32"], "增长 beside a fall"),
        ("净利润同比下降", "15%", "。", ["15"], "下降 beside a rise"),
        ("分别下降3%、4.5%和", "5.2%", "。", ["5.2"], "下降 beside a rise"),
        ("同比下降", "71.5%-76.43%", "。", ["71.5", "76.43"], "下降 beside a rise"),
        ("出现", "3%", "的跌幅", ["3"], "跌幅 beside a rise"),
        ("成交量同比", "3%", "。", ["-3"], "a fall without a minus sign or a word for it"),
        ("年初至今", "-3.2%", "。", ["3.2"], "a minus sign beside a rise"),
    ],
)
def test_a_sign_that_contradicts_the_words_is_named(
    before: str, text: str, after: str, amounts: list[str], fault: str
) -> None:
    assert judged(before, text, after, *amounts) == fault


@pytest.mark.parametrize(
    ("before", "text", "amount", "fault"),
    [
        ("营收下降至", "5亿元", "500000000", None),
        ("净利润为", "-5亿元", "-500000000", None),
        ("净利润亏损", "5亿元", "-500000000", None),
        ("净利润为", "-5亿元", "500000000", "a minus sign beside an amount above zero"),
        ("净利润为", "5亿元", "-500000000", "an amount below zero without a minus sign or a word for it"),
    ],
)
def test_a_level_below_zero_needs_a_sign_or_a_word_of_loss(
    before: str, text: str, amount: str, fault: str | None
) -> None:
    assert judged(before, text, "。", amount, kind=LEVEL) == fault


@given(st.text("下降增长分别约3.5%、和至-万亿元个百分点 ", max_size=120))
def test_no_sentence_makes_it_slow_or_raise(before: str) -> None:
    """Lists of many members once took minutes: each must be read in one way only."""
    judged(before, "3%", "。", "-3")
    judged("下降" + "3%、" * 30 + before, "3%", "。", "-3")
