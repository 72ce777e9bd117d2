"""Whole sentences: every figure with its value, unit, measure, subject, period, basis, bound and status."""

from datetime import date
from decimal import Decimal

import pytest

from models.values import Figure
from models.vocabulary import Bound, Role, Status
from tasks.engine import read_text
from tests.tasks.engine.sentences import SENTENCES, Sentence


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.name)
def test_a_sentence_reads_as_a_careful_reader_reads_it(sentence: Sentence) -> None:
    assert [line(figure) for figure in read_text(sentence.text, sentence.published).figures] == list(sentence.figures)


def test_there_are_enough_sentences_and_each_has_its_own_name() -> None:
    assert len({sentence.name for sentence in SENTENCES}) == len(SENTENCES) >= 60
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES)


def line(figure: Figure) -> str:
    """Write a figure as sentences.txt does."""
    of = f"{figure.subject or '-'}/{figure.metric or '-'}"
    parts = [f"{figure.text}: {figure.kind} {amount(figure)} {figure.unit}", of, period(figure)]
    parts += [figure.basis] if figure.basis else []
    parts += [figure.bound] if figure.bound is not Bound.EXACT else []
    parts += [figure.status] if figure.status is not Status.ACTUAL else []
    return "; ".join(parts)


def amount(figure: Figure) -> str:
    ends = [figure.value] if figure.value is not None else [figure.low, figure.high]
    return "…".join(f"{Decimal(end).normalize():f}" for end in ends if end is not None)


def period(figure: Figure) -> str:
    if figure.period is None:
        return "-"
    start, end = figure.period.start.isoformat(), figure.period.end.isoformat()
    return start if start == end else f"{start}..{end}"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("3月末，长陵银行、北溪银行、东江银行不良贷款率分别为1.40%和1.52%。", ["1.40%", "1.52%"]),
        ("螺纹钢、热卷主力合约分别涨1.2%、0.8%、0.5%。", ["1.2%", "0.8%", "0.5%"]),
    ],
)
def test_a_list_whose_lengths_differ_is_left_unread_with_the_reason(text: str, unread: list[str]) -> None:
    reading = read_text(text, date(2022, 4, 18))
    assert reading.figures == ()
    left = [number for number in reading.numbers if number.role is Role.UNREAD]
    assert [number.text for number in left] == unread
    assert all("differ" in (number.reason or "") for number in left)


def test_a_figure_names_the_rules_that_made_it() -> None:
    (figure,) = read_text("青禾物流一季度净利润同比大幅增长超5%。", date(2022, 4, 18)).figures
    assert figure.rules[:4] == ("同比", "大幅", "增长", "超")


def test_a_known_measure_and_body_get_their_ids() -> None:
    (figure,) = read_text("上海联交所一季度净利润5亿元。", date(2022, 4, 18)).figures
    assert (figure.metric_id is not None, figure.entity_id is not None) == (True, True)
