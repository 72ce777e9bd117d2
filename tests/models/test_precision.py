"""What stated amounts leave open: each interval worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.precision import stated_interval


def interval(text: str, bound: str, value: str, low: str | None = None, high: str | None = None) -> tuple[str, str]:
    ends = (None if each is None else Decimal(each) for each in (value or None, low, high))
    least, most = stated_interval(text, bound, *ends)
    return str(least), str(most)


@pytest.mark.parametrize(
    ("text", "bound", "value", "least", "most"),
    [
        ("655.58亿元", "exact", "65558000000", "65557500000", "65558500000"),
        ("84.32%", "exact", "84.32", "84.315", "84.325"),
        ("3.5%", "exact", "-3.5", "-3.55", "-3.45"),
        ("1,505.60元", "exact", "1505.60", "1505.595", "1505.605"),
        ("１２.５亿元", "exact", "1250000000", "1245000000", "1255000000"),
        ("60例", "exact", "60", "59.5", "60.5"),
        ("6000万元", "exact", "60000000", "59995000", "60005000"),
        ("6000万元", "about", "60000000", "55000000", "65000000"),
        ("9.51亿元", "over", "951000000", "951000000", "None"),
        ("3%", "over", "-3", "None", "-3"),
        ("3亿元", "under", "300000000", "0", "300000000"),
        ("3%", "under", "-3", "-3", "0"),
        ("三成", "exact", "30", "25", "35"),
        ("3亿5000万元", "exact", "350000000", "345000000", "355000000"),
        ("1.5倍", "exact", "150", "145", "155"),
        ("1.5倍", "exact", "50", "45", "55"),
        ("0.00%", "exact", "0", "-0.005", "0.005"),
        ("0.0亿元", "exact", "0", "-5000000", "5000000"),
        ("零", "exact", "0", "-0.5", "0.5"),
    ],
)
def test_an_amount_is_right_to_half_a_unit_of_its_last_digit(
    text: str, bound: str, value: str, least: str, most: str
) -> None:
    assert interval(text, bound, value) == (least, most)


def test_a_range_is_what_it_says() -> None:
    assert interval("6000万元至7000万元", "range", "", "60000000", "70000000") == ("60000000", "70000000")
    assert interval("-1.50%至2.0%", "range", "", "-1.50", "2.0") == ("-1.5", "2")


@given(
    st.decimals(min_value="-99999", max_value="99999", places=2, allow_nan=False),
    st.sampled_from([("", 0), ("万", 4), ("亿", 8)]),
)
def test_the_value_lies_in_the_middle_and_the_digits_would_round_to_it(
    written: Decimal, scale: tuple[str, int]
) -> None:
    value = written.scaleb(scale[1])
    least, most = stated_interval(f"{abs(written)}{scale[0]}元", "exact", value, None, None)
    assert least is not None
    assert most is not None
    assert least + most == 2 * value
    assert most - least == Decimal("0.01").scaleb(scale[1])
