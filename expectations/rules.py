"""What an expectation is: a rule over one row or over the rows of a group, with its reason and examples beside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

Row = Mapping[str, Any]
ALL = pl.lit(value=True)
Fault = Callable[[Row], str | None]


class Finding(NamedTuple):
    """What is wrong with a row, and the info code of the other article that says otherwise, where one does."""

    words: str
    other: str | None = None


# Which rows of a group are at fault, by their places in it, and what is wrong with each.
GroupFaults = Callable[[Sequence[Row]], Iterable[tuple[int, str | Finding]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of one suite, over each row by itself.

    `fault` gets the cells of a row by column, an empty cell as None, and gives words for what is wrong
    ("下降 beside a rise: 15") or None. `allowed` says in a few words what is right; `why` is the sentence
    that the user reads. `accepts` is a row that passes, with just the columns that the rule looks at;
    `rejects` holds what is changed in it so that it fails. A test runs both. `suspect` is true, or empty, for
    each row that can fail at all (see `expectations.suspects`); without one the rule is asked of all. What a
    fault leads to stands in `thresholds.toml`.
    """

    name: str
    fault: Fault
    allowed: str
    why: str
    accepts: Row
    rejects: Row
    suspect: pl.Expr = field(default=ALL, compare=False, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that the rule looks at."""
        return tuple(self.accepts)


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One expectation over all rows that have the same in the column `group`: what they say must agree.

    `faults` gets the rows of one group in text order. `accepts` is a group that passes, `rejects` one in which
    a row fails; all their rows have the same columns, `group` among them. Of a group that can fail at all some row
    is `suspect`.
    """

    name: str
    group: str
    faults: GroupFaults
    allowed: str
    why: str
    accepts: tuple[Row, ...]
    rejects: tuple[Row, ...]
    suspect: pl.Expr = field(default=ALL, compare=False, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that the rule looks at."""
        return tuple(self.accepts[0])


AnyRule = Rule | GroupRule


def known_word(column: str, words: Iterable[str], *, nullable: bool = False) -> Fault:
    """Make the fault of a column with a closed vocabulary.

    >>> known_word("kind", ["level", "change_rate"])({"kind": "rate"})
    "'rate'"
    """
    known = frozenset(str(word) for word in words)

    def fault(row: Row) -> str | None:
        word = row[column]
        return None if word in known or (nullable and word is None) else _shown(word)

    return fault


def not_blank(column: str) -> Fault:
    """Make the fault of a text column that must hold something."""

    def fault(row: Row) -> str | None:
        words = row[column]
        return None if words is not None and words.strip() else _shown(words)

    return fault


def misplaced(row: Row) -> str | None:
    """Give the fault of offsets that do not lead to the text; `written` is what the article has there.

    >>> misplaced({"text": "5亿元", "written": "交5亿", "start": 1, "end": 4})
    "the article has '交5亿' there"
    """
    start, end, text, written = row["start"], row["end"], row["text"], row["written"]
    if start is None or end is None or not 0 <= start < end:
        return f"characters {start} to {end}"
    if written is None:
        return "no such article in the batch"
    return None if written == text else f"the article has {written!r} there"


def overlapping(row: Row) -> str | None:
    """Give the fault of a span that begins inside another; `previous_end` is where those before it end.

    >>> overlapping({"start": 10, "previous_end": 11})
    'begins at 10, before 11 where another ends'
    """
    previous, start = row["previous_end"], row["start"]
    if previous is None or start is None or start >= previous:
        return None
    return f"begins at {start}, before {previous} where another ends"


def _shown(word: object) -> str:
    return "nothing" if word is None else repr(word)
