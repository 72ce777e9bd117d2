"""Numerals: digits and Chinese characters → their exact value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.grammar.numerals import NotANumeralError, arabic, chinese, scale_factor

DIGITS, SMALL, LARGE = "零一二三四五六七八九", ["", "十", "百", "千"], ["", "万", "亿", "万亿"]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("三百五", 305),
        ("两千", 2000),
        ("一万零八十", 10080),
        ("八千六百万", 86_000_000),
        ("一万二千亿", 1_200_000_000_000),
        ("四十万亿", 40_000_000_000_000),
        ("二百一十万亿", 210_000_000_000_000),
        ("五千万亿", 5_000_000_000_000_000),
        ("二百三十万零四百五十六", 2_300_456),
        ("一亿三千五百万", 135_000_000),
        ("百亿", 10_000_000_000),
        ("万亿", 1_000_000_000_000),
        ("二〇二二", 2022),
        ("三", 3),
    ],
)
def test_chinese_numerals(numeral: str, value: int) -> None:
    assert chinese(numeral) == value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十二点五", "12.5"),
        ("零点零三", "0.03"),
        ("二点四万", "24000"),
        ("三百点五亿", "30050000000"),
        ("一点二万亿", "1200000000000"),
    ],
)
def test_chinese_numerals_with_a_fraction(numeral: str, value: str) -> None:
    assert chinese(numeral) == Decimal(value)


@pytest.mark.parametrize("characters", ["", "三四", "五六", "点", "五点", "五点万", "三元", "五点三元"])
def test_characters_that_make_no_number(characters: str) -> None:
    with pytest.raises(NotANumeralError):
        chinese(characters)


@pytest.mark.parametrize(
    ("digits", "value"), [("1,100.90", "1100.90"), ("0.050", "0.050"), ("12，345", "12345"), ("7", "7")]
)
def test_arabic_digits_keep_their_precision(digits: str, value: str) -> None:
    assert str(arabic(digits)) == value


@pytest.mark.parametrize("digits", ["", ",", "1.2.3", "12a"])
def test_digits_that_make_no_number(digits: str) -> None:
    with pytest.raises(NotANumeralError):
        arabic(digits)


@pytest.mark.parametrize(
    ("scale", "factor"), [("", 1), ("百", 100), ("千万", 10**7), ("亿", 10**8), ("百亿", 10**10), ("万亿", 10**12)]
)
def test_scales_multiply(scale: str, factor: int) -> None:
    assert scale_factor(scale) == factor


def section(value: int) -> str:
    """Write 0 … 9999 in Chinese characters: 1080 is 一千零八十."""
    digits = [value // 10**place % 10 for place in range(3, -1, -1)]
    words = "".join(DIGITS[digit] + (SMALL[3 - index] if digit else "") for index, digit in enumerate(digits))
    while "零零" in words:
        words = words.replace("零零", "零")
    return words.strip("零")


def written(value: int) -> str:
    """Write a whole number below 10**12 in Chinese characters, as a reader would."""
    parts, before = [], 0
    for index, place in ((2, 10**8), (1, 10**4), (0, 1)):
        part = value // place % 10**4
        if part:
            gap = "零" if parts and (part < 1000 or before) else ""
            parts.append(gap + section(part) + LARGE[index])
            before = 0
        elif parts:
            before = 1
    return "".join(parts)


@given(st.integers(10, 10**12 - 1))
def test_any_whole_number_written_in_characters_reads_back(value: int) -> None:
    assert chinese(written(value)) == value


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_any_decimal_reads_back_exactly(value: Decimal) -> None:
    assert arabic(f"{value:,}") == value
