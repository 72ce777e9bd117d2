"""Every rule of roles.toml gives its role in its example and not in its near miss; mere words stay out."""

import re
from datetime import date
from typing import Any

import pytest

from models.values import Number
from models.vocabulary import Role
from tasks.engine import read_text
from tasks.engine.grammar.roles import in_word
from tasks.engine.lexicon import read_toml

PUBLISHED = date(2022, 1, 10)
MARKED = re.compile(r"(.*)⟨(.+)⟩(.*)", re.DOTALL)
RULES: list[dict[str, Any]] = read_toml("roles.toml")["rule"]


def marked(text: str) -> tuple[str, int, int]:
    """Give a text without its marks, and where the marked number stands."""
    match = MARKED.fullmatch(text)
    assert match is not None, text
    return "".join(match.groups()), match.start(2) - 1, match.end(2) - 1


def number_at(text: str, start: int) -> Number | None:
    """Give the number of the ledger that holds a place of the text."""
    return next((n for n in read_text(text, PUBLISHED).numbers if n.start <= start < n.end), None)


def expected(rule: dict[str, Any]) -> Role:
    return Role.FIGURE if rule["role"] == "quantity" else Role(rule["role"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_the_example_has_the_role(rule: dict[str, Any]) -> None:
    text, start, end = marked(rule["example"])
    number = number_at(text, start)
    assert number is not None
    assert (number.role, number.reason) == (expected(rule), rule.get("reason"))
    assert number.start <= start
    assert end <= number.end


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_the_near_miss_has_another(rule: dict[str, Any]) -> None:
    text, start, _ = marked(rule["near_miss"])
    number = number_at(text, start)
    assert number is None or (number.role, number.reason) != (expected(rule), rule.get("reason"))


def test_names_of_rules_are_unique() -> None:
    names = [rule["name"] for rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text",
    ["盈利能力进一步增强", "百度发布新模型", "零部件供应紧张", "股价一度涨停", "三国志手游上线", "两家公司一起发布"],
)
def test_a_numeral_within_a_word_counts_nothing(text: str) -> None:
    inside = {"进一步", "百度", "零部", "一度", "三国志", "一起"}
    numbers = read_text(text, PUBLISHED).numbers
    assert not [n for n in numbers if any(n.text in word and word in text for word in inside)]


def test_in_word_tells_a_word_from_a_number() -> None:
    assert in_word("盈利能力进一步增强", 5, 7)
    assert not in_word("上市公司新增一家", 6, 8)


@pytest.mark.parametrize(
    ("text", "number", "role", "reason"),
    [
        ("2022年第1号公告", "1", Role.ORDINAL, None),
        ("营收655.58.1亿元", "655.58.1亿元", Role.MALFORMED, "more than one decimal point in a number"),
        ("占比84.32%%", "84.32%%", Role.MALFORMED, "more than one percent sign"),
        ("营收1,23,4.5万元", "1,23,4.5万元", Role.MALFORMED, "digit groups that are not of three digits"),
        ("新增78,3130例", "78,3130例", Role.MALFORMED, "digit groups that are not of three digits"),
        ("净利润-亿元", "-亿元", Role.MALFORMED, "a scale and a unit without a number"),
        ("2022年13月营收5亿元", "2022年13月", Role.MALFORMED, "a date that does not exist"),
        ("详见www.a1.example", "www.a1.example", Role.NAME, None),
        ("共有三十家企业", "三十家", Role.FIGURE, None),
        ("三大股指集体收涨", None, None, None),
        ("中国与中亚五国建交", "五国", Role.IDIOM, None),
        ("今年一季度营收增长", "今年一季度", Role.DATE, None),
        ("双方股比为50:50", "50:50", Role.SCORE, None),
        ("三分之一，即1/3的税收", "1/3", Role.UNREAD, "a fraction"),
    ],
)
def test_one_number_one_role(text: str, number: str | None, role: Role | None, reason: str | None) -> None:
    found = {n.text: (n.role, n.reason) for n in read_text(text, PUBLISHED).numbers}
    if number is None:
        assert found == {}
    else:
        assert found[number] == (role, reason)


def test_reasons_are_given_where_they_are_owed_and_are_short() -> None:
    text = "营收655.58.1亿元，公司拟10派5元，1/3的税收，新增167死亡病例，数百家企业"
    for number in read_text(text, PUBLISHED).numbers:
        if number.role in {Role.UNREAD, Role.MALFORMED}:
            assert number.reason
            assert len(number.reason.split()) <= 10
