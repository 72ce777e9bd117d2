import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import sentence_span

TEXT = "海峡重工营收5.32亿元。净利润1.5亿元，同比增长84.32%；环比持平！\n另有公司称：“增长3%。”后市如何？"


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("5.32亿元", "海峡重工营收5.32亿元。"),
        ("1.5亿元", "净利润1.5亿元，同比增长84.32%；环比持平！"),
        ("84.32%", "净利润1.5亿元，同比增长84.32%；环比持平！"),
        ("3%。", "另有公司称：“增长3%。”"),
        ("后市", "后市如何？"),
        ("5.32亿元。净利润", "海峡重工营收5.32亿元。净利润1.5亿元，同比增长84.32%；环比持平！"),
    ],
)
def test_the_sentence_around_a_quantity(quantity: str, sentence: str) -> None:
    start = TEXT.index(quantity)
    first, last = sentence_span(TEXT, start, start + len(quantity))
    assert TEXT[first:last] == sentence


def test_a_line_feed_ends_a_sentence_and_white_space_stays_outside() -> None:
    text = "第一季度\n　　营收5亿元 \n下一段"
    first, last = sentence_span(text, 9, 12)
    assert text[first:last] == "营收5亿元"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 100)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"no characters {start} to {end} in a text of 5"):
        sentence_span("营收5亿元", start, end)


@given(st.text("营收5.，。！？” \n", min_size=1, max_size=40), st.data())
def test_a_sentence_holds_its_span_and_gives_itself(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sentence_span(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)
    assert not set("。！？\n") & set(text[first:start].rstrip("。！？”"))
