"""Folding: one character for one, so that an offset in the folded text is an offset in the article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.fold import fold


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("３．２６亿元", "3.26亿元"),
        ("＋１２％", "+12%"),
        ("ＧＤＰ", "GDP"),
        ("－5–6−7‐8﹣9", "-5-6-7-8-9"),
        ("5〜6∼7～8", "5~6~7~8"),
        ("12﹪", "12%"),
        ("5\u00a0亿\u3000元", "5 亿 元"),
        ("22∶37", "22:37"),
    ],
)
def test_wide_signs_take_their_plain_form(written: str, plain: str) -> None:
    assert fold(written) == plain


def test_chinese_punctuation_keeps_its_form_because_it_ends_clauses() -> None:
    assert fold("营收，（增）：；！？。、") == "营收，（增）：；！？。、"


def test_what_nfkc_would_change_into_something_else_stays() -> None:
    assert fold("①½㎡㈱") == "①½㎡㈱"


@given(st.text())
def test_folding_keeps_the_length_and_folds_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
