"""The ledger: each number of the text once, with its one role."""

import re
from collections.abc import Iterator
from operator import itemgetter

from models.values import Number
from models.vocabulary import Role
from tasks.engine.grammar.quantities import UNTOLD
from tasks.engine.grammar.reader import Reader
from tasks.engine.grammar.roles import in_word, role_of_name, role_of_time
from tasks.engine.grammar.tokens import Tokens

# Where a number stands, its role, and the reason where it is unread or malformed.
_Entry = tuple[int, int, Role, str | None]

# A date is a number where it is written with one: 一季度 and 11月, but not 去年.
_NUMERAL = re.compile(r"[0-9〇零一二两三四五六七八九十]")
# To begin with one set of characters makes a search fast.
_DIGITS = re.compile(r"[0-9][0-9]*")
_MARKS = re.compile(r"[①-⑳⑴-⒇㈠-㈩]")
_IN_WORDS = frozenset({"chinese", UNTOLD})
_IN_PARTS = frozenset({Role.SCORE, Role.TIME, Role.CODE, Role.UNREAD})
_JOINTS = frozenset({":", "：", "比", "/", "-", "~", "—", "－", "―"})
_START = itemgetter(0)
_NO_DAY = "a date that does not exist"
_ROW = "one of a long row of numbers without words"
_UNSPOKEN = "no rule speaks of this number"
_IN_BRACKETS = "a number in brackets that states nothing of its own"


def ledger(tokens: Tokens, reader: Reader) -> list[Number]:
    """Give the numbers in text order, none over another; a number that no rule speaks of is `unread`.

    Every run of digits lies in exactly one number, and circled numbers are enumerations.
    """
    text = tokens.text
    figure = Role.FIGURE
    figures = [(draft.quantity.start, draft.quantity.end, figure, None) for draft in reader.drafts]
    taken = bytearray(len(text))
    numbers: list[_Entry] = []
    for source in (figures, _others(tokens, reader), _rest(tokens)):
        for entry in source:
            start, end = entry[0], entry[1]
            # Of two that overlap, the first that is given stays.
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\x01" * (end - start)
                numbers.append(entry)
    numbers.sort(key=_START)
    return [Number(start, end, text[start:end], role, reason) for start, end, role, reason in _joined(text, numbers)]


def _joined(text: str, numbers: list[_Entry]) -> list[_Entry]:
    """Make one number of the parts of a score, a clock time or a fraction: 50:50, 14：30, 1/3."""
    joined: list[_Entry] = []
    for number in numbers:
        last = joined[-1] if joined else None
        if last and number[2] in _IN_PARTS and _is_part(last, number) and text[last[1] : number[0]] in _JOINTS:
            joined[-1] = (last[0], *number[1:])
        else:
            joined.append(number)
    return joined


def _is_part(last: _Entry, number: _Entry) -> bool:
    return last[2:] == number[2:]


def _others(tokens: Tokens, reader: Reader) -> Iterator[_Entry]:
    """Give the numbers that are no figure and that a pass spoke of."""
    text = tokens.text
    for start, end in tokens.widgets:
        yield start, end, Role.QUOTE, None
    for start, end in tokens.rows:
        yield start, end, Role.UNREAD, _ROW
    yield from _times(tokens)
    for start, end in tokens.codes:
        yield start, end, Role.CODE, None
    for start, end in tokens.names:
        if _DIGITS.search(text, start, end):
            yield start, end, *role_of_name(text, start, end)
    for bad in tokens.malformed:
        yield bad.start, bad.end, Role.MALFORMED, bad.reason
    for quantity, role, reason in tokens.others:
        if quantity.written not in _IN_WORDS or not in_word(text, quantity.start, quantity.end):
            yield quantity.start, quantity.end, role, reason
    for refused in reader.refused:
        yield refused.quantity.start, refused.quantity.end, Role.UNREAD, refused.reason


def _times(tokens: Tokens) -> Iterator[_Entry]:
    text = tokens.text
    malformed, date = Role.MALFORMED, Role.DATE
    for time in tokens.times:
        if time.role is malformed:
            yield time.start, time.end, time.role, _NO_DAY
        elif time.role is not date or _NUMERAL.search(text, time.start, time.end):
            yield time.start, time.end, *role_of_time(text, time.start, time.end, time.role)


def _rest(tokens: Tokens) -> Iterator[_Entry]:
    """Give what no pass spoke of: quantities of a bracket that was folded, circled numbers, digits."""
    enumeration, unread = Role.ENUMERATION, Role.UNREAD
    for quantity in tokens.quantities:
        yield quantity.start, quantity.end, unread, _IN_BRACKETS
    for match in _MARKS.finditer(tokens.text):
        yield *match.span(), enumeration, None
    for match in _DIGITS.finditer(tokens.text):
        yield *match.span(), unread, _UNSPOKEN
