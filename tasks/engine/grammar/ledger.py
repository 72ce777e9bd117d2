"""The ledger: each number of the text once, with its one role."""

import re
from collections.abc import Iterator

from models.values import Number
from models.vocabulary import Role
from tasks.engine.grammar.quantities import UNTOLD, Quantity
from tasks.engine.grammar.reader import Reader
from tasks.engine.grammar.roles import in_word, role_of_name, role_of_time
from tasks.engine.grammar.tokens import Tokens

# A date is a number where it is written with one: 一季度 and 11月, but not 去年.
_NUMERAL = re.compile(r"[0-9〇零一二两三四五六七八九十]")
_DIGITS = re.compile(r"[0-9]+")
_MARKS = re.compile(r"[①-⑳⑴-⒇㈠-㈩]")
_IN_WORDS = frozenset({"chinese", UNTOLD})
_IN_PARTS = frozenset({Role.SCORE, Role.TIME, Role.CODE, Role.UNREAD})
_JOINTS = frozenset({":", "：", "比", "/", "-", "~", "—", "－", "―"})
_NO_DAY = "a date that does not exist"
_UNSPOKEN = "no rule speaks of this number"
_IN_BRACKETS = "a number in brackets that states nothing of its own"


def ledger(tokens: Tokens, reader: Reader) -> list[Number]:
    """Give the numbers in text order, none over another; a number that no rule speaks of is `unread`.

    Every run of digits lies in exactly one number, and circled numbers are enumerations.
    """
    text = tokens.text
    numbers = [_number(text, d.quantity.start, d.quantity.end, Role.FIGURE) for d in reader.drafts]
    free = _Free(len(text), numbers)
    for number in _others(tokens, reader):
        if free.take(number):
            numbers.append(number)
    return _joined(text, sorted(numbers, key=lambda number: number.start))


def _joined(text: str, numbers: list[Number]) -> list[Number]:
    """Make one number of the parts of a score, a clock time or a fraction: 50:50, 14：30, 1/3."""
    joined: list[Number] = []
    for number in numbers:
        last = joined[-1] if joined else None
        if last and _is_part(last, number) and text[last.end : number.start] in _JOINTS:
            joined[-1] = _number(text, last.start, number.end, last.role, last.reason)
        else:
            joined.append(number)
    return joined


def _is_part(last: Number, number: Number) -> bool:
    return last.role in _IN_PARTS and (last.role, last.reason) == (number.role, number.reason)


class _Free:
    """The characters of the text that no number has taken yet."""

    def __init__(self, size: int, taken: list[Number]) -> None:
        self._taken = bytearray(size)
        for number in taken:
            self.take(number)

    def take(self, number: Number) -> bool:
        """Take the characters of a number, or tell that another has one of them."""
        start, end = number.start, number.end
        if self._taken.find(1, start, end) >= 0:
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        return True


def _others(tokens: Tokens, reader: Reader) -> Iterator[Number]:
    """Give the numbers that are no figure; of two that overlap, the first that is given stays."""
    text = tokens.text
    for start, end in tokens.widgets:
        yield _number(text, start, end, Role.QUOTE)
    yield from _times(tokens)
    for start, end in tokens.codes:
        yield _number(text, start, end, Role.CODE)
    for start, end in tokens.names:
        if _DIGITS.search(text, start, end):
            yield _number(text, start, end, *role_of_name(text, start, end))
    for bad in tokens.malformed:
        yield _number(text, bad.start, bad.end, Role.MALFORMED, bad.reason)
    for quantity, role, reason in tokens.others:
        if quantity.written not in _IN_WORDS or not in_word(text, quantity.start, quantity.end):
            yield _number(text, quantity.start, quantity.end, role, reason)
    for refused in reader.refused:
        yield _of(text, refused.quantity, refused.reason)
    for quantity in tokens.quantities:
        yield _of(text, quantity, _IN_BRACKETS)
    yield from _marks(text)


def _times(tokens: Tokens) -> Iterator[Number]:
    text = tokens.text
    for time in tokens.times:
        if time.role is Role.MALFORMED:
            yield _number(text, time.start, time.end, time.role, _NO_DAY)
        elif time.role is not Role.DATE or _NUMERAL.search(text, time.start, time.end):
            yield _number(text, time.start, time.end, *role_of_time(text, time.start, time.end, time.role))


def _marks(text: str) -> Iterator[Number]:
    """Give circled numbers, and the digits that nothing has taken."""
    for match in _MARKS.finditer(text):
        yield _number(text, *match.span(), Role.ENUMERATION)
    for match in _DIGITS.finditer(text):
        yield _number(text, *match.span(), Role.UNREAD, _UNSPOKEN)


def _of(text: str, quantity: Quantity, reason: str) -> Number:
    return _number(text, quantity.start, quantity.end, Role.UNREAD, reason)


def _number(text: str, start: int, end: int, role: Role, reason: str | None = None) -> Number:
    return Number(start, end, text[start:end], role, reason)
