"""Plain lines for a person at a terminal, from the standard library alone, so that a command starts fast."""

import re
import sys
from datetime import date
from functools import cache

from models.errors import SettingsError

EXIT_CANNOT, EXIT_INTERRUPTED = 2, 130

# What a terminal would obey or reorder instead of showing it; line feeds and tabs stay.
_COMMANDING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def printable(words: str) -> str:
    """Give `words` with everything that could command the terminal, and lone surrogates, replaced by "�".

    >>> printable("营收\\x1b[31m增长")
    '营收�[31m增长'
    """
    return _COMMANDING.sub("�", words)


def counted(count: int, thing: str) -> str:
    """Give a count and its thing, in the plural where there are more: "1 figure", "1,200 figures"."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def complain(words: object) -> None:
    """Write one error or remark to standard error."""
    print(printable(str(words)), file=sys.stderr, flush=True)


@cache
def say_interrupted() -> None:
    """Say that the command was interrupted, once: who waits for its end in vain may have said so before."""
    complain("interrupted; what was published before stands as it was")


def read_day(written: str, name: str = "the date") -> date:
    """Read a day in the one form YYYY-MM-DD.

    >>> read_day("2022-04-18")
    datetime.date(2022, 4, 18)

    Raises `SettingsError` for every other form, and for days that no calendar has.
    """
    if _DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    raise SettingsError(f"{name} is {written!r}, which is no day", "write it as YYYY-MM-DD, such as 2022-04-18")
