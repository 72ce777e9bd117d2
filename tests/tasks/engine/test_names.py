"""The names of the lexicon are clean data: one group each, no metric among them, examples that hold."""

import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind

from tasks.engine.lexicon import read_toml

GROUPS = (
    "companies",
    "institutions",
    "exchanges_and_indices",
    "places",
    "commodities",
    "currencies",
    "sectors",
    "products",
)
MARKED = re.compile(r"(.*)⟨(.+)⟩(.*)")
# Traded, and paid in.
SHARED_CURRENCIES = {"比特币", "菲律宾比索", "墨西哥比索", "阿根廷比索", "智利比索"}
SHARED_WITH_OTHER_LISTS = {"全国", "全球"} | SHARED_CURRENCIES


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return read_toml("names.toml")


def all_words(names: dict[str, Any]) -> list[str]:
    return [word for entry in names.values() for word in entry["words"].split()]


def found(names: dict[str, Any], text: str) -> list[tuple[str, str]]:
    """Give (group, name) of every name in the text, leftmost and longest, as the engine looks for them."""
    group_of = {word: group for group, entry in names.items() for word in entry["words"].split() + entry["phrases"]}
    words = list(group_of)
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
    return [(group_of[words[index]], words[index]) for index, _, _ in automaton.find_matches_as_indexes(text)]


def test_the_groups_are_those_that_the_engine_reads(names: dict[str, Any]) -> None:
    assert tuple(names) == (*GROUPS, "not_names")


@pytest.mark.parametrize("group", [*GROUPS, "not_names"])
def test_the_example_is_found_and_the_near_miss_is_not(names: dict[str, Any], group: str) -> None:
    match = MARKED.fullmatch(names[group]["example"])
    assert match is not None
    assert (group, match[2]) in found(names, "".join(match.groups()))
    assert names[group]["near_miss"]
    assert group not in {hit for hit, _ in found(names, names[group]["near_miss"])}


def test_no_name_stands_twice(names: dict[str, Any]) -> None:
    counts = Counter(all_words(names) + [phrase for entry in names.values() for phrase in entry["phrases"]])
    assert [word for word, count in counts.items() if count > 1] == []


def test_every_name_is_nfc_and_at_least_two_characters(names: dict[str, Any]) -> None:
    words = all_words(names)
    assert len(words) > 4000
    assert [word for word in words if len(word) < 2 or unicodedata.normalize("NFC", word) != word] == []


def test_words_hold_no_odd_characters(names: dict[str, Any]) -> None:
    plain = re.compile(r"[\u4e00-\u9fffA-Za-z0-9*·&/+（）、—.-]+")
    assert [word for word in all_words(names) if not plain.fullmatch(word)] == []


def test_phrases_are_names_with_one_blank_between_their_parts(names: dict[str, Any]) -> None:
    phrases = [phrase for entry in names.values() for phrase in entry["phrases"]]
    assert "Lucid Group" in phrases
    assert [phrase for phrase in phrases if " " not in phrase or " ".join(phrase.split()) != phrase] == []


def test_no_name_is_a_metric_or_a_unit_of_money(names: dict[str, Any]) -> None:
    heads = set(read_toml("labels.toml")["metric_heads"]["words"].split())
    units = {entry["word"] for entry in read_toml("units.toml")["money"]["words"]}
    assert (set(all_words(names)) & (heads | units)) - SHARED_WITH_OTHER_LISTS == set()


@pytest.mark.parametrize(
    "garbage",
    [
        "港股圣诺医药",
        "同日",
        "盘中一度",
        "将特斯拉",
        "及中海外",
        "机构分析",
        "市场",
        "公司",
        "收入",
        "成交",
        "健康",
        "银行",
    ],
)
def test_garbage_of_the_candidate_lists_stayed_out(names: dict[str, Any], garbage: str) -> None:
    assert garbage not in all_words(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("美国航空航天局公布预算", [("institutions", "美国航空航天局")]),
        ("美国航空营收5亿美元", [("companies", "美国航空")]),
        ("中国建筑业增加值增长3%", [("sectors", "中国建筑业")]),
        ("中国建筑新签合同额5亿元", [("companies", "中国建筑")]),
        ("科技股涨2%", [("sectors", "科技股")]),
        ("某科技股份有限公司", [("not_names", "科技股份")]),
        ("Lucid Group跌4%", [("companies", "Lucid Group")]),
        ("10年期美债收益率", [("exchanges_and_indices", "10年期美债")]),
        ("长三角、朝阳区", [("places", "长三角"), ("places", "朝阳区")]),
        ("螺纹钢主力合约涨1%", [("commodities", "螺纹钢主力合约")]),
        ("美元兑日元报150", [("currencies", "美元兑日元")]),
    ],
)
def test_the_longest_name_wins(names: dict[str, Any], text: str, expected: list[tuple[str, str]]) -> None:
    assert found(names, text) == expected
