"""What a stated number may stand for: 84.32% is anything from 84.315 (rounded) to 84.33 (cut off)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from expectations.numerals import fold
from models.vocabulary import Bound

_HUNDRED = Decimal(100)
_ARABIC = re.compile(r"\d+(?:,\d{3})*(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included.

    >>> Interval(Decimal(1), Decimal(3)).meets(Interval(Decimal(3), Decimal(4)))
    True
    """

    low: Decimal
    high: Decimal

    def meets(self, other: "Interval") -> bool:
        """Give True where some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: "Interval") -> "Interval":
        """Give all sums of a number of this and one of the other."""
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        """Give all differences."""
        return Interval(self.low - other.high, self.high - other.low)

    def __str__(self) -> str:
        """Write the two ends with as many digits as tell them apart."""
        return f"{_short(self.low)} … {_short(self.high)}"


def stated(row: Mapping[str, Any]) -> Interval | None:
    """Give what the number of an exact figure may stand for, None where the text does not say how exact it is.

    >>> row = {"bound": "exact", "value": "65558000000", "text": "655.58亿元"}
    >>> stated(row)
    Interval(low=Decimal('65557500000.00'), high=Decimal('65559000000.00'))
    """
    return _stated(row["value"], row["text"]) if row["bound"] == Bound.EXACT and row["value"] is not None else None


def rate_between(before: Interval, now: Interval) -> Interval | None:
    """Give the change from `before` to `now` in per cent; None where `before` may be nothing or less."""
    if before.low <= 0:
        return None
    with localcontext(prec=28):
        ratios = [now.low / before.high, now.low / before.low, now.high / before.low, now.high / before.high]
        return Interval((min(ratios) - 1) * _HUNDRED, (max(ratios) - 1) * _HUNDRED)


def level_before(now: Interval, rate: Interval) -> Interval | None:
    """Give the level from which a change of `rate` per cent leads to `now`; None after a fall by all, or from below 0.

    >>> one = Decimal("0.01")
    >>> before = level_before(Interval(655 - one, 655 + one), Interval(84 - one, 84 + one))
    >>> round(before.low, 1), round(before.high, 1)
    (Decimal('355.9'), Decimal('356.0'))
    """
    shares = 1 + rate.low / _HUNDRED, 1 + rate.high / _HUNDRED
    if shares[0] <= 0 or now.low < 0:
        return None
    with localcontext(prec=28):
        return Interval(now.low / shares[1], now.high / shares[0])


@lru_cache(maxsize=65536)
def _stated(value: str, text: str) -> Interval | None:
    numbers = list(_ARABIC.finditer(fold(text)))
    if len(numbers) != 1:
        return None
    written = Decimal(numbers[0][0].replace(",", ""))
    try:
        amount = Decimal(value)
    except ArithmeticError:
        return None
    if not written or not amount.is_finite():
        return None
    step = abs(amount / written) * Decimal(1).scaleb(-len(numbers[0][1] or ""))
    return Interval(amount - step / 2, amount + step) if amount > 0 else Interval(amount - step, amount + step / 2)


def _short(amount: Decimal) -> str:
    digits = f"{amount:.6g}"
    return f"{Decimal(digits):f}"
