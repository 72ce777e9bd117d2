"""What a time expression says by itself, before one knows the day of publication and the text before it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from models.vocabulary import Role
from tasks.engine.grammar.numerals import chinese
from tasks.engine.grammar.times_rules import (
    Form,
    fill,
    lexicon,
    parts,
    rules,
    without_lookaround,
    word_kinds,
    year_pattern,
)

Groups = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class YearReference:
    """A year: absolute (2021), or `offset` years from publication (去年) or the last named year (次年)."""

    anchor: str
    offset: int


# Compared by identity: `read_expression` gives the same object for the same words, and hashes must be cheap.
@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The reading of one expression alone: `kind` says what a, b and c are, `rule` what found it."""

    rule: str
    kind: str
    role: Role = Role.DATE
    grain: str = ""
    a: int = 0
    b: int = 0
    c: int = 0
    name: str = ""
    year: YearReference | None = None
    point: str = ""
    since: bool = False
    ending_months: int = 0


@lru_cache(maxsize=4096)
def read_expression(group: str, expression: str) -> Meaning:
    """Read what the scanner found, `group` being the name of the branch that found it.

    >>> read_expression("part3__digit", "9月末").point
    'end'
    """
    branch = group.partition("__")[0]
    if branch == "year":
        return _read_year(expression)
    if branch.startswith("part"):
        return _read_part(parts()[int(branch[4:])], expression)
    return _read_rule(rules()[int(branch[4:])], expression)


def _read_year(expression: str) -> Meaning:
    found = year_pattern().match(expression)
    assert found is not None
    year, rest = _year_reference(found), expression[found.end() :]
    tail = _tail_pattern().fullmatch(rest)
    if tail:
        return _with_tail(Meaning("year", "year", grain="year", year=year), rest)
    readings = (_read_part(part, rest) for part in parts() if part.exact.fullmatch(rest))
    return replace(next(readings), year=year)


@cache
def _tail_pattern() -> re.Pattern[str]:
    # 年末 and 2021年底 are days of their own (a part); what is left for the bare year is 以来 and 止年度.
    return re.compile(without_lookaround(fill("{year_tail}")))


def _year_reference(found: re.Match[str]) -> YearReference:
    groups = found.groupdict()
    if groups["word"]:
        word = groups["word"].removesuffix(lexicon()["context"]["year_suffix"])
        years = lexicon()["years"]
        anchor = "published" if word in years["published"] else "named"
        return YearReference(anchor, years[anchor][word])
    if groups["short"]:
        return YearReference("absolute", 2000 + int(groups["short"][:2]))
    return YearReference("absolute", int(groups["digits"] or chinese(groups["chinese"])))


def _read_part(part: Form, expression: str) -> Meaning:
    found = part.exact.fullmatch(expression)
    assert found is not None
    groups = found.groupdict()
    read = _PART_READERS.get(part.name, _numbers)
    return _with_tail(read(Meaning(part.name, part.name, grain=part.grain), groups), groups["tail"] or "")


def _numbers(meaning: Meaning, groups: Groups) -> Meaning:
    return replace(meaning, a=_number(groups.get("a")), b=_number(groups.get("b")), c=_number(groups.get("c")))


def _number(digits: str | None) -> int:
    """Read a small Arabic or Chinese number; 0 where there is none."""
    if not digits:
        return 0
    return int(digits) if digits.isascii() else int(chinese(digits))


def _quarter_edge(meaning: Meaning, groups: Groups) -> Meaning:
    return replace(meaning, kind="quarter", a=lexicon()["edges"][groups["a"]])


def _half(meaning: Meaning, groups: Groups) -> Meaning:
    letter = groups["a"] or ""
    return replace(meaning, a=int(letter) if letter.isdigit() else lexicon()["edges"][letter])


def _report(meaning: Meaning, groups: Groups) -> Meaning:
    first, last = lexicon()["reports"][groups["a"]]
    return replace(meaning, kind="quarters", a=first, b=last)


def _festival(meaning: Meaning, groups: Groups) -> Meaning:
    return replace(meaning, name=lexicon()["festivals"][groups["a"]])


_PART_READERS: dict[str, Callable[[Meaning, Groups], Meaning]] = {
    "quarter_edge": _quarter_edge,
    "half": _half,
    "report": _report,
    "festival": _festival,
    "half_year": lambda meaning, _: replace(meaning, kind="half", a=1),
    "last_quarter": lambda meaning, _: replace(meaning, kind="quarter", a=4),
    "first_quarters": lambda meaning, groups: replace(meaning, kind="quarters", a=1, b=_number(groups["a"])),
    "first_months": lambda meaning, groups: replace(meaning, kind="months", a=1, b=_number(groups["a"])),
    "last_months": lambda meaning, groups: replace(meaning, kind="months", a=13 - _number(groups["a"]), b=12),
    "month": lambda meaning, groups: replace(meaning, kind="months", a=_number(groups["a"]), b=_number(groups["a"])),
}


def _with_tail(meaning: Meaning, tail: str) -> Meaning:
    """Take in what follows: 末 and 初 are days, 以来 runs on to the publication, 止九个月 looks back."""
    if not tail:
        return meaning
    point = next((p for word, p in lexicon()["points"].items() if tail.startswith(word)), "")
    rest = tail[2 if point.endswith("ten") else 1 :] if point else tail
    if rest and _since_pattern().fullmatch(rest):
        return replace(meaning, point=point, since=True, grain="since")
    if rest:
        return replace(meaning, point=point, **_ending(rest))
    return replace(meaning, point=point, grain="day" if point.endswith("ten") else "instant")


@cache
def _since_pattern() -> re.Pattern[str]:
    return re.compile(without_lookaround(fill("{since}")))


def _ending(words: str) -> dict[str, Any]:
    """Read 止九个月 (nine months that end there), 止年度 (twelve) or 当周 (the week, −1)."""
    count = re.search(without_lookaround(fill("({n})个?([月季])")), words)
    if not count:
        months = next((m for word, m in lexicon()["endings"].items() if word in words), -1)
        return {"ending_months": months, "grain": "week" if months < 0 else "month"}
    scale = lexicon()["ending_scale"][count.group(2)]
    return {"ending_months": _number(count.group(1)) * scale, "grain": "month"}


def _read_rule(rule: Form, expression: str) -> Meaning:
    found = rule.exact.fullmatch(expression)
    assert found is not None
    groups = found.groupdict()
    role = Role(rule.role)
    meaning = Meaning(rule.name, rule.name if role is Role.DATE else "plain", role=role, grain=rule.grain)
    read = _RULE_READERS.get(rule.name, lambda same, _: same)
    return _with_tail(read(meaning, groups), groups["tail"] or "")


def _word(meaning: Meaning, groups: Groups) -> Meaning:
    word = groups["a"] or ""
    kind = word_kinds()[word]
    grain = lexicon()["word_grains"].get(kind, "")
    return replace(meaning, rule=kind, kind=kind, a=lexicon()["words"][kind][word], grain=grain)


def _iso_date(meaning: Meaning, groups: Groups) -> Meaning:
    year, month, day = (int(digits) for digits in groups.values() if digits)
    return replace(meaning, kind="month_day", grain="day", a=month, b=day, year=YearReference("absolute", year))


def _quarter_code(meaning: Meaning, groups: Groups) -> Meaning:
    year = int(groups["a"] or groups["f"] or 0)
    kind = "quarter" if (groups["b"] or groups["e"]) == "Q" else "half"
    number = int(groups["c"] or groups["d"] or 0)
    reference = YearReference("absolute", year if year > 99 else 2000 + year)
    return replace(meaning, kind=kind, grain=kind, a=number, year=reference)


def _years(meaning: Meaning, groups: Groups) -> Meaning:
    first, last = _number(groups["a"]), _number(groups["b"])
    last = last if last > 99 else first // 100 * 100 + last
    return replace(meaning, kind="years", grain="years", a=first, b=last)


def _year_item(meaning: Meaning, groups: Groups) -> Meaning:
    return replace(meaning, kind="year", grain="year", year=YearReference("absolute", int(groups["a"] or 0)))


def _weekday(meaning: Meaning, groups: Groups) -> Meaning:
    week = groups["b"]
    if week and week not in lexicon()["weeks"]:
        return replace(meaning, kind="vague")
    offset = lexicon()["weeks"][week] if week else 0
    return replace(meaning, grain="day", a=lexicon()["weekdays"][groups["a"]], b=offset, name="in_week" if week else "")


def _plan(meaning: Meaning, groups: Groups) -> Meaning:
    first = 2001 + 5 * _number(groups["a"])
    if groups["b"]:
        return Meaning(
            meaning.rule, "month_day", grain="instant", a=12, b=31, year=YearReference("absolute", first + 4)
        )
    return replace(meaning, kind="years", grain="years", a=first, b=first + 4)


def _decade(meaning: Meaning, groups: Groups) -> Meaning:
    century = groups["a"]
    start = (int(century) - 1 if century and century.isdigit() else 19) * 100 + int(groups["b"] or 0)
    return replace(meaning, kind="years", grain="years", a=start, b=start + 9)


def _month_word(meaning: Meaning, groups: Groups) -> Meaning:
    words = lexicon()["words"]
    named = groups["a"] in words["named_month"]
    offset = words["named_month" if named else "month"][groups["a"]]
    grain = "day" if groups["b"] else "month"
    first, last = _number(groups["b"]), _number(groups["c"])
    kind = "named_month" if named else "month_word"
    return replace(meaning, kind=kind, grain=grain, a=offset, b=first, c=last)


def _lunar_day(meaning: Meaning, groups: Groups) -> Meaning:
    day = _number(groups["a"] or groups["b"])
    return replace(meaning, kind="festival", grain="day", name="lunar_day", a=day)


_RULE_READERS = {
    "word": _word,
    "iso_date": _iso_date,
    "quarter_code": _quarter_code,
    "season": _years,
    "years": _years,
    "year_item": _year_item,
    "weekday": _weekday,
    "plan": _plan,
    "decade": _decade,
    "month_word": _month_word,
    "lunar_day": _lunar_day,
    "day_of_month": _numbers,
}
