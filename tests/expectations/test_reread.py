"""A figure's text read a second time: what it reads, what it leaves alone, what it calls malformed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.numerals import fold, is_malformed, read_number
from expectations.reread import disagreement, read_quantity

NOWHERE = ("", "", "")


@pytest.mark.parametrize(
    ("text", "amounts", "unit"),
    [
        ("655.58亿元", ["65558000000"], "CNY"),
        ("3,480万单", ["34800000"], "单"),
        ("13，212平方米", ["13212"], "平方米"),
        ("２３６７万股", ["23670000"], "股"),
        ("1.8万亿元", ["1800000000000"], "CNY"),
        ("2.5百万美元", ["2500000"], "USD"),
        ("1亿2千万元", ["120000000"], "CNY"),
        ("一万五千亿元", ["1500000000000"], "CNY"),
        ("三千万亿元", ["3000000000000000"], "CNY"),
        ("一百九十万零三千九百七十一台", ["1903971"], "台"),
        ("十五点八万元", ["158000"], "CNY"),
        ("百亿元", ["10000000000"], "CNY"),
        ("百分之一点五七", ["1.57"], "%"),
        ("千分之三", ["0.3"], "%"),
        ("3.5‰", ["0.35"], "%"),
        ("三成", ["30"], "%"),
        ("三成五", ["35"], "%"),
        ("近八成"[1:], ["80"], "%"),
        ("翻一番", ["100"], "%"),
        ("翻两番", ["300"], "%"),
        ("翻了一番", ["100"], "%"),
        ("9.81倍", ["9.81"], "x"),
        ("两剂", ["2"], "剂"),
        ("37.8美分", ["0.378"], "USD"),
        ("226.92元新台币", ["226.92"], "TWD"),
        ("7.5亿元人民币", ["750000000"], "CNY"),
        ("6.28万元/吨", ["62800"], "CNY/吨"),
        ("0.32元每股", ["0.32"], "CNY/股"),
        ("3.45美元/百万英热", ["3.45"], "USD/百万英热"),
        ("1450.8例/10万人", ["1450.8"], "例/10万人"),
        ("5.45个百分点", ["5.45"], "pp"),
        ("50基点", ["50"], "bp"),
        ("300万千瓦", ["3000000"], "千瓦"),
        ("5亿千瓦时", ["500000000"], "千瓦时"),
        ("6块钱", ["6"], "CNY"),
        ("2.5倍之多", ["2.5"], "x"),
        ("1.1亿克拉", ["110000000"], "克拉"),
        ("3000多亿元", ["300000000000"], "CNY"),
        ("110亿元以上", ["11000000000"], "CNY"),
        ("5.5%左右", ["5.5"], "%"),
        ("-0.045%", ["-0.045"], "%"),
        ("5至6亿元", ["500000000", "600000000"], "CNY"),
        ("五到六成", ["50", "60"], "%"),
        ("2亿元-2.3亿元", ["200000000", "230000000"], "CNY"),
        ("8000万至1.2亿元", ["80000000", "120000000"], "CNY"),
        ("0~5亿元", ["0", "500000000"], "CNY"),
        ("71.5%-76.43%", ["71.5", "76.43"], "%"),
        ("-0.055%至-0.008%", ["-0.055", "-0.008"], "%"),
        ("百分之五至六", ["5", "6"], "%"),
        ("六次或七次", ["6", "7"], "次"),
        ("4.84亿", ["484000000"], None),
    ],
)
def test_a_text_reads_as_amounts_and_unit(text: str, amounts: list[str], unit: str | None) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert list(quantity.amounts) == [Decimal(amount) for amount in amounts]
    assert quantity.unit == unit


@pytest.mark.parametrize("text", ["数十亿元", "三四十家", "上百家", "五六成", "三分之一", "三至五百家", "一倍半"])
def test_what_can_be_read_in_two_ways_is_not_read_and_no_fault(text: str) -> None:
    assert read_quantity(text) is None
    assert disagreement(text, "level", (Decimal(1),), "CNY", NOWHERE) is None


@pytest.mark.parametrize("text", ["655.58.1亿元", "84.32%%", "-亿元", "1,23,4.5万元", "12,34万元", "5.亿元", "－万元"])
def test_a_malformed_numeral_is_never_read(text: str) -> None:
    assert is_malformed(fold(text))
    assert disagreement(text, "level", (Decimal(1),), "CNY", NOWHERE) == "no number that can be read"


@pytest.mark.parametrize(
    ("text", "kind", "stored", "unit", "around"),
    [
        ("236", "level", "23600000000", "CNY", ("净利润为", "/333亿元。", "")),
        ("27.11", "level", "2711000000", "CNY", ("分别为", "、66.42亿元、82.51亿元。", "")),
        ("0.71", "change_amount", "0.71", "pp", ("环比增长", "、1.77、7.45 个百分点。", "")),
        ("0.5个", "change_amount", "0.5", "pp", ("分别高", "和0.3个百分点。", "")),
        ("16.700", "level", "16.7", "CNY", ("(", ",0.69)", "")),
        ("0.9倍", "change_rate", "90", "%", ("同比增长", "。", "")),
        ("3倍", "change_rate", "200", "%", ("增长至去年的", "。", "")),
        ("9.81倍", "level", "9.81", "x", ("市盈率", "。", "")),
        ("4.35元", "level", "4.35", "CNY/股", ("", "", "每股4.35元")),
        ("3亿元", "level", "300000000", "TWD", ("新台币", "", "新台币3亿元")),
        ("15%", "change_rate", "-15", "%", ("下降", "。", "")),
    ],
)
def test_what_the_sentence_leaves_no_doubt_about_agrees(
    text: str, kind: str, stored: str, unit: str, around: tuple[str, str, str]
) -> None:
    assert disagreement(text, kind, (Decimal(stored),), unit, around) is None


@pytest.mark.parametrize(
    ("text", "kind", "stored", "unit", "around", "reads_as"),
    [
        ("655.58亿元", "level", "655580000", "CNY", NOWHERE, "65558000000 CNY"),
        ("655.58亿元", "level", "65558000000", "USD", NOWHERE, "65558000000 CNY"),
        ("236", "level", "236000000", "CNY", ("", "/333亿元。", ""), "236"),
        ("0.9倍", "change_rate", "0.9", "%", ("增长", "", ""), "90 %"),
        ("5.45个百分点", "change_amount", "5.45", "%", NOWHERE, "5.45 pp"),
        ("4.35元", "level", "4.35", "CNY/股", ("", "", "总价4.35元"), "4.35 CNY"),
        ("3个", "level", "3", "CNY", ("投入", "和5元。", ""), "3 个"),
    ],
)
def test_another_amount_or_unit_is_named(
    text: str, kind: str, stored: str, unit: str, around: tuple[str, str, str], reads_as: str
) -> None:
    assert disagreement(text, kind, (Decimal(stored),), unit, around) == reads_as


@given(st.decimals(min_value=0, max_value=10**8, places=2), st.sampled_from(["", "万", "亿", "万亿"]))
def test_any_number_reads_as_itself_times_its_scale(number: Decimal, scale: str) -> None:
    factor = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale]
    assert read_number(f"{number}{scale}") == number * factor
    assert read_number(f"{number:,}{scale}") == number * factor


@given(st.text("0123456789.,%-+至到、亿万元半点十百一二下降增长分别 ", max_size=120))
def test_no_text_makes_it_slow_or_raise(text: str) -> None:
    """Hypothesis fails an example that takes more than 200 ms."""
    disagreement(text, "level", (Decimal(1),), "CNY", (text, text, text))
