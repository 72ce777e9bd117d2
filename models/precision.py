"""What a stated amount leaves open: 655.58亿元 is anything from 655.575 to 655.585亿元."""

import re
from decimal import Decimal, localcontext

from models.vocabulary import Bound

Interval = tuple[Decimal | None, Decimal | None]

_NUMERAL = re.compile(r"\d[\d,，]*(?:[.．]\d+)?")
_PLAIN = str.maketrans({",": None, "，": None, "．": "."})
# Wide enough that no amount is rounded on its way through here.
_DIGITS = 80
# Zero tells nothing of its scale, so the words do.
_SCALES = {"万": 4, "亿": 8}


def stated_interval(
    text: str, bound: str, value: Decimal | None, low: Decimal | None, high: Decimal | None
) -> Interval:
    """Give the least and the most that a figure's words allow, in the unit of its value; None is no limit.

    A number is right to half a unit of its last digit, one with 约 to half a unit of its last digit that is not
    zero. 超 and 不足 speak of the magnitude, and a range is what it says.

    >>> [str(end) for end in stated_interval("655.58亿元", "exact", Decimal("65558000000"), None, None)]
    ['65557500000', '65558500000']
    >>> stated_interval("超3%", "over", Decimal("-3"), None, None)
    (None, Decimal('-3'))
    """
    if value is None:
        return _plain(low), _plain(high)
    if bound == Bound.OVER:
        return (_plain(value), None) if value >= 0 else (None, _plain(value))
    if bound == Bound.UNDER:
        return _plain(min(value, Decimal())), _plain(max(value, Decimal()))
    half = half_step(text, value, is_rough=bound == Bound.ABOUT)
    with localcontext(prec=_DIGITS):
        return _plain(value - half), _plain(value + half)


def half_step(text: str, value: Decimal, *, is_rough: bool = False) -> Decimal:
    """Give half a unit of the last digit that the text states, in the unit of `value`.

    >>> half_step("84.32%", Decimal("84.32")), half_step("6000万元", Decimal("60000000"), is_rough=True)
    (Decimal('0.005'), Decimal('5000000'))

    Where the digits of the text are not those of the value (三成, 3亿5000万元, 1.5倍 said of a growth of 50 %), the
    last digit of the value that is not zero counts.
    """
    with localcontext(prec=_DIGITS):
        digits = _digits(text)
        scale = None if digits is None else _scale(text, value, digits)
        if digits is None or scale is None:
            digits, scale, is_rough = abs(value), Decimal(1), True
        step = Decimal(1).scaleb(_last_place(digits, is_rough=is_rough))
        return _exact(step * scale / 2)


def _digits(text: str) -> Decimal | None:
    """Give the one number that stands in digits in the text, None where there is none or are several."""
    found = _NUMERAL.findall(text)
    return Decimal(found[0].translate(_PLAIN)) if len(found) == 1 else None


def _scale(text: str, value: Decimal, digits: Decimal) -> Decimal | None:
    """Give the power of ten between the digits and the value, None where it is none."""
    if not digits:
        return Decimal(1).scaleb(sum(places * text.count(word) for word, places in _SCALES.items()))
    scale = (abs(value) / digits).normalize()
    return scale if scale.as_tuple().digits == (1,) else None


def _last_place(digits: Decimal, *, is_rough: bool) -> int:
    exponent = (digits.normalize() if is_rough and digits else digits).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _plain(value: Decimal | None) -> Decimal | None:
    """Give an amount as every equal one is written, so that text compares as the number does."""
    return None if value is None else _exact(value)


def _exact(value: Decimal) -> Decimal:
    with localcontext(prec=_DIGITS):
        return Decimal(format(value.normalize(), "f")) if value else Decimal()
