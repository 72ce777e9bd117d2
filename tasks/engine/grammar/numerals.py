"""Numerals: the digits and scale characters of a number → its exact value, never through a float."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SCALE_CHARACTERS = "十百千万亿"


class NotANumeralError(ValueError):
    """The characters make no number."""


@lru_cache(maxsize=256)
def scale_factor(scale: str) -> Decimal:
    """Give what a run of scale characters multiplies by.

    >>> scale_factor("万亿")
    Decimal('1000000000000')
    """
    factor = Decimal(1)
    for character in scale:
        factor *= _SMALL.get(character) or _LARGE[character]
    return factor


def arabic(digits: str) -> Decimal:
    """Read Arabic digits with or without grouping commas; they keep the precision they were stated in.

    >>> arabic("1,100.90")
    Decimal('1100.90')

    Raises NotANumeralError where the digits make no number.
    """
    try:
        return Decimal(digits.replace(",", "").replace("，", "").replace(" ", ""))
    except InvalidOperation as error:
        raise NotANumeralError(digits) from error


def chinese(numeral: str) -> Decimal:
    """Read a Chinese numeral: positional (二〇二二), with scales (一万五千亿, 百亿), or with 点 (十五点八万).

    >>> chinese("一百九十万零三千九百七十一")
    Decimal('1903971')

    Raises NotANumeralError for characters that make no number. The scales multiply what stands before them: 二十万亿 is
    二十 × 万 × 亿, as the money of central banks is written.
    """
    body, point, rest = numeral.partition("点")
    if point:
        return _with_fraction(body, rest)
    if not body:
        raise NotANumeralError(numeral)
    if all(c in _DIGITS for c in body):
        if len(body) == 2 and "零" not in body and "〇" not in body:
            raise NotANumeralError(f"{numeral} is a few, not a number")
        return Decimal("".join(str(_DIGITS[c]) for c in body))
    return Decimal(_sections(body))


def _with_fraction(body: str, rest: str) -> Decimal:
    tail = rest.lstrip("".join(_DIGITS))
    fraction = rest[: len(rest) - len(tail)]
    if not fraction or any(c not in _SMALL and c not in _LARGE for c in tail):
        raise NotANumeralError(f"{body}点{rest}")
    digits = "".join(str(_DIGITS[c]) for c in fraction)
    return Decimal(f"{chinese(body) if body else 0}.{digits}") * scale_factor(tail)


def _sections(body: str) -> int:
    """Read 一亿三千五百万 by its large scales: a scale multiplies all smaller ones that stand before it."""
    total = section = digit = 0
    pending = False
    for character in body:
        if character in _DIGITS:
            digit, pending = _DIGITS[character], True
        elif character in _SMALL:
            section += (digit if pending else 1) * _SMALL[character]
            digit, pending = 0, False
        elif character in _LARGE:
            total, section = _scaled(total, section + digit, _LARGE[character])
            digit, pending = 0, False
        else:
            raise NotANumeralError(body)
    return total + section + digit


def _scaled(total: int, section: int, scale: int) -> tuple[int, int]:
    if section == 0 and total == 0:
        return scale, 0
    if section == 0 or (total and total % scale and total < scale):
        return (total + section) * scale, 0
    return total + section * scale, 0
