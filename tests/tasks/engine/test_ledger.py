"""The ledger tiles: each digit run in exactly one number, none over another, figures the same as figures."""

import re
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values import Reading
from models.vocabulary import Role
from tasks.engine import read_text

PUBLISHED = date(2022, 1, 10)
DIGITS = re.compile(r"[0-9０-９]+")
CIRCLED = re.compile(r"[①-⑳]")
# A numeral in words before a measure word or a scale of comparison; words such as 进一步 have none of these.
SPOKEN = re.compile(
    r"[二两三四五六七八九]十?(?:家|倍|成(?![立为长交])|万元|亿元)|百分之[一二三四五六七八九]|翻[一两三]番"
)

PIECES = (
    "公司一季度实现营收655.58亿元，同比增长84.32%。",
    "至2017年9月30日，累计持有3,480万股",
    "（不含增值税5至6亿元）",
    "标普500指数跌0.5%，报4,300.1点；",
    "“23甲乙05”付息，图-154客机",
    "①新增31例②治愈12例",
    "由5.54亿元降至1.57亿元",
    "甲乙股份(601999)称，",
    "9月1日10:30至11：45",
    "百分之五，约三成，翻两番，",
    "双方股比50:50，1/3的税收",
    "净利润-亿元，1,23,4.5万元，84.32%%",
    "A、B分别涨5%、6%和7%",
    "五年期LPR，10派5元，3+6体系",
    "35岁，第17名，前10强，进一步",
    "https://example.cn/a1?b=2",
    "\n1、营收；2）利润\n",
    "２０２１年第１季度，增长３．５％",
    "Model 3、iPhone 9 Pro，5G，CAC40",
    "0.6.0.66版本，2022年13月",
    "甲市十届人大四次会议，八千万元，",
)


def faults(text: str, reading: Reading) -> list[str]:
    """Give what is wrong with the ledger of a text; nothing in a good one."""
    found, numbers = [], reading.numbers
    if any(left.end > right.start for left, right in pairwise(numbers)):
        found.append("numbers overlap or are out of order")
    found += [f"text of {n}" for n in numbers if text[n.start : n.end] != n.text or not n.text]
    figures = [(f.start, f.end) for f in reading.figures]
    if figures != [(n.start, n.end) for n in numbers if n.role is Role.FIGURE]:
        found.append("figures differ from the ledger's")
    for pattern in (DIGITS, CIRCLED, SPOKEN):
        for match in pattern.finditer(text):
            holders = [n for n in numbers if n.start < match.end() and match.start() < n.end]
            whole = len(holders) == 1 and holders[0].start <= match.start() and match.end() <= holders[0].end
            if not whole and (pattern is not SPOKEN or not holders):
                found.append(f"{match.group()} at {match.start()} is in {[h.text for h in holders]}")
    found += [f"no reason for {n}" for n in numbers if n.role in {Role.UNREAD, Role.MALFORMED} and not n.reason]
    return found


@pytest.mark.parametrize("text", PIECES)
def test_a_piece_tiles(text: str) -> None:
    assert faults(text, read_text(text, PUBLISHED)) == []


def test_the_checker_sees_what_is_missing() -> None:
    reading = read_text("营收5亿元，利润6亿元", PUBLISHED)
    assert faults("营收5亿元，利润6亿元", reading) == []
    assert faults("营收5亿元，利润6亿元", Reading(reading.figures, reading.numbers[:1]))
    assert faults("营收5亿元，利润6亿元", Reading((), reading.numbers))
    assert faults("营收5亿元，利润6亿元", Reading(reading.figures, reading.numbers[::-1]))


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
@settings(max_examples=150, deadline=None)
def test_shuffled_sentences_tile(text: str) -> None:
    assert faults(text, read_text(text, PUBLISHED)) == []


def cut(pieces: list[tuple[str, int, int]]) -> str:
    return "".join(piece[start : start + size] for piece, start, size in pieces)


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 12), st.integers(1, 9)), max_size=12).map(cut))
@settings(max_examples=300, deadline=None)
def test_shreds_of_sentences_tile(text: str) -> None:
    digits_only = [fault for fault in faults(text, read_text(text, PUBLISHED)) if not SPOKEN.match(fault)]
    assert digits_only == []


ALPHABET = (
    "0123456789０５.,，、:：-—~至到%％+*/()（）“”《》年月日时岁期第前约万亿千百十一二两三个家元点成倍番分之涨跌报"
    " \n\x00\u202e①ABx°"
)


@given(st.text(st.sampled_from(ALPHABET), max_size=40))
@settings(max_examples=500, deadline=None)
def test_a_jumble_of_number_characters_tiles(text: str) -> None:
    assert [fault for fault in faults(text, read_text(text, PUBLISHED)) if not SPOKEN.match(fault)] == []


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_tiles(text: str) -> None:
    assert faults(text, read_text(text, PUBLISHED)) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 50,
        "\ud800营收5亿元\udfff",
        "\u202e营收5%\u202c",
        "😀营收5%😀",
        "",
        " ",
        "٣٤%",
        "1" * 60 + "亿元",
        "①" * 9,
    ],
)
def test_odd_characters_do_no_harm(text: str) -> None:
    assert faults(text, read_text(text, PUBLISHED)) == []


SIZE = 1_000_000
LONG = {
    "digits": "1" * SIZE,
    "commas": "," * SIZE,
    "wide commas": "，" * SIZE,
    "nested brackets": "(" * (SIZE // 2) + ")" * (SIZE // 2),
    "one open bracket": "（" * SIZE,
    "letters": "a" * SIZE,
    "numerals": "一" * SIZE,
    "points": "1." * (SIZE // 2),
    "NULs": "\x00" * SIZE,
    "one endless sentence": "公司的业务进展顺利而且管理团队稳定" * (SIZE // 17),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_a_megabyte_is_read_in_time_that_grows_with_its_length(name: str) -> None:
    text = LONG[name]
    read_text("营收5%", PUBLISHED)
    begin = time.process_time()
    read_text(text[: SIZE // 8], PUBLISHED)
    eighth = time.process_time() - begin
    begin = time.process_time()
    read_text(text, PUBLISHED)
    whole = time.process_time() - begin
    assert whole < max(2.0, 16 * eighth), f"{whole:.1f} s, an eighth of it takes {eighth:.2f} s"


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_takes_no_time(name: str) -> None:
    begin = time.process_time()
    read_text(LONG[name][:20_000], PUBLISHED)
    assert time.process_time() - begin < 1.5


def test_many_numbers_in_one_clause_stay_linear() -> None:
    begin = time.process_time()
    assert len(read_text("营收5%和" * 2000, PUBLISHED).numbers) == 2000
    assert time.process_time() - begin < 4


def test_a_long_row_of_numbers_is_one_unread_number_and_its_neighbours_are_read() -> None:
    row = "12.5, " * 250
    reading = read_text(f"营收3亿元，{row}利润2亿元。", PUBLISHED)
    assert [(figure.text, figure.metric) for figure in reading.figures] == [("3亿元", "营收"), ("2亿元", "利润")]
    [unread] = [number for number in reading.numbers if number.role is Role.UNREAD and "row" in (number.reason or "")]
    assert (unread.start, unread.text) == (6, row[: unread.end - unread.start])
    assert len(reading.numbers) <= 4


def test_a_row_that_is_not_long_is_read_number_by_number() -> None:
    reading = read_text("12.5, " * 100, PUBLISHED)
    assert len(reading.numbers) == 100
