"""Numbers with their scale and unit → quantities: one scan, then ranges and lists are joined.

Digits and scale stay apart until the quantity is complete: 5至6亿元 is five to six hundred million.
"""

import re
from dataclasses import replace
from decimal import Decimal

from models.vocabulary import Bound
from tasks.engine.grammar.numerals import NotANumeralError, arabic, chinese, scale_factor
from tasks.engine.grammar.scanner import matches
from tasks.engine.lexicon import UnitWord, lexicon
from tasks.engine.values import value

# With more digits than these and a scale, a product would no longer be exact in 28 places.
_LONGEST_NUMBER = 18
_TAIL_BOUNDS = {
    "多": Bound.OVER,
    "余": Bound.OVER,
    "以上": Bound.OVER,
    "之多": Bound.OVER,
    "出头": Bound.OVER,
    "左右": Bound.ABOUT,
    "上下": Bound.ABOUT,
    "以下": Bound.UNDER,
    "以内": Bound.UNDER,
    "之内": Bound.UNDER,
}
# The parts of a number in digits, as the scanner names them.
_PARTS = ("sign", "num", "scale", "more", "more_scale", "unit", "per", "tail")
# How a numeral is written that makes no one number.
UNTOLD = "untold"
_RANGE_MARKS = frozenset({"-", "--", "~", "至", "到", "—", "——", "或", "－", "―", " - ", " ~ ", "至约", "或约"})
# 0.5个和0.3个百分点: 个 is said of each.
_POINTS = frozenset({"pp", "bp"})
_LIST_MARKS = frozenset({"、", "和", "及", "/", "与", "以及", "，", ",", "，及", "、及", "或"})


@value
class Quantity:
    """A number with scale and unit, or a range of two: offsets, exact values, unit, and what its own words bound.

    `dimension` is money, %, pp, bp, x, 点, measure, per or bare; `written` names how it was written
    (digits, chinese, percent_words, tenths, doubling, untold); `borrowed` says that the unit stands in a later
    list member.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    unit: str | None
    dimension: str
    written: str
    bound: Bound | None = None
    scale: str = ""
    borrowed: bool = False
    factor: Decimal = Decimal(1)
    signed: bool = False


@value
class Malformed:
    """Characters that look like a quantity and are none, such as 655.58.1亿元; never repaired."""

    start: int
    end: int
    reason: str


@value
class Scan:
    """What one scan of a text found, in text order."""

    quantities: list[Quantity]
    malformed: list[Malformed]
    names: list[tuple[int, int]]
    codes: list[tuple[int, int]]


def scan(text: str) -> Scan:
    """Give the quantities, malformed numerals and names with digits of a folded text, in text order.

    Time expressions must have been masked. A range comes as one quantity, a list's members one by one.
    """
    atoms: list[Quantity] = []
    untold: list[Quantity] = []
    malformed: list[Malformed] = []
    names: list[tuple[int, int]] = []
    codes: list[tuple[int, int]] = []
    for match in matches(text):
        kind, digits = match.lastgroup or "", match["num"]
        if digits and len(digits) > _LONGEST_NUMBER and (match["scale"] or match["unit"]):
            malformed.append(Malformed(match.start(), match.end(), "a number with too many digits"))
        elif digits:
            atoms.append(_from_digits(match))
        elif kind == "code":
            codes.append(match.span())
        elif kind in _NAMES:
            names.append(match.span())
        elif kind in _REASONS:
            malformed.append(Malformed(match.start(), match.end(), _REASONS[kind]))
        else:
            atom = _from_words(match, text)
            (untold if atom.written == UNTOLD else atoms).append(atom)
    told = _with_list_units(_with_ranges(atoms, text), text)
    quantities = sorted(told + untold, key=lambda quantity: quantity.start) if untold else told
    return Scan(quantities, malformed, names, codes)


_NAMES = frozenset({"url", "name", "mix", "dotted"})
_REASONS = {
    "dots": "more than one decimal point in a number",
    "percents": "more than one percent sign",
    "groups": "digit groups that are not of three digits",
    "long": "more digits than a quantity has",
    "empty": "a scale and a unit without a number",
}


def _from_digits(match: re.Match[str]) -> Quantity:
    sign, digits, scale, more, more_scale, word, per, tail = match.group(*_PARTS)
    scale = (scale or "") + (more_scale or "")
    unit = lexicon().units[word] if word else None
    value = _scaled(arabic(digits), scale)
    if sign == "-":
        value = -value
    code, dimension = _code(unit, per)
    bound = _TAIL_BOUNDS.get(tail or more or "")
    start, end = match.span()
    if unit is None or unit.factor == 1:
        return Quantity(start, end, value, None, code, dimension, "digits", bound, scale, signed=bool(sign))
    value, factor = value * unit.factor, unit.factor
    return Quantity(start, end, value, None, code, dimension, "digits", bound, scale, False, factor, bool(sign))


def _scaled(value: Decimal, scale: str) -> Decimal:
    """Fold the scale in; 655.58亿 is the whole number 65558000000, not 65558000000.00."""
    if not scale:
        return value
    scaled = value * scale_factor(scale)
    whole = scaled.to_integral_value()
    return whole if scaled == whole else scaled


def _code(unit: UnitWord | None, per: str | None) -> tuple[str | None, str]:
    if unit is None:
        return None, "bare"
    return (f"{unit.code}/{per}", "per") if per else (unit.code, unit.dimension)


def _from_words(match: re.Match[str], text: str) -> Quantity:
    start, end = match.span()
    if match["part"]:
        part = match["part_of"]
        value = arabic(part) if part[0].isdigit() else _chinese_or_none(part)
        if value is None:
            return _untold(match)
        factor = Decimal(1) if match["part"] == "百分之" else Decimal("0.1")
        return Quantity(
            start,
            end,
            value * factor,
            None,
            "%",
            "%",
            "percent_words",
            _TAIL_BOUNDS.get(match["part_tail"] or ""),
        )
    if match["tenths"]:
        rest = match["tenths_rest"]
        extra = Decimal(5) if rest == "半" else chinese(rest) if rest else Decimal(0)
        value = chinese(match["tenths"]) * 10 + extra
        return Quantity(start, end, value, None, "%", "%", "tenths", _TAIL_BOUNDS.get(match["tenths_tail"] or ""))
    if match["chinese"]:
        return _from_chinese(match)
    times = chinese(match["doubling"]) if match["doubling"] else Decimal(1)
    bound = _TAIL_BOUNDS.get(match["doubling_tail"] or "")
    return Quantity(start, end, (2 ** int(times) - 1) * Decimal(100), None, "%", "%", "doubling", bound)


def _chinese_or_none(numeral: str) -> Decimal | None:
    try:
        return chinese(numeral)
    except NotANumeralError:
        return None


def _untold(match: re.Match[str]) -> Quantity:
    """Give a numeral in words that makes no one number (七八家); it is nobody's figure but stands in the ledger."""
    return Quantity(match.start(), match.end(), Decimal(0), None, None, "bare", UNTOLD)


def _from_chinese(match: re.Match[str]) -> Quantity:
    value = _chinese_or_none(match["chinese"])
    if value is None:
        return _untold(match)
    unit = lexicon().units[match["cunit"]]
    scale = match["cscale"] or ""
    code, dimension = _code(unit, match["cper"])
    bound = _TAIL_BOUNDS.get(match["ctail"] or match["cmore"] or "")
    value = _scaled(value, scale) * unit.factor
    return Quantity(match.start(), match.end(), value, None, code, dimension, "chinese", bound, scale)


def _with_ranges(atoms: list[Quantity], text: str) -> list[Quantity]:
    joined: list[Quantity] = []
    for found in atoms:
        before = joined[-1] if joined else None
        dashed = before and found.signed and before.end == found.start and before.high is None
        atom = replace(found, start=found.start + 1, low=-found.low, signed=False) if dashed else found
        if before and before.high is None and text[before.end : atom.start] in _RANGE_MARKS:
            merged = _range(before, atom, text)
            if merged:
                joined[-1] = merged
                continue
        joined.append(atom)
    return joined


def _range(left: Quantity, right: Quantity, text: str) -> Quantity | None:
    if left.unit is not None and left.unit not in {right.unit, (right.unit or "").partition("/")[0]}:
        return None
    if right.unit is None and left.unit is not None:
        return None
    if text[max(left.start - 1, 0) : left.start] in ("由", "从", "自"):
        return None
    low = left.low if left.unit is not None or left.scale else left.low * scale_factor(right.scale) * right.factor
    if left.unit is None and left.scale and right.factor != 1:
        low *= right.factor
    return replace(right, start=left.start, low=low, high=right.low, bound=None, signed=left.signed or right.signed)


def _with_list_units(atoms: list[Quantity], text: str) -> list[Quantity]:
    """Give a list's bare members the scale and unit of the member that ends the list: 236/333亿元."""
    for index in range(len(atoms) - 2, -1, -1):
        atom, following = atoms[index], atoms[index + 1]
        points = atom.unit == "个" and following.dimension in _POINTS
        if (atom.unit is not None and not points) or following.unit is None or atom.scale or following.high is not None:
            continue
        between = text[atom.end : following.start]
        if between in _LIST_MARKS and (points or _alike(text[atom.start : atom.end], text, following, between)):
            factor = scale_factor(following.scale) * following.factor
            atoms[index] = replace(
                atom,
                low=atom.low * factor,
                unit=following.unit,
                dimension=following.dimension,
                scale=following.scale,
                factor=following.factor,
                borrowed=True,
            )
    return atoms


def _alike(member: str, text: str, following: Quantity, mark: str) -> bool:
    """Members of one list are written alike: all with a decimal point, or parted by a slash or 、."""
    if mark in "/、":
        return True
    return "." in member and "." in text[following.start : following.end]
