"""The words of the grammar and of labels, and the units: every example is true, every near miss is one."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tasks.engine import read_text
from tasks.engine.fold import fold
from tasks.engine.grammar.heads import is_modifier, tail
from tasks.engine.grammar.names import after_pronoun, is_name, is_pronoun
from tasks.engine.grammar.numerals import SCALE_CHARACTERS
from tasks.engine.grammar.quantities import Quantity, scan
from tasks.engine.grammar.tokens import Token, tokenize
from tasks.engine.lexicon import lexicon, read_toml, word_groups

PUBLISHED = date(2022, 4, 18)
MARKED = re.compile(r"(.*)⟨(.+)⟩(.*)")
GROUPS = {group: entry for name in ("words.toml", "labels.toml") for group, entry in read_toml(name).items()}
# Groups whose words make no tokens: functions that look at a run of nouns use them, and `noise` only guards.
ASKED = {"metric_modifiers", "subject_ends", "pronoun", "analysts", "no_heads", "noise"}
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


def test_an_analyst_speaks_of_others_and_a_bank_of_itself() -> None:
    text, _, analyst = marked(GROUPS["analysts"]["example"])
    assert analyst in word_groups()["analysts"]
    assert [analyst in (figure.subject or "") for figure in read_text(text, PUBLISHED).figures] == [False]
    near_miss = GROUPS["analysts"]["near_miss"]
    assert [figure.subject for figure in read_text(near_miss, PUBLISHED).figures] == ["高盛集团"]


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
def test_every_word_can_be_found_where_no_time_is_read(group: str) -> None:
    frames = ("{}5亿元", "{}增长5%", "{}，营收5亿元")
    dead = [word for word in word_groups()[group] if not any(_found(group, word, frame) for frame in frames)]
    assert dead == []


def _found(group: str, word: str, frame: str) -> bool:
    at_start = [token for token in tokens(frame.format(word)) if token.start == 0]
    return any(t.kind == "time" or (t.end == len(word) and group in t.groups) for t in at_start)


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


# A unit word in a sentence in which the character behind it takes it away.
NO_UNIT = [
    ("本", "计划投资3541万元2.3本项目建设期三年"),
    ("升", "制造业PMI由5.2升至6.1"),
    ("人", "得分9.5人民币汇率走稳"),
    ("点", "得分9.5点击量回落"),
    ("部", "计划投资2.4部分设备已到货"),
    ("名", "由3.2名义增速换算"),
    ("位", "得分88位于第二组"),
    ("条", "得分70条件不变"),
    ("所", "得分70所有指标合格"),
    ("次", "评级2.5次级债"),
    ("度", "约2.5度假区"),
    ("票", "得分7.5票据利率走低"),
    ("股", "得分7.5股东增持"),
    ("家", "得分7.5家庭消费回暖"),
    ("起", "得分7.5起初"),
    ("公里", "约2.5公里数"),
]


@pytest.mark.parametrize(("word", "text"), NO_UNIT)
def test_a_unit_word_is_no_unit_before_a_character_that_takes_it(word: str, text: str) -> None:
    assert word in text
    assert word not in {quantity.unit for quantity in scan(text).quantities}


@pytest.mark.parametrize("word", [word for word, stops in UNITS["not_before"].items() if stops])
def test_the_whole_table_of_such_characters_holds(word: str) -> None:
    stops = UNITS["not_before"][word].replace("0-9", "09")
    taken = [stop for stop in stops for q in scan(f"约2.5{word}{stop}").quantities if q.end == 4 + len(word)]
    assert taken == []
    assert [q.unit for q in scan(f"约2.5{word}，").quantities] == [lexicon().units[word].code]


def test_every_unit_reads_as_its_code() -> None:
    """A unit that begins with a scale (百万英热) is read as that scale and its unit."""
    units = {word: unit for word, unit in lexicon().units.items() if word[0] not in SCALE_CHARACTERS}
    found = {word: [(q.low, q.unit) for q in scan(f"约7.5{word}，").quantities] for word in units}
    assert found == {word: [(unit.factor * 75 / 10, unit.code)] for word, unit in units.items()}
