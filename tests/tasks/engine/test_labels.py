"""Labels: where in a run of nouns the measure begins, and which pieces are names."""

from datetime import date

import pytest

from tasks.engine.fold import fold
from tasks.engine.grammar import heads, labels
from tasks.engine.grammar.labels import Piece, pieces
from tasks.engine.grammar.names import (
    acting_name,
    after_pronoun,
    is_name,
    is_place,
    is_pronoun,
    leading_name,
    may_be_name,
    strip_code,
)
from tasks.engine.grammar.tokens import tokenize


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("青禾物流营业收入", "营业收入"),
        ("公司累计成交额", "累计成交额"),
        ("归属于上市公司股东的净利润", "归属于上市公司股东的净利润"),
        ("云岭电子调整后净利润", "调整后净利润"),
        ("长陵银行不良贷款率", "不良贷款率"),
        ("青禾物流(603999)营收", "营收"),
        ("青禾物流", ""),
    ],
)
def test_the_measure_ends_the_words_with_its_modifiers(words: str, measure: str) -> None:
    start = heads.tail(words)
    assert (words[start:] if start >= 0 else "") == measure


@pytest.mark.parametrize(
    ("words", "subject", "measure"),
    [
        ("上海联交所交易规模", "上海联交所", "交易规模"),
        ("北向资金净买入", "北向资金", "净买入"),
        ("特斯拉召回", "特斯拉", "召回"),
        ("北向资金净买入额", "北向资金", "净买入额"),
        ("公司持股比例", "公司", "持股比例"),
    ],
)
def test_a_label_is_cut_between_whom_and_what(words: str, subject: str, measure: str) -> None:
    cut = heads.cut(words)
    assert (words[:cut], words[cut:]) == (subject, measure)


@pytest.mark.parametrize("words", ["青禾物流", "沪指", "25只可转债", "北京时间"])
def test_words_without_a_measure_are_not_cut(words: str) -> None:
    assert heads.cut(words) == -1


def test_an_unknown_measure_is_told_by_its_ending_behind_a_name() -> None:
    assert heads.cut("上海联交所对标率") == len("上海联交所")


@pytest.mark.parametrize(
    ("words", "measure"),
    [("股权", "股权"), ("投资建设", "投资"), ("的价格", None), ("价格转让", "价格"), ("券商", None)],
)
def test_a_measure_may_stand_behind_its_number(words: str, measure: str | None) -> None:
    assert heads.behind(words) == measure


def found(text: str) -> list[Piece]:
    clause = tokenize(fold(text), date(2022, 4, 18)).clauses[0]
    last = clause.quantities[-1]
    return pieces(text, clause.start, last.start, [token for token in clause.tokens if token.end <= last.start])


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("青禾物流一季度营收5亿元", ["青禾物流", "营收"]),
        ("青禾物流实现营收5亿元", ["青禾物流", "营收"]),
        ("营收同比增长5%", ["营收"]),
        ("由青禾物流持股70%", ["青禾物流持股"]),
        ("累计5亿元", []),
    ],
)
def test_grammar_words_and_times_part_the_runs_of_nouns(text: str, runs: list[str]) -> None:
    assert [piece.text for piece in found(text)] == runs


def test_a_piece_knows_what_follows_it_and_what_leads_it_in() -> None:
    (first, second) = found("青禾物流实现营收5亿元")
    assert (first.after, second.after) == ("实现", "")
    assert (first.measured, second.measured) == (False, True)
    assert found("向云仓科技转让5%")[0].led


@pytest.mark.parametrize(
    ("words", "kept"),
    [("的营收", "营收"), ("和青禾物流", "青禾物流"), ("在岸人民币", "在岸人民币"), ("青禾物流将", "青禾物流")],
)
def test_particles_are_trimmed_but_not_what_belongs_to_a_noun(words: str, kept: str) -> None:
    start, end = labels.trimmed(words, 0, len(words))
    assert words[start:end] == kept


@pytest.mark.parametrize(
    "words", ["上海联交所", "青禾物流", "青禾物流(603999)", "浙江省", "Nvidia", "新能源汽车板块", "沪指"]
)
def test_names(words: str) -> None:
    assert is_name(words)
    assert may_be_name(words)


@pytest.mark.parametrize("words", ["认为市场走强", "这是"])
def test_sentences_are_no_names(words: str) -> None:
    assert not may_be_name(words)


def test_places() -> None:
    assert is_place("浙江")
    assert is_place("浦东新区")
    assert not is_place("青禾物流")


def test_pronouns() -> None:
    assert is_pronoun("该公司")
    assert not is_pronoun("青禾公司")
    assert after_pronoun("该公司营收") == "营收"
    assert after_pronoun("公司债余额") is None


def test_who_leads_and_who_acts() -> None:
    assert leading_name("特斯拉因前备箱问题") == "特斯拉"
    assert leading_name("特斯拉概念股走强") == ""
    assert acting_name("青禾冷链物流有限公司发布年报") == "青禾冷链物流有限公司"
    assert acting_name("市场走强") == ""


@pytest.mark.parametrize(
    ("words", "name"), [("青禾物流(603999)", "青禾物流"), ("青禾物流（QHWL.O）", "青禾物流"), ("青禾物流", "青禾物流")]
)
def test_a_code_in_brackets_is_taken_off_a_name(words: str, name: str) -> None:
    assert strip_code(words) == name
