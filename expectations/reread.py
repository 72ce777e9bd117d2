"""A figure's text read a second time, by a few lines that share nothing with the engine.

What cannot be read for certain (数十亿元, 三四十家) is no fault; a number that nobody would write is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from expectations.numerals import NUMBER, fold, is_malformed, read_number, split_scale
from models.catalogue import units
from models.vocabulary import Kind

_SMALL_COINS = {"美分": "USD", "欧分": "EUR", "便士": "GBP", "港仙": "HKD", "澳分": "AUD"}
_SPOKEN_UNITS = {
    "块": "CNY",
    "块钱": "CNY",
    "个点": "点",
    "pct": "pp",
    "个pct": "pp",
    "％": "%",
    "个BP": "bp",
    "个bp": "bp",
}
_FRACTIONS = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}
_TENTH = "成"
_TIMES = "倍"
_EACH = ("每", "/", "EPS", "单位", "单价")
_VAGUE = re.compile(r"[多余来几](?=\D)|(?:左右|上下|出头|及?以[上下内]|之[间内多]|不到|[多余许])+$")
_UNIT = r"[^\d/\-—–―─~～∼至到或、，,零〇一二两三四五六七八九]+[一二三四五六七八九]?(?:/[^\-—–―─~～∼至到或]+)?"
_QUANTITY = re.compile(rf"(?P<sign>[-+负])?(?P<whole>[百千万]分之)?(?P<number>{NUMBER})(?P<unit>{_UNIT})?")
_DOUBLED = re.compile(r"翻了?(?P<times>[一二两三四\d])?番")
_CONNECTOR = re.compile(r"[-—–―─~～∼至到或]+")
_LIST_TAIL = re.compile(
    rf"(?P<members>(?:(?:[/、,，;；和及与或至到~～—–-]|以及)+[-+]?{NUMBER})+)"
    r"(?P<unit>%|个?百分点|个?基点|[^\d\W]{1,4}(?:/\w{1,4})?)?"
)
# 三至五百家 may begin at three or at three hundred.
_OPEN_SCALE = re.compile(r"[一二两三四五六七八九].*[十百千]")
_PER = re.compile(r"(?<=.)每")
_NEAR_TO = re.compile(r"[至到为是达][^，。；、]{0,12}$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Amounts as written, one or the two ends of a range, signed by their own sign alone.

    `unit` is None where the text leaves it out.
    """

    amounts: tuple[Decimal, ...]
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    sign: int
    number: str
    unit: str | None
    factor: Decimal


@lru_cache(maxsize=65536)
def read_quantity(text: str) -> Quantity | None:
    """Read a figure's text alone; None where it cannot be read for certain.

    >>> read_quantity("2亿元-2.3亿元")
    Quantity(amounts=(Decimal('200000000'), Decimal('230000000.0')), unit='CNY')
    >>> read_quantity("三成五"), read_quantity("数十亿元")
    (Quantity(amounts=(Decimal('35.0'),), unit='%'), None)
    """
    folded = _VAGUE.sub("", fold(text))
    if doubled := _DOUBLED.fullmatch(folded):
        times = read_number(doubled["times"] or "一")
        return None if times is None else Quantity(((2 ** int(times) - 1) * Decimal(100),), "%")
    part = _read_part(folded)
    if part is not None and (alone := _amount(part, "")) is not None:
        return Quantity((alone,), part.unit)
    return next((found for found in _ranges(folded) if found is not None), None)


def disagreement(
    text: str, kind: str, stored: tuple[Decimal, ...], unit: str, around: tuple[str, str, str]
) -> str | None:
    """Say what the text reads as where that is not what is stored; None where they agree.

    `stored` is the value, or the low and high of a range. `around` is the sentence before the figure, the
    sentence after it, and the words in which a unit may stand that the figure's own text leaves out. Amounts
    are compared by size alone: `expectations.direction` judges their signs.

    >>> disagreement("655.58亿元", "level", (Decimal("655580000"),), "CNY", ("", "", ""))
    '65558000000 CNY'
    """
    folded = fold(text)
    if is_malformed(folded):
        return "no number that can be read"
    quantity = read_quantity(text)
    if quantity is None:
        return None
    readings = list(_readings(quantity, folded, kind, around))
    sizes = sorted(abs(amount) for amount in stored)
    for amounts, read_unit in readings:
        if sorted(abs(amount) for amount in amounts) == sizes and _same_unit(read_unit, unit, around[2]):
            return None
    amounts, read_unit = readings[0]
    return f"{' … '.join(f'{amount.normalize():f}' for amount in amounts)} {read_unit or ''}".rstrip()


def _readings(
    quantity: Quantity, folded: str, kind: str, around: tuple[str, str, str]
) -> Iterator[tuple[tuple[Decimal, ...], str | None]]:
    """Give all that the quantity may stand for where it stands."""
    before, after, _ = around
    if quantity.unit == "x" and kind == Kind.CHANGE_RATE:
        hundred = Decimal(100)
        if _NEAR_TO.search(before):
            yield tuple((amount - 1) * hundred for amount in quantity.amounts), "%"
        yield tuple(amount * hundred for amount in quantity.amounts), "%"
        return
    yield quantity.amounts, quantity.unit
    if quantity.unit in (None, "个") and len(quantity.amounts) == 1:
        found = _list_readings(quantity.amounts[0], folded, after)
        # 0.5个和0.3个百分点: what is counted in 个 is points, or nothing else than 个.
        yield from (reading for reading in found if quantity.unit is None or reading[1] in ("pp", "bp"))


def _list_readings(amount: Decimal, folded: str, after: str) -> Iterator[tuple[tuple[Decimal, ...], str | None]]:
    """Give what a list member without a unit has from the last member: 236/333亿元, 27.11、66.42亿元."""
    tail = _LIST_TAIL.match(fold(after[:200]))
    if tail is None:
        return
    last = re.search(rf"{NUMBER}$", tail["members"])
    _, scale = split_scale(last[0] if last else "")
    unit, factor = _unit(tail["unit"] or "")
    shared = read_number(scale) if scale and folded[-1:].isdigit() else Decimal(1)
    if shared is not None:
        yield (amount * shared * factor,), unit


def _read_part(folded: str) -> _Part | None:
    match = _QUANTITY.fullmatch(folded)
    if match is None:
        return None
    unit, factor = _unit(match["unit"] or "")
    number = match["number"]
    if match["whole"]:
        unit, factor = ("%", _FRACTIONS[match["whole"]]) if not match["unit"] else ("?", Decimal(1))
    elif (match["unit"] or "").startswith(_TENTH):
        return _tenths(match["sign"], number, match["unit"])
    if unit is not None and (unit == "?" or unit.startswith("分之") or unit.endswith("半")):
        return None
    return _Part(-1 if match["sign"] in ("-", "负") else 1, number, unit, factor)


def _tenths(sign: str | None, number: str, unit: str) -> _Part | None:
    """Read 三成 and 三成五 as parts of a hundred."""
    rest = read_number(unit[1:]) if len(unit) == 2 else Decimal(0)
    whole = read_number(number)
    if rest is None or whole is None or len(unit) > 2:
        return None
    return _Part(-1 if sign in ("-", "负") else 1, str(whole + rest / 10), "%", Decimal(10))


def _unit(words: str) -> tuple[str | None, Decimal]:
    """Give the canonical unit of these words and what one of it is in that unit: 美分 is USD, 0.01."""
    one, hundredth = Decimal(1), Decimal("0.01")
    if not words:
        return None, one
    if words in _SMALL_COINS:
        return _SMALL_COINS[words], hundredth
    if words == "‰":
        return "%", Decimal("0.1")
    above, per, below = _PER.sub("/", words, count=1).partition("/")
    if per:
        numerator, factor = _unit(above)
        return f"{numerator}/{below}", factor
    names = _unit_names()
    return names.get(words) or names.get(words.removeprefix("元")) or words, one


@lru_cache(maxsize=1)
def _unit_names() -> dict[str, str]:
    names = {name: unit.code for unit in units().values() for name in (unit.name, *unit.aliases)}
    return names | _SPOKEN_UNITS


def _amount(part: _Part, scale: str) -> Decimal | None:
    value = read_number(part.number + scale)
    return None if value is None else part.sign * value * part.factor


def _ranges(folded: str) -> Iterator[Quantity | None]:
    """Try each place where the text may part into the two ends of a range."""
    for connector in _CONNECTOR.finditer(folded, 1):
        if connector.end() < len(folded):
            yield _range(folded[: connector.start()], folded[connector.start() :].lstrip(connector[0][0]))
            yield _range(folded[: connector.start()], folded[connector.end() :])


def _range(first: str, second: str) -> Quantity | None:
    """Read the two ends; the first takes the scale and unit of the second where it has none of its own."""
    if first.startswith(tuple(_FRACTIONS)) and not second.startswith(tuple(_FRACTIONS)):
        second = first[:3] + second
    low, high = _read_part(first), _read_part(second)
    if low is None or high is None or (low.unit and low.unit != high.unit):
        return None
    shares = not low.unit and not split_scale(low.number)[1]
    if shares and _OPEN_SCALE.fullmatch(high.number):
        return None
    left = _amount(_Part(low.sign, low.number, high.unit, high.factor), split_scale(high.number)[1] if shares else "")
    right = _amount(high, "")
    return None if left is None or right is None else Quantity((left, right), high.unit)


def _same_unit(read: str | None, stored: str, nearby: str) -> bool:
    """Give True where the stored unit is the one read, or says what the words nearby leave no doubt about."""
    if read is None or read in (stored, _unit_names().get(stored)) or (read == "点" and stored == "pp"):
        return True
    if stored.startswith(f"{read}/"):
        return stored.partition("/")[2] in nearby or any(word in nearby for word in _EACH)
    known = units().get(stored)
    if read == "CNY" and known is not None and known.dimension == "money":
        return any(name in nearby for name in (known.name, *known.aliases))
    return read not in units() and "/" not in read and read.startswith(stored)
