"""The words of the grammar and of labels, and the units: every example is true, every near miss is one."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tasks.engine.fold import fold
from tasks.engine.grammar.heads import is_modifier, tail
from tasks.engine.grammar.names import after_pronoun, is_name, is_pronoun
from tasks.engine.grammar.quantities import Quantity, scan
from tasks.engine.grammar.tokens import Token, tokenize
from tasks.engine.lexicon import lexicon, read_toml, word_groups

PUBLISHED = date(2022, 4, 18)
MARKED = re.compile(r"(.*)⟨(.+)⟩(.*)")
GROUPS = {group: entry for name in ("words.toml", "labels.toml") for group, entry in read_toml(name).items()}
# Groups whose words make no tokens: functions that look at a run of nouns use them, and `noise` only guards.
ASKED = {"metric_modifiers", "subject_ends", "pronoun", "no_heads", "noise"}
SPOKEN = [group for group in GROUPS if group not in ASKED]
UNITS: dict[str, Any] = read_toml("units.toml")
UNIT_GROUPS = ("money", "ratio", "measure", "latin", "per")
DIMENSIONS = {"ratio": {"%", "pp", "bp", "x", "点"}, "latin": {"measure"}}


def tokens(text: str) -> list[Token]:
    return [token for clause in tokenize(fold(text), PUBLISHED).clauses for token in clause.tokens]


def marked(example: str) -> tuple[str, int, str]:
    """Give the text without the marks, where the marked word begins, and that word."""
    match = MARKED.fullmatch(example)
    assert match is not None, f"no word is marked in {example}"
    return "".join(match.groups()), len(match[1]), match[2]


@pytest.mark.parametrize("group", SPOKEN)
def test_the_token_pass_gives_the_marked_word_its_group(group: str) -> None:
    text, start, word = marked(GROUPS[group]["example"])
    assert word in word_groups()[group]
    assert [text[t.start : t.end] for t in tokens(text) if t.start == start and group in t.groups] == [word]


@pytest.mark.parametrize("group", SPOKEN)
def test_a_near_miss_holds_a_word_that_the_token_pass_does_not_take(group: str) -> None:
    text = GROUPS[group]["near_miss"]
    assert [word for word in word_groups()[group] if word in text]
    found = tokens(text)
    assert [t for t in found if t.kind == "quantity"], "a text without a quantity makes no tokens at all"
    assert [text[t.start : t.end] for t in found if group in t.groups] == []


def test_a_modifier_belongs_to_the_measure_behind_it_and_stands_for_none_alone() -> None:
    text, start, word = marked(GROUPS["metric_modifiers"]["example"])
    assert tail(text) == start
    assert is_modifier(word)
    near_miss = GROUPS["metric_modifiers"]["near_miss"]
    assert near_miss[tail(near_miss) :] == "收入"


def test_a_subject_end_makes_a_name_only_at_the_end() -> None:
    text, _, word = marked(GROUPS["subject_ends"]["example"])
    assert text.endswith(word)
    assert is_name(text)
    assert not is_name(GROUPS["subject_ends"]["near_miss"])


def test_a_pronoun_stands_alone_or_leads_a_measure() -> None:
    text, start, word = marked(GROUPS["pronoun"]["example"])
    assert is_pronoun(word)
    assert after_pronoun(text) == text[start + len(word) :]
    assert after_pronoun(GROUPS["pronoun"]["near_miss"]) is None


def test_a_common_word_of_the_catalogue_begins_no_measure() -> None:
    text, start, word = marked(GROUPS["no_heads"]["example"])
    assert text[start:] == word
    assert tail(text) == -1
    assert tail(GROUPS["no_heads"]["near_miss"]) == 0


def test_noise_keeps_shorter_words_from_being_found_inside_it() -> None:
    text, start, word = marked(GROUPS["noise"]["example"])
    words = lexicon()
    assert [words.words[index] for index, at, _ in words.find(text) if at == start] == [word]
    assert [token for token in tokens(text) if start <= token.start < start + len(word)] == []
    near_miss = GROUPS["noise"]["near_miss"]
    found = {words.words[index] for index, _, _ in words.find(near_miss)}
    assert [word for word in word_groups()["noise"] if word in near_miss]
    assert found & word_groups()["noise"] == set()


@pytest.mark.parametrize("group", GROUPS)
def test_no_word_stands_twice_in_a_group(group: str) -> None:
    counts = Counter([*GROUPS[group]["words"].split(), *GROUPS[group].get("phrases", [])])
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_group_takes_out_stands_in_it(group: str) -> None:
    assert set(GROUPS[group].get("not_words", "").split()) <= set(GROUPS[group]["words"].split())


@pytest.mark.parametrize("group", sorted(set(SPOKEN) - {"metric_heads"}))
def test_every_word_can_be_found(group: str) -> None:
    frames = ("{}5亿元", "{}增长5%", "{}，营收5亿元")
    dead = [word for word in word_groups()[group] if not any(_found(group, word, frame) for frame in frames)]
    assert dead == []


def _found(group: str, word: str, frame: str) -> bool:
    return any(t.start == 0 and t.end == len(word) and group in t.groups for t in tokens(frame.format(word)))


def test_every_head_is_a_measure_where_it_ends_a_label() -> None:
    assert [head for head in word_groups()["metric_heads"] if tail(f"青禾物流{head}") not in range(5)] == []


@pytest.mark.parametrize("group", UNIT_GROUPS)
def test_the_example_of_units_reads_as_it_says(group: str) -> None:
    example = UNITS[group]["example"]
    assert [reading(quantity) for quantity in scan(fold(example["text"])).quantities] == [example["reads"]]


@pytest.mark.parametrize("group", UNIT_GROUPS)
def test_the_near_miss_of_units_has_no_such_unit(group: str) -> None:
    dimensions = DIMENSIONS.get(group, {group})
    assert [q for q in scan(fold(UNITS[group]["near_miss"])).quantities if q.dimension in dimensions] == []


def reading(quantity: Quantity) -> str:
    return f"{quantity.low.normalize():f} {quantity.unit}"


def test_no_unit_stands_twice() -> None:
    words = [entry["word"] for group in ("money", "ratio") for entry in UNITS[group]["words"]]
    words += UNITS["measure"]["words"].split()
    assert [word for word, count in Counter(words).items() if count > 1] == []


# A unit word, and a sentence in which the character behind it takes it away.
NO_UNIT = [
    ("本", "计划投资3541万元2.3本项目建设期三年"),
    ("升", "制造业PMI由5.2升至6.1"),
    ("人", "得分9.5人民币汇率走稳"),
    ("点", "截至7点位不变"),
    ("部", "投资2.4部分设备已到货"),
    ("名", "得分3.2名义增速回落"),
    ("位", "得分88位于第二组"),
    ("条", "得分70条件不变"),
    ("处", "得分70处理完毕"),
    ("所", "得分70所有指标合格"),
    ("场", "比分3.5场均不变"),
    ("种", "约2.5种植户"),
    ("类", "约2.5类型不变"),
    ("户", "约2.5户均不变"),
    ("次", "约2.5次级债"),
    ("级", "约2.5级别不变"),
    ("度", "约2.5度假区"),
    ("道", "约2.5道路"),
    ("节", "约2.5节能"),
    ("片", "约2.5片区"),
    ("组", "约2.5组织"),
    ("队", "约2.5队伍"),
    ("台", "约2.5台湾同胞"),
    ("口", "约2.5口径"),
    ("票", "约2.5票据"),
    ("板", "约2.5板块"),
    ("国", "约2.5国内"),
    ("省", "约2.5省级"),
    ("村", "约2.5村民"),
    ("双", "约2.5双方"),
    ("对", "约2.5对应"),
    ("副", "约2.5副总"),
    ("门", "约2.5门店"),
    ("手", "约2.5手续"),
    ("头", "约2.5头部"),
    ("尾", "约2.5尾盘"),
    ("员", "约2.5员工"),
    ("克", "约2.5克服"),
    ("席", "约2.5席位"),
    ("家", "约2.5家庭"),
    ("只", "约2.5只有"),
    ("倍", "约2.5倍率"),
    ("厂", "约2.5厂商"),
    ("店", "约2.5店铺"),
    ("首", "约2.5首次"),
    ("轮", "约2.5轮胎"),
    ("起", "约2.5起初"),
    ("单", "约2.5单价"),
    ("份", "约2.5份额"),
    ("股", "约2.5股东"),
    ("列", "约2.5列入"),
    ("层", "约2.5层面"),
    ("声", "约2.5声明"),
    ("步", "约2.5步入"),
    ("宗", "约2.5宗商品"),
    ("包", "约2.5包括"),
    ("通", "约2.5通过"),
    ("床", "约2.5床位"),
    ("刀", "约2.5刀片"),
    ("公里", "约2.5公里数"),
    ("件", "约2.5件"),
]


@pytest.mark.parametrize(("word", "text"), NO_UNIT[:-1])
def test_a_unit_word_is_no_unit_before_the_characters_that_take_it(word: str, text: str) -> None:
    assert word in UNITS["not_before"]
    position = text.index(word)
    assert not [q for q in scan(text).quantities if q.end == position + len(word) and q.unit == word]
    assert [q.unit for q in scan(f"约2.5{word}，").quantities if q.unit is not None] == [lexicon().units[word].code]


def test_every_guarded_unit_has_its_sentence() -> None:
    guarded = {word for word, stops in UNITS["not_before"].items() if stops}
    assert guarded <= {word for word, _ in NO_UNIT}


def test_every_unit_reads_as_its_code() -> None:
    wrong = []
    for word, unit in lexicon().units.items():
        found = scan(f"约7.5{word}，").quantities
        if [(q.low, q.unit) for q in found] != [(unit.factor * 75 / 10, unit.code)]:
            wrong.append(word)
    assert wrong == []
