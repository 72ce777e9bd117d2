"""The ledger: each number of the text once, with its one role."""

from models.values import Number
from models.vocabulary import Role
from tasks.engine.grammar.reader import Reader
from tasks.engine.grammar.tokens import Tokens

_DIGITLESS = frozenset({Role.DATE, Role.IDIOM})


def ledger(tokens: Tokens, reader: Reader) -> list[Number]:
    """Give the numbers in text order; a number that no rule speaks of is `unread`."""
    text = tokens.text
    found: list[Number] = []
    for draft in reader.drafts:
        found.append(_number(text, draft.quantity.start, draft.quantity.end, Role.FIGURE, None))
    for refused in reader.refused:
        found.append(_number(text, refused.quantity.start, refused.quantity.end, Role.UNREAD, refused.reason))
    for quantity, role, reason in tokens.others:
        found.append(_number(text, quantity.start, quantity.end, role, reason))
    for time in tokens.times:
        if any(c.isdigit() for c in text[time.start : time.end]) or time.role not in _DIGITLESS:
            reason = "a date that does not exist" if time.role is Role.MALFORMED else None
            found.append(_number(text, time.start, time.end, time.role, reason))
    found += [_number(text, bad.start, bad.end, Role.MALFORMED, bad.reason) for bad in tokens.malformed]
    found += [_number(text, start, end, Role.NAME, None) for start, end in tokens.names]
    found += [_number(text, start, end, Role.CODE, None) for start, end in tokens.codes]
    found += [_number(text, start, end, Role.QUOTE, None) for start, end in tokens.widgets]
    return sorted(found, key=lambda number: number.start)


def _number(text: str, start: int, end: int, role: Role, reason: str | None) -> Number:
    return Number(start, end, text[start:end], role, reason)
