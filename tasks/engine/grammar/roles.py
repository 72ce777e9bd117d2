"""What a number is that is no figure: the rules of roles.toml, compiled and tried in their order.

A rule looks at the characters before the number, at the number itself and at what follows it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from models.vocabulary import Bound, Role
from tasks.engine.grammar.quantities import UNTOLD, Quantity
from tasks.engine.lexicon import read_toml

_BEFORE, _AFTER = 24, 24
_FRAGMENT = re.compile(r"\{([a-z]\w*)\}")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万亿点]+")
# Hands the number to the grammar instead of giving it a role.
_QUANTITY = "quantity"
_NOT_TOLD = "a number that is not told"
_WITHOUT_UNIT = "a number without a unit"

# Of a numeral in words, these alone count as a quantity from two on: 三次, 五家; others are a way of speaking (两国).
_COUNTED = frozenset("次家名人例只笔辆架艘枚股吨头台套户桶支座宗起单亩")
_COUNTED_FROM = Decimal(10)
_LONELY = frozenset({"万", "亿", "千", "百", "万亿", "千万", "百万", "千亿", "百亿"})
_LIMITED = frozenset("超破逾达近约过到足于产")


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One rule: `before` is searched up to the number, `number` is all of it, `after` begins behind it.

    What is None may be anything.
    """

    name: str
    role: Role | None
    reason: str | None
    before: re.Pattern[str] | None
    number: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def holds(self, before: str, number: str, after: str) -> bool:
        """Tell whether the rule speaks of a number between these characters."""
        if self.number is not None and not self.number.fullmatch(number):
            return False
        if self.after is not None and not self.after.match(after):
            return False
        return self.before is None or bool(self.before.search(before))


@cache
def _rules() -> dict[str, tuple[RoleRule, ...]]:
    """Give for each kind of number the rules that speak of it, in their order."""
    written = read_toml("roles.toml")
    fragments: dict[str, str] = written["fragments"]
    kinds: dict[str, list[RoleRule]] = {}
    for entry in written["rule"]:
        rule = _rule(entry, fragments)
        for kind in entry["on"]:
            kinds.setdefault(kind, []).append(rule)
    return {kind: tuple(rules) for kind, rules in kinds.items()}


def _rule(entry: dict[str, Any], fragments: dict[str, str]) -> RoleRule:
    before, number, after = (_compiled(entry.get(key), fragments) for key in ("before", "number", "after"))
    role = None if entry["role"] == _QUANTITY else Role(entry["role"])
    return RoleRule(entry["name"], role, entry.get("reason"), before, number, after)


def _compiled(pattern: str | None, fragments: dict[str, str]) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda match: fragments[match.group(1)], pattern)
    return re.compile(pattern)


def _ruling(kind: str, text: str, start: int, end: int) -> RoleRule | None:
    return _rule_for(kind, text[max(0, start - _BEFORE) : start], text[start:end], text[end : end + _AFTER])


@lru_cache(maxsize=8192)
def _rule_for(kind: str, before: str, number: str, after: str) -> RoleRule | None:
    """Give the first rule that holds; tables repeat their surroundings, and a hundred rules take their time."""
    for rule in _rules().get(kind, ()):
        if rule.holds(before, number, after):
            return rule
    return None


def role_of(text: str, quantity: Quantity) -> tuple[Role, str | None] | None:
    """Give the role and reason of a number that is no figure, or None where the grammar may read it as one."""
    if quantity.written == UNTOLD:
        return Role.IDIOM, _NOT_TOLD
    kind = _kind(quantity)
    if kind == "chinese" and in_word(text, quantity.start, quantity.end):
        return Role.IDIOM, None
    rule = _ruling(kind, text, quantity.start, quantity.end)
    if rule is not None:
        return None if rule.role is None else (rule.role, rule.reason)
    if kind == "bare":
        return (Role.UNREAD, _WITHOUT_UNIT) if quantity.high is None else None
    return _spoken_role(text, quantity) if kind == "chinese" else None


def _kind(quantity: Quantity) -> str:
    """Give the kind of number that the rules are told apart by."""
    if quantity.written == "chinese":
        return "chinese"
    if quantity.dimension == "bare":
        return "scaled" if quantity.scale else "bare"
    return "counted" if quantity.dimension == "measure" else "measured"


def role_of_name(text: str, start: int, end: int) -> tuple[Role, str | None]:
    """Give the role and reason of digits that have grown together with letters or dots: a name where no rule speaks."""
    rule = _ruling("latin", text, start, end)
    return (Role.NAME, None) if rule is None or rule.role is None else (rule.role, rule.reason)


def role_of_time(text: str, start: int, end: int, role: Role) -> tuple[Role, str | None]:
    """Give the role and reason of a time of day or a duration, which may be something else: 1:10混采, 21年受到."""
    rule = _ruling(role.value, text, start, end)
    return (role, None) if rule is None or rule.role is None else (rule.role, rule.reason)


def _spoken_role(text: str, quantity: Quantity) -> tuple[Role, str | None] | None:
    """Give the role of a numeral in words: 八千万元 and 三十家 are quantities, 两国 and 百亿级 ways of speaking."""
    numeral = _NUMERAL.match(text, quantity.start, quantity.end)
    words = numeral.group() if numeral else ""
    if quantity.unit == "x" and quantity.low >= 1:
        return None
    limited = quantity.bound is Bound.OVER or text[max(0, quantity.start - 1) : quantity.start] in _LIMITED
    if words in _LONELY and not limited:
        return Role.IDIOM, None
    if quantity.dimension in {"money", "pp", "bp"}:
        return None
    counted = quantity.unit in _COUNTED and quantity.low >= 2
    counts = counted or (quantity.dimension in {"measure", "点"} and quantity.low >= _COUNTED_FROM)
    return None if counts else (Role.IDIOM, None)


@cache
def _words() -> re.Pattern[str]:
    written = read_toml("roles.toml")
    return re.compile("|".join(written["words"]["patterns"]))


def in_word(text: str, start: int, end: int) -> bool:
    """Tell whether a numeral in words belongs to a word and counts nothing: 进一步, 百度, 零部件.

    >>> in_word("盈利能力进一步增强", 5, 7)
    True
    """
    floor, ceiling = max(0, start - 4), min(len(text), end + 4)
    found = _words().finditer(text, floor, ceiling)
    return any(match.start() <= start < match.end() for match in found)
