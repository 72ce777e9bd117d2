"""The forms of times.toml, compiled: one scan that finds them all, one exact pattern to read each with."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_FRAGMENT = re.compile(r"\{([a-z]\w*)\}")
_LOOKAROUND = ("(?=", "(?<=")

# What must not stand before a number for it to begin an expression: the rest of a longer number.
_NOT_BEFORE = {
    "year": r"(?<![0-9])(?<![0-9][.,:])",
    "digit": r"(?<![0-9])(?<![0-9][.,:])",
    "numeral": r"(?<![第0-9半一二两三四五六七八九十百千万亿零几数点])",
    "word": "",
}
# What a number in words can begin with.
_NUMERALS = "半一二两三四五六七八九十百几数双"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of time expression: `pattern` in its context, `exact` for the expression alone."""

    name: str
    role: str
    grain: str
    leads: tuple[str, ...]
    pattern: str
    exact: re.Pattern[str]
    needs_year: bool = False
    takes_tail: bool = True


@cache
def lexicon() -> dict[str, Any]:
    """Give times.toml as it stands."""
    return tomllib.loads(files("tasks.engine.lexicon").joinpath("times.toml").read_text("utf-8"))


@cache
def _fragments() -> dict[str, str]:
    words = lexicon()["words"]
    fragments: dict[str, str] = lexicon()["fragments"]
    return fragments | {
        "festivals": _alternatives(lexicon()["festivals"]),
        "month_words": _alternatives(words["month"] | words["named_month"]),
        "words": _alternatives(word_kinds()),
    }


@cache
def word_kinds() -> dict[str, str]:
    """Give for each word the table of the lexicon in which it stands, which is its kind."""
    return {word: kind for kind, table in lexicon()["words"].items() for word in table}


def _alternatives(words: dict[str, Any]) -> str:
    """Join words, longest first, with the guards that keep each from being part of another word."""
    return f"(?:{'|'.join(map(_guarded, sorted(words, key=len, reverse=True)))})"


def _guarded(word: str) -> str:
    guards = lexicon()["guards"]
    before = f"(?<!{guards['not_before'][word]}{word[0]})" if word in guards["not_before"] else ""
    after = f"(?!{guards['not_after'][word]})" if word in guards["not_after"] else ""
    only = f"(?={guards['only_before'][word]})" if word in guards["only_before"] else ""
    # The first character stands in front, for `re` passes over an alternative that begins with another one.
    return f"{word[0]}{before}{re.escape(word[1:])}{after}{only}"


def fill(pattern: str) -> str:
    """Put the fragments in the place of their names; {1,2} is a repetition and stays."""
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda match: _fragments()[match.group(1)], pattern)
    return pattern


def without_lookaround(pattern: str) -> str:
    """Drop what a pattern asks of its surroundings, for the expression stands alone.

    >>> without_lookaround("2(?:月|(?=[、]3月))")
    '2(?:月|)'
    """
    kept, index = [], 0
    while index < len(pattern):
        if pattern.startswith(_LOOKAROUND, index):
            index = _closing(pattern, index)
        else:
            step = 2 if pattern[index] == "\\" else 1
            kept.append(pattern[index : index + step])
            index += step
    return "".join(kept)


def _closing(pattern: str, index: int) -> int:
    """Give the place behind the bracket that closes the one at `index`."""
    depth, in_class = 0, False
    while True:
        character = pattern[index]
        index += 2 if character == "\\" else 1
        if character in "[]":
            in_class = character == "["
        elif not in_class and character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return index


def _form(entry: dict[str, Any], leading: str = "", tail: str = "") -> Form:
    pattern = fill(entry["pattern"])
    alone = without_lookaround(f"{leading}(?:{pattern})")
    return Form(
        name=entry["name"],
        role=entry.get("role", "date"),
        grain=entry.get("grain", ""),
        leads=tuple(entry["lead"]),
        pattern=_unnamed(pattern),
        exact=re.compile(f"{alone}(?P<tail>{without_lookaround(tail)})"),
        needs_year=entry.get("needs_year", False),
        takes_tail=bool(tail),
    )


@cache
def parts() -> tuple[Form, ...]:
    """Give the parts of a year: month, quarter, half, … each with its tail (末, 以来)."""
    return tuple(_form(entry, " ?的?", fill("{tail}")) for entry in lexicon()["part"])


@cache
def rules() -> tuple[Form, ...]:
    """Give the forms that are no part of a year; the words together are one of them."""
    written = sorted(lexicon()["rule"], key=lambda entry: entry.get("after_words", False))
    forms = [_form(entry, tail=fill("{tail}") if _takes_tail(entry) else "") for entry in written]
    words = _form({"name": "word", "lead": ["word"], "pattern": "(?P<a>{words})"}, tail=fill("{tail}"))
    late = sum(entry.get("after_words", False) for entry in written)
    return (*forms[:-late], words, *forms[-late:])


# These say all by themselves: 末 is part of the plan, and 初六 after 正月初五 is the next day.
_WITHOUT_TAIL = ("plan", "decade", "year_item", "lunar_day")


def _takes_tail(entry: dict[str, Any]) -> bool:
    return entry.get("role") == "date" and entry["name"] not in _WITHOUT_TAIL


@cache
def year_pattern() -> re.Pattern[str]:
    """Give the pattern of a year that stands before its part: 2021年, 21年, 二〇二一年, 去年."""
    return re.compile(
        without_lookaround(
            fill("(?P<digits>{y4})(?:{year_unit})?|(?P<short>{year2})|(?P<chinese>{cy})年度?|(?P<word>{year_word})")
        )
    )


def matches(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of all forms in a text, in text order; the name of the group that matched is `form__lead`."""
    scanner, end = _scanner(), 0
    for begin in _beginner().finditer(text):
        if begin.start() >= end and (match := scanner.match(text, begin.start())):
            end = match.end()
            yield match


@cache
def _beginner() -> re.Pattern[str]:
    """Compile what finds where an expression may begin.

    Its first element is a set of characters, for which `re` has a fast search; behind one of them it looks back at
    that one and at those that go on, and tries nothing for which already the first or the second cannot be.
    """
    begins = _begins()
    firsts, seconds = _first_two(begins["word"].split("|"))
    looks = "|".join(
        [
            f"(?=[0-9]){_NOT_BEFORE['digit']}(?:{begins['year']}|{begins['digit']})",
            f"(?=[{_NUMERALS}]){_NOT_BEFORE['numeral']}(?:{begins['numeral']})",
            f"(?=[{firsts}][{seconds}])(?:{begins['word']})",
        ]
    )
    return re.compile(f"[0-9{_NUMERALS}{firsts}](?<=(?={looks}).)")


def _first_two(begins: list[str]) -> tuple[str, str]:
    """Give all first and all second characters of written beginnings: 第 and 0-9 of 第[0-9]."""
    parts = [re.findall(r"\[([^]]+)\]|(.)", begin)[:2] for begin in begins]
    firsts, seconds = ({"".join(part[at]) for part in parts} for at in (0, 1))
    return "".join(sorted(firsts)), "".join(sorted(seconds))


@cache
def _scanner() -> re.Pattern[str]:
    """Compile the one pattern of all forms."""
    branches = [f"(?={begin}){_NOT_BEFORE[lead]}(?:{'|'.join(_branches(lead))})" for lead, begin in _begins().items()]
    return re.compile("|".join(branches))


def _begins() -> dict[str, str]:
    """Give for each lead a cheap test of the first characters."""
    written = lexicon()["begins"]
    pairs: dict[str, set[str]] = {}
    for word in _all_words():
        pairs.setdefault(word[0], set()).add(word[1])
    words = [f"{first}[{''.join(sorted(seconds))}]" for first, seconds in sorted(pairs.items())]
    return {
        "year": written["year"],
        "digit": written["digit"],
        "numeral": written["numeral"],
        "word": "|".join([*words, *map(fill, written["word"])]),
    }


def _all_words() -> list[str]:
    years = lexicon()["years"]
    return [*word_kinds(), *years["published"], *years["named"], *lexicon()["festivals"]]


def _branches(lead: str) -> list[str]:
    tail = _unnamed(fill("{tail}"))
    year = fill({"year": "{year_four}", "digit": "{year2}", "numeral": "{cy}年度?", "word": "{year_word}"}[lead])
    every_part = "|".join(part.pattern for part in parts())
    bare = [
        f"(?P<part{index}__{lead}>{part.pattern})"
        for index, part in enumerate(parts())
        if lead in part.leads and not part.needs_year
    ]
    return [
        *_of_rules(lead, tail, before_years=True),
        f"(?P<year__{lead}>{year}(?: ?的?(?:{every_part}){tail}|{_unnamed(fill('{year_tail}'))}))",
        *([f"(?:{'|'.join(bare)}){tail}"] if bare else []),
        *_of_rules(lead, tail, before_years=False),
    ]


def _of_rules(lead: str, tail: str, before_years: bool) -> list[str]:
    chosen = [
        (index, rule)
        for index, rule in enumerate(rules())
        if lead in rule.leads and (rule.name in _BEFORE_YEARS) is before_years
    ]
    return [f"(?P<rule{index}__{lead}>{rule.pattern}){tail if rule.takes_tail else ''}" for index, rule in chosen]


# Longer than the year with which they begin.
_BEFORE_YEARS = ("iso_date", "quarter_code", "season", "years", "plan", "clock")


def _unnamed(pattern: str) -> str:
    return _GROUP_NAME.sub("(?:", pattern)
