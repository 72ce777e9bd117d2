"""The lexicon: words as data (TOML), read once and compiled into one automaton and a few patterns."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from models.catalogue import metric_names

_SILENT = frozenset(
    """metric_modifiers subject_ends pronoun analysts no_heads noise not_names companies institutions
    exchanges_and_indices places commodities currencies sectors products""".split()
)
_FILES = ("words.toml", "labels.toml", "names.toml")


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A unit as it stands in text: 美分 is code USD, factor 0.01, dimension money."""

    code: str
    factor: Decimal
    dimension: str


@dataclass(frozen=True)
class Lexicon:
    """All words of the grammar: `automaton` finds them in a text, `groups` gives the groups of each.

    `spoken` gives them for the words that the reading of clauses asks for, and nothing for those that only name or
    guard (they keep shorter words from being found inside them). `latin` marks words that begin or end with a letter.
    """

    automaton: AhoCorasick
    words: tuple[str, ...]
    groups: tuple[frozenset[str], ...]
    spoken: tuple[frozenset[str], ...]
    latin: tuple[bool, ...]
    units: dict[str, UnitWord]
    per: tuple[str, ...]
    guarded: dict[str, str]
    quoted_in: dict[str, str]

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Give (word index, start, end) of every word, leftmost and longest first, without overlap."""
        return self.automaton.find_matches_as_indexes(text)

    @cache  # noqa: B019 - one lexicon lives as long as the process
    def group_words(self, group: str) -> frozenset[str]:
        """Give all words of one group."""
        return frozenset(word for word, groups in zip(self.words, self.groups, strict=True) if group in groups)


def read_toml(name: str) -> dict[str, Any]:
    """Give one TOML file of the lexicon as a dictionary."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def word_groups() -> dict[str, frozenset[str]]:
    """Give group name → its words, from the TOML files; the catalogue's names are heads of measures too."""
    groups: dict[str, frozenset[str]] = {}
    for name in _FILES:
        for group, entry in read_toml(name).items():
            words = frozenset(entry["words"].split()) | frozenset(entry.get("phrases", ()))
            groups[group] = words - frozenset(entry.get("not_words", "").split())
    groups["metric_heads"] |= metric_names() - groups["no_heads"]
    return groups


def _unit_words(table: dict[str, Any]) -> dict[str, UnitWord]:
    units = {}
    for dimension in ("money", "ratio"):
        for entry in table[dimension]["words"]:
            kind = entry["code"] if dimension == "ratio" else dimension
            units[entry["word"]] = UnitWord(entry["code"], Decimal(entry.get("factor", "1")), kind)
    for dimension in ("measure", "latin"):
        for word in table[dimension]["words"].split():
            units[word] = UnitWord(word, Decimal(1), "measure")
    return units


def _spoken(groups: frozenset[str]) -> frozenset[str]:
    return groups if groups - _SILENT else frozenset()


@cache
def lexicon() -> Lexicon:
    """Give the compiled lexicon; the first call reads the TOML files, later ones cost nothing."""
    by_word: dict[str, set[str]] = {}
    for group, words in word_groups().items():
        for word in words:
            by_word.setdefault(word, set()).add(group)
    ordered = tuple(sorted(by_word))
    table = read_toml("units.toml")
    return Lexicon(
        automaton=AhoCorasick(ordered, matchkind=MatchKind.LeftmostLongest),
        words=ordered,
        groups=tuple(frozenset(by_word[word]) for word in ordered),
        latin=tuple(word[0].isascii() or word[-1].isascii() for word in ordered),
        spoken=tuple(_spoken(frozenset(by_word[word])) for word in ordered),
        units=_unit_words(table),
        per=tuple(table["per"]["words"].split()),
        quoted_in=table["quoted_in"],
        guarded={word: stops for word, stops in table["not_before"].items() if stops},
    )


def alternation(words: list[str] | tuple[str, ...] | dict[str, Any]) -> str:
    """Give a pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
