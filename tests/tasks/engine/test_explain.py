"""Explanations: the words of each figure, where its names and its period stand, and why the rest are no figures."""

from datetime import date

import pytest

from models.vocabulary import Role
from tasks.engine import Explanation, explain

APRIL = date(2022, 4, 18)
TEXT = "青禾物流一季度营收5亿元，同比增长超8%。净利润1亿元，股票代码600519，较2020年下降。"


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    return explain(TEXT, APRIL)


def test_the_tokens_of_the_clause_have_the_groups_of_the_lexicon(explanation: Explanation) -> None:
    words = [(word.text, word.meaning) for word in explanation.traces[1].clause]
    assert words == [("同比", "basis_yoy"), ("增长", "rise"), ("超", "over"), ("8%", "quantity")]
    assert explanation.traces[1].chain == ("同比", "增长", "超")
    assert explanation.traces[1].rules == ("all inherited", "period quarter")


@pytest.mark.parametrize(
    ("place", "field", "words", "where"),
    [
        (0, "metric", "营收", "before the number"),
        (0, "subject", "青禾物流", "before the number"),
        (0, "period", "一季度", "before the number"),
        (1, "metric", "营收", "inherited from earlier in the sentence"),
        (1, "subject", "青禾物流", "inherited from earlier in the sentence"),
        (2, "metric", "净利润", "before the number"),
        (2, "subject", "青禾物流", "inherited from an earlier sentence"),
        (2, "period", "一季度", "inherited from an earlier sentence"),
    ],
)
def test_a_name_has_the_place_where_it_stands(
    explanation: Explanation, place: int, field: str, words: str, where: str
) -> None:
    origin = getattr(explanation.traces[place], field)
    assert (origin.text, origin.where) == (words, where)
    assert TEXT[origin.start : origin.end] == words


def test_what_stands_behind_its_number_is_said_to() -> None:
    [trace] = explain("25只可转债上涨。", APRIL).traces
    assert trace.subject is not None
    assert (trace.subject.text, trace.subject.where) == ("可转债", "behind the number")


def test_a_field_that_the_figure_does_not_have_has_no_origin() -> None:
    [trace] = explain("共计5亿元。", APRIL).traces
    assert (trace.metric, trace.subject, trace.period) == (None, None, None)


def test_each_other_number_says_why_it_is_no_figure(explanation: Explanation) -> None:
    why = {other.number.text: (other.number.role, other.why) for other in explanation.others}
    assert why == {
        "一季度": (Role.DATE, "says when: 2022-01-01 … 2022-03-31"),
        "600519": (Role.CODE, "is a code: of a security, a document, a telephone"),
        "2020年": (Role.DATE, "says when: 2020-01-01 … 2020-12-31, what something is compared with"),
    }


def test_a_date_that_does_not_exist_says_so() -> None:
    [other] = explain("2月30日发布", APRIL).others
    assert other.why == "is broken: a date that does not exist"


def test_full_width_names_are_found_too() -> None:
    [trace] = explain("ＡＢＣ公司营收５亿元。", APRIL).traces
    assert trace.metric is not None
    assert (trace.metric.start, trace.metric.end) == (5, 7)


def test_every_role_has_its_words() -> None:
    from tasks.engine.explain import SAYS

    assert set(SAYS) == set(Role) - {Role.FIGURE}
