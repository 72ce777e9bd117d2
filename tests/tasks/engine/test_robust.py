"""Any text at all: the engine never raises, its figures are well formed, and its time grows with the text alone."""

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values import Figure, Number, Reading
from models.vocabulary import Bound, Kind, Role
from tasks.engine import explain, read_text
from tests.tasks.engine.sentences import SENTENCES

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
SIGNS = (
    "0123456789０１,.，。、；：-—~至到%％个点基倍成亿万千百元美股吨家例约超"
    "同比环增长下降跌涨年月日季度（）()【】/\n 一二三两半"
)
PIECES = sorted({piece for sentence in SENTENCES for piece in sentence.text.replace("，", "，|").split("|") if piece})
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet=SIGNS, max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(alphabet=SIGNS, max_size=6)), max_size=8).map("".join),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS, DAYS)
def test_every_reading_is_well_formed(text: str, published: date) -> None:
    reading = read_text(text, published)
    for figure in reading.figures:
        check_figure(figure, text)
    spans = [(figure.start, figure.end) for figure in reading.figures]
    assert spans == sorted(spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    check_ledger(reading, text)


def check_figure(figure: Figure, text: str) -> None:
    assert figure.text == text[figure.start : figure.end] != ""
    assert (figure.value is None) == (figure.low is not None) == (figure.high is not None)
    assert (figure.bound is Bound.RANGE) == (figure.value is None)
    if figure.low is not None and figure.high is not None:
        assert figure.low <= figure.high
    assert figure.kind is not Kind.LEVEL or figure.basis is None
    assert figure.unit
    assert figure.period is None or figure.period.start <= figure.period.end
    assert figure.metric != ""
    assert figure.subject != ""


def check_ledger(reading: Reading, text: str) -> None:
    assert all(number.text == text[number.start : number.end] for number in reading.numbers)
    told = [(number.start, number.end) for number in reading.numbers if number.role is Role.FIGURE]
    assert told == [(figure.start, figure.end) for figure in reading.figures]
    assert not [number for number in reading.numbers if unexplained(number)]


def unexplained(number: Number) -> bool:
    return number.role in {Role.UNREAD, Role.MALFORMED} and not number.reason


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TEXTS, DAYS)
def test_the_same_text_reads_the_same_twice(text: str, published: date) -> None:
    assert read_text(text, published) == read_text(text, published)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TEXTS, DAYS)
def test_every_reading_can_be_explained(text: str, published: date) -> None:
    assert explain(text, published).reading == read_text(text, published)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TEXTS, TEXTS, DAYS)
def test_a_text_behind_a_leading_paragraph_is_read_too(lead: str, text: str, published: date) -> None:
    whole = f"{lead}\n\n{text}"
    for figure in read_text(whole, published).figures:
        check_figure(figure, whole)


def test_the_day_of_publication_alone_is_the_anchor() -> None:
    text = "青禾物流今年一季度营收3.26亿元。"
    periods = [read_text(text, date(year, 4, 18)).figures[0].period for year in (2019, 2022, 2031)]
    assert [(period.start, period.end) for period in periods if period] == [
        (date(year, 1, 1), date(year, 3, 31)) for year in (2019, 2022, 2031)
    ]


@pytest.mark.parametrize("sentence", SENTENCES[::6], ids=lambda sentence: sentence.name)
def test_a_reading_shifts_with_its_text(sentence: object) -> None:
    """A paragraph without figures and names moves the offsets and nothing else."""
    assert isinstance(sentence, type(SENTENCES[0]))
    alone = read_text(sentence.text, sentence.published).figures
    behind = read_text("…" * 7 + "\n" + sentence.text, sentence.published).figures
    assert [(figure.start + 8, figure.text) for figure in alone] == [(figure.start, figure.text) for figure in behind]


ODD = [
    "",
    "\x00" * 50,
    "\ud800亿元",
    "\u202e5亿元\u202c",
    "营收5亿元🚀增长8%",
    "\ufeff营收5亿元",
    "5" * 400 + "元",
    "第" * 300,
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_characters_do_no_harm(text: str) -> None:
    for figure in read_text(text, date(2022, 4, 18)).figures:
        check_figure(figure, text)


SIZE = 200_000  # bytes of UTF-8; a Chinese character takes three
LONG = {
    "digits": ("", "1234567890", ""),
    "dots": ("", "1.", ""),
    "numerals": ("", "一二三亿", ""),
    "letters": ("", "a1", ""),
    "blanks": ("", " ", "5亿元"),
    "brackets that open": ("", "（", "5亿元"),
    "brackets that close": ("5亿元", "）", ""),
    "one sentence": ("", "营收5亿元同比增长8%", ""),
    "clauses": ("", "营收5亿元，同比增长8%，", ""),
    "sentences": ("", "青禾物流一季度营收5亿元，同比增长8%。", ""),
    "nouns": ("", "青禾物流营业收入", "5亿元"),
    "names in order": ("", "青禾物流、", "分别涨1%"),
    "topics": ("", "营收：", "5亿元"),
    "times": ("", "2021年一季度5亿元", ""),
}


@pytest.mark.parametrize("name", LONG)
def test_the_time_grows_no_faster_than_the_text(name: str) -> None:
    """Four times the text may take ten times as long on a busy machine, where a square would take sixteen."""
    lead, piece, tail = LONG[name]
    spent = [seconds(lead + piece * (size // len(piece.encode())) + tail) for size in (SIZE // 4, SIZE)]
    assert spent[1] < max(1.5, 10 * spent[0])


def seconds(text: str) -> float:
    read_text("营收5亿元", date(2022, 4, 18))
    begun = time.process_time()
    read_text(text, date(2022, 4, 18))
    return time.process_time() - begun


def test_a_year_of_days_reads_one_sentence_without_fail() -> None:
    first = date(2024, 1, 1)
    for day in range(0, 366, 5):
        published = first + timedelta(days=day)
        figures = read_text("上月，青禾物流营收5亿元，同比增长8%，环比下降2%。", published).figures
        period = figures[0].period
        assert period is not None
        assert period.end + timedelta(days=1) == published.replace(day=1)
